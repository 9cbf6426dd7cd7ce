#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Whispers to people who are away wait for them, when a secret or a key holds their name. PROTOCOL.md, "Whispers to people who are away"."""

import signal
import socket
import time

from ahoytest import SystemTest, frame, main

HERE = "what is held comes before this"
# Seconds that a server that closes a connection waits for its peer to take the rest. PROTOCOL.md, "Connections".
LINGER = 2


class Held(SystemTest):
    """bob and cora have been here and have left: bob speaks extended and has a secret, cora classic over TLS with a certificate. alice speaks
    extended; dave classic, and has neither."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.key = self.make_identity("classic")
        self.alice = self.enter(self.server, "alice")
        self.id = self.alice.arrival.welcome["id"]
        self.visit("bob")
        self.classic_visit("cora")
        self.dave = self.log_in(self.server, "dave")
        self.alice.expect_packet("2", "dave")

    def visit(self, name, receipt=False, **options):
        person = self.enter(self.server, name, **options)
        if receipt and person.arrival.replay:
            person.receipt(person.arrival.replay[-1].id, "delivered")
            person.barrier()
        person.close()
        self.alice.wait_for("3", name)
        person.arrival.replay = [message for message in person.arrival.replay if message.body != HERE]
        return person.arrival

    def classic_visit(self, name):
        """The lines that came after the roster, to somebody with a key."""
        person = self.connect(self.server, tls=self.key)
        person.log_in(name)
        person.say(HERE)
        lines = []
        while (line := person.read_frame()[1].decode()) != f"{name}: {HERE}":
            lines.append(line)
        person.close()
        self.alice.wait_for("3", name)
        return lines

    def whisper(self, to, text):
        cid = self.alice.whisper(to, text)
        return self.alice.wait_for("4", text, cid=cid)

    def restart(self):
        self.kill(self.server)
        self.server = self.start_again(self.server)
        self.alice = self.enter(self.server, "alice")

    def test_extended_to_extended(self):
        for i in range(3):
            echo = self.whisper("BOB", f"{i}")
            self.assertEqual(echo["to"], "bob")
        arrival = self.visit("bob", receipt=True)
        self.assertEqual(arrival.texts(), ["0", "1", "2"])
        self.assertTrue(all((message["from"], message["to"]) == ("alice", "bob") for message in arrival.replay))
        self.assertEqual(self.visit("bob").texts(), [])
        self.whisper("bob", "3")
        self.assertEqual(self.visit("bob", receipt=True).texts(), ["3"])
        self.assertEqual(self.visit("bob").texts(), [])

    def test_until_they_say_that_they_have_it(self):
        """The connection may have broken before it arrived."""
        self.whisper("bob", "are you there?")
        for _ in range(3):
            self.assertEqual(self.visit("bob").texts(), ["are you there?"])
        self.visit("bob", receipt=True)
        self.assertEqual(self.visit("bob").texts(), [])

    def test_with_since_everything_comes_once(self):
        self.alice.say("one")
        one = self.alice.wait_for("4", "one")
        self.whisper("bob", "two")
        self.alice.say("three")
        three = self.alice.wait_for("4", "three")
        self.assertEqual(self.visit("bob", since=0, since_server=self.id).texts(), ["one", "two", "three"])
        self.assertEqual(self.visit("bob", since=one.id, since_server=self.id).texts(), ["two", "three"])
        self.assertEqual(self.visit("bob", since=three.id, since_server=self.id, receipt=True).texts(), [])

    def test_across_a_crash(self):
        self.whisper("bob", "bob's")
        self.whisper("cora", "cora's")
        self.restart()
        self.assertEqual(self.visit("bob", receipt=True).texts(), ["bob's"])
        self.assertEqual(self.classic_visit("cora"), ["[whisper] alice to cora: cora's"])
        self.whisper("alice", "so that both marks are in the log")
        self.restart()
        self.assertEqual(self.visit("bob").texts(), [])
        self.assertEqual(self.classic_visit("cora"), [])

    def test_to_a_classic_peer(self):
        for i in range(3):
            self.whisper("cora", f"{i}")
        self.alice.say("not held for anybody")
        self.alice.wait_for("4", "not held for anybody")
        self.assertEqual(self.classic_visit("cora"), [f"[whisper] alice to cora: {i}" for i in range(3)])
        self.assertEqual(self.classic_visit("cora"), [])

    def test_to_a_classic_peer_who_comes_back_extended(self):
        self.whisper("cora", "0")
        self.assertEqual(self.visit("cora", receipt=True, tls=self.key).texts(), ["0"])
        self.assertEqual(self.classic_visit("cora"), [])

    def test_what_a_classic_peer_got_live_is_not_held(self):
        cora = self.connect(self.server, tls=self.key)
        cora.log_in("cora")
        self.whisper("cora", "live")
        cora.expect_chat("[whisper] alice to cora: live")
        cora.close()
        self.alice.wait_for("3", "cora")
        self.assertEqual(self.classic_visit("cora"), [])

    def test_nothing_waits_for_a_classic_program_without_a_key(self):
        """It cannot be known who comes back under its name."""
        repeated = self.alice.whisper("dave", "live")
        echo = self.alice.wait_for("4", "live", cid=repeated)
        self.dave.expect_chat("[whisper] alice to dave: live")
        frank = self.log_in(self.server, "frank")
        self.alice.wait_for("2", "frank")
        self.dave.close()
        self.alice.wait_for("3", "dave")
        frank.expect(frame("3", "dave"))
        for _ in range(2):
            cid = self.alice.whisper("dave", "not kept")
            self.assertIn("dave", self.alice.expect_error("not-here", cid=cid).body)
            frank.whisper("dave", "not kept")
            self.assertIn("dave is not here", frank.expect_notice())
            # What was stored is known, to whom it does not matter.
            self.alice.whisper("dave", "live", cid=repeated)
            self.assertEqual(self.alice.expect_packet("4", "live", cid=repeated).id, echo.id)
            dave = self.log_in(self.server, "dave")
            dave.say(HERE)
            dave.expect_chat(f"dave: {HERE}")
            dave.close()
            self.alice.wait_for("3", "dave")
            frank.expect(frame("2", "dave") + frame("4", f"dave: {HERE}") + frame("3", "dave"))
        self.assertEqual(self.visit("dave", since=0, since_server=self.id).texts(), [])

    def test_what_never_reached_a_classic_program_without_a_key(self):
        deaf = self.connect(self.server, receive_buffer=4096)
        deaf.log_in("deaf")
        self.alice.expect_packet("2", "deaf")
        for number in range(100):
            self.whisper("deaf", f"{number} " + "x" * 15000)
        deaf.close()
        self.alice.wait_for("3", "deaf")
        self.assertEqual(self.classic_visit("deaf"), [])

    def test_what_never_reached_a_classic_peer_is_held(self):
        """It was sent, but the connection was as good as dead."""
        deaf = self.connect(self.server, receive_buffer=4096, tls=self.key)
        deaf.log_in("deaf")
        self.alice.expect_packet("2", "deaf")
        for number in range(200):
            self.whisper("deaf", f"{number} " + "x" * 15000)
        deaf.close()
        self.alice.wait_for("3", "deaf")
        lines = [line.split("x")[0] for line in self.classic_visit("deaf")]
        # What its computer had acknowledged is not held: the first few, at most.
        self.assertGreater(len(lines), 100)
        self.assertEqual(lines, [f"[whisper] alice to deaf: {number} " for number in range(200 - len(lines), 200)])
        self.assertEqual(self.classic_visit("deaf"), [])

    def stop_on_a_full_peer(self):
        """SIGTERM while far more is on its way to a classic peer than its computer has room for. Returns the peer, once the server has said goodbye."""
        deaf = self.connect(self.server, receive_buffer=4096, tls=self.key)
        deaf.log_in("deaf")
        self.alice.wait_for("2", "deaf")
        for number in range(30):
            self.whisper("deaf", f"{number} " + "x" * 15000)
        self.server.signal(signal.SIGTERM)
        self.alice.wait_for("N")
        return deaf

    def come_again(self):
        """What waits for the peer when the server is there again: the numbers of the whispers."""
        self.assertEqual(self.server.wait(60), 0)
        self.server = self.start_again(self.server)
        self.alice = self.enter(self.server, "alice")
        return [int(line.split(": ")[1].split()[0]) for line in self.classic_visit("deaf")]

    def test_what_a_classic_peer_takes_while_the_server_stops(self):
        for _ in range(3):
            deaf = self.stop_on_a_full_peer()
            begun = time.monotonic()
            deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            lines = [deaf.read_frame()[1] for _ in range(31)]
            deaf.expect_end()
            self.assertTrue(lines[29].startswith(b"[whisper] alice to deaf: 29 "))
            self.assertTrue(lines[30].startswith(b"* "))
            deaf.close()
            in_time = time.monotonic() - begun < LINGER
            again = self.come_again()
            # Where this machine slept, the server may have given up before all had arrived.
            self.assertEqual(again, [] if in_time else list(range(30))[30 - len(again):])
            if in_time:
                break

    def test_what_a_classic_peer_leaves_when_the_server_stops(self):
        deaf = self.stop_on_a_full_peer()
        again = self.come_again()
        deaf.close()
        self.assertGreater(len(again), 10)
        self.assertEqual(again, list(range(30 - len(again), 30)))
        self.assertEqual(self.classic_visit("deaf"), [])

    def test_from_a_classic_peer(self):
        self.dave.whisper("bob", "hello")
        self.assertIn("bob", self.dave.expect_notice())
        arrival = self.visit("bob", receipt=True)
        self.assertEqual([(message["from"], message.body) for message in arrival.replay], [("dave", "hello")])
        self.dave.expect(frame("2", "bob") + frame("3", "bob"))

    def test_nobody_else_gets_them(self):
        self.whisper("bob", "secret")
        self.assertEqual(self.visit("erin", since=0, since_server=self.id).texts(), [])
        self.assertEqual(self.classic_visit("frank"), [])

    def test_in_the_order_they_were_said(self):
        for i in range(400):
            if i % 2:
                self.alice.whisper("bob", f"{i}")
                self.alice.wait_for("4", f"{i}")
            else:
                self.dave.whisper("bob", f"{i}")
                self.dave.expect_notice()
        self.assertEqual(self.visit("bob").texts(), [f"{i}" for i in range(400)])

    def test_a_name_never_seen(self):
        cid = self.alice.whisper("nobody", "hello")
        self.alice.expect_error("unknown-name", cid=cid)
        self.dave.whisper("nobody", "hello")
        self.dave.expect_notice()
        self.assertEqual(self.visit("nobody").texts(), [])


if __name__ == "__main__":
    main()
