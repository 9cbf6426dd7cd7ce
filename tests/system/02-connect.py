#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""From the TCP connection to the log-in. PROTOCOL.md, "Frames" and "Classic types"."""

import threading

from ahoytest import NO_LIMITS, Refused, STX, SystemTest, frame, main


class Connect(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def test_both_address_families(self):
        for name, host in (("four", "127.0.0.1"), ("other", "127.0.0.9"), ("six", "::1")):
            with self.subTest(host=host):
                self.log_in(self.server, name, host=host).close()

    def test_the_server_waits_for_the_client_to_speak(self):
        client = self.connect(self.server)
        witness = self.log_in(self.server, "witness")
        witness.say("a whole turn of the loop")
        witness.expect_chat("witness: a whole turn of the loop")
        client.send_frame("1", "alice")
        client.expect(frame("1", "witness") + frame("1", "alice"))

    def test_only_a_log_in_counts_before_the_log_in(self):
        witness = self.log_in(self.server, "witness")
        client = self.connect(self.server)
        for kind, body in (("3", "hello"), ("2", "witness,hello"), ("9", "what"), ("4", "witness: forged"), ("0", "x")):
            with self.subTest(kind=kind):
                client.send_frame(kind, body)
                client.expect_notice()
        self.assertEqual(client.log_in("alice"), ["witness"])
        witness.expect_frame("2", "alice")  # and nothing before it

    def test_a_frame_byte_by_byte(self):
        witness = self.log_in(self.server, "witness")
        client = self.connect(self.server)
        client.send_bytewise(frame("1", "björn 🦊") + frame("3", "héllo 你好"))
        client.expect(frame("1", "witness") + frame("1", "björn 🦊") + frame("4", "björn 🦊: héllo 你好"))
        witness.expect(frame("2", "björn 🦊") + frame("4", "björn 🦊: héllo 你好"))

    def test_a_thousand_frames_in_one_write(self):
        witness = self.log_in(self.server, "witness")
        client = self.connect(self.server)
        client.send(frame("1", "alice") + b"".join(frame("3", f"line {i}") for i in range(1000)))
        client.expect(frame("1", "witness") + frame("1", "alice"))
        witness.expect_frame("2", "alice")
        echo = b"".join(frame("4", f"alice: line {i}") for i in range(1000))
        client.expect(echo)
        witness.expect(echo)

    def test_nul_cr_and_lf_between_frames_are_skipped(self):
        client = self.connect(self.server)
        client.send(b"\0\r\n" + frame("1", "alice") + b"\0" + frame("3", "one") + b"\r\n\r\n\0\0" + frame("3", "two") + b"\n" * 70000)
        client.send(frame("3", "three"))
        client.expect(frame("1", "alice") + frame("4", "alice: one") + frame("4", "alice: two") + frame("4", "alice: three"))

    def test_a_heading_from_a_classic_peer_is_tolerated(self):
        client = self.connect(self.server)
        client.send_frame("1", "alice", heading="agent=old/0.9\x1fcolor=blue")
        client.expect_frame("1", "alice")
        client.send_frame("3", "hello", heading="x=y")
        client.expect_chat("alice: hello")
        client.send_frame("3", "bare", heading="")
        client.expect_chat("alice: bare")

    def test_unknown_types_are_ignored(self):
        client = self.log_in(self.server, "alice")
        for kind in "05789~!AQTHPZ{":
            client.send_frame(kind, "what is this")
        client.say("hello")
        client.expect_chat("alice: hello")


class Goodbyes(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.witness = self.log_in(self.server, "witness")

    def come_and_go(self, name, leave):
        client = self.log_in(self.server, name)
        self.witness.expect_frame("2", name)
        leave(client)
        self.witness.expect_frame("3", name)

    def test_closed(self):
        self.come_and_go("alice", lambda client: client.close())

    def test_reset(self):
        self.come_and_go("alice", lambda client: client.reset())

    def test_closed_in_the_middle_of_a_frame(self):
        def leave(client):
            client.send(STX + b"3never fini")
            client.close()

        self.come_and_go("alice", leave)

    def test_reset_in_the_middle_of_a_heading(self):
        def leave(client):
            client.send(b"\x01agent=")
            client.reset()

        self.come_and_go("alice", leave)

    def test_what_was_said_last_is_heard(self):
        client = self.log_in(self.server, "alice")
        self.witness.expect_frame("2", "alice")
        client.send(frame("3", "bye") + STX + b"3half")
        client.finish_sending()
        self.witness.expect(frame("4", "alice: bye") + frame("3", "alice"))

    def test_never_logged_in_is_nobody(self):
        for leave in ("close", "reset", "finish_sending"):
            client = self.connect(self.server)
            client.send(STX + b"1ali")
            getattr(client, leave)()
        self.log_in(self.server, "alice")
        self.witness.expect_frame("2", "alice")

    def test_the_name_is_free_again(self):
        for _ in range(20):
            self.come_and_go("alice", lambda client: client.reset())


class Crowd(SystemTest):
    def test_two_hundred_at_once(self):
        count = 200
        server = self.start_server(*NO_LIMITS)
        names = [f"person-{i:03}" for i in range(count)]
        clients = [self.connect(server) for _ in names]
        for name, client in zip(names, clients):
            client.send_frame("1", name)
        for name, client in zip(names, clients):
            before = client.read_roster(name)
            after = [client.read_frame() for _ in range(count - 1 - len(before))]
            self.assertEqual({kind for kind, _ in after} - {b"2"}, set())
            seen = before + [body.decode() for _, body in after]
            self.assertEqual(sorted([*seen, name]), names)
        for name, client in zip(names, clients):
            client.say("hello")
        heard = []
        for client in clients:
            heard.append([client.read_frame() for _ in names])
        self.assertEqual(sorted(heard[0]), [(b"4", f"{name}: hello".encode()) for name in names])
        for each in heard[1:]:
            self.assertEqual(each, heard[0], "everyone sees one order")

    def test_racing_for_one_name(self):
        server = self.start_server()
        clients = [self.connect(server) for _ in range(20)]
        results = []

        def race(client):
            try:
                results.append(client.log_in("highlander"))
            except Refused:
                results.append(None)

        threads = [threading.Thread(target=race, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(results), 20)
        self.assertEqual([each for each in results if each is not None], [[]], "there can be only one")

    def test_many_silent_connections_disturb_nobody(self):
        server = self.start_server()
        alice, bob = self.gather(server, "alice", "bob")
        idle = [self.connect(server) for _ in range(300)]
        for i in range(100):
            alice.say(f"{i}")
            bob.expect_chat(f"alice: {i}")
            alice.expect_chat(f"alice: {i}")
        self.assertEqual(len(idle), 300)


if __name__ == "__main__":
    main()
