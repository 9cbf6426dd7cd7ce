#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The server goes away and comes back: everything stays readable, what is sent waits, and goes out once and in order."""

import re
import signal

from ahoydriver import WindowTest, main

RECONNECTING = re.compile("Reconnecting")


class Lost(WindowTest):
    def kill(self, server):
        """Without a goodbye. Its cleanup must not expect one."""
        server.kill()
        server.stop = lambda: 0

    def start_again(self, server):
        return self.start_server("--data-dir", server.command[server.command.index("--data-dir") + 1], port=server.tcp)

    def test_what_is_sent_waits_and_goes_out_after_the_reconnect(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        alice.send("before")
        alice.wait_message("alice", "before")
        self.kill(server)
        alice.wait_text(RECONNECTING)
        alice.wait_message("alice", "before")  # still readable
        for text in ("first", "second 你好", "third"):
            alice.send(text)
            row = alice.wait_message("alice", text)
            self.assertIn("Waiting", row.labels())
        alice.process.signal(signal.SIGSTOP)  # or she might be back before the listener is there
        server = self.start_again(server)
        listener = self.log_in(server, "listener")
        alice.process.signal(signal.SIGCONT)
        frames = []
        while frames[-1:] != [(b"4", b"alice: third")]:
            frames.append(listener.read_frame())
        said = [body.decode() for kind, body in frames if kind == b"4"]
        self.assertEqual(said, ["alice: first", "alice: second 你好", "alice: third"])
        alice.wait_text_gone(RECONNECTING)
        for text in ("first", "second 你好", "third"):
            alice.until(lambda: "Waiting" not in alice.wait_message("alice", text).labels(), f"{text!r} sent")
        listener.say("good to see you")
        alice.wait_message("listener", "good to see you")

    def test_a_whisper_is_for_its_person_alone(self):
        """Who shows neither a key nor a secret must be there for it."""
        server = self.start_server()
        bob = self.log_in(server, "bob")
        alice = self.open_window("alice").connect()
        bob.expect_frame("2", "alice")
        alice.wait_people("Everyone", "bob, online")
        alice.talk_to("bob")
        alice.send("before")
        bob.expect_chat("[whisper] alice to bob: before")
        self.kill(server)
        alice.wait_text(RECONNECTING)
        alice.send("for bob only")
        alice.process.signal(signal.SIGSTOP)  # or she might be back before he is
        server = self.start_again(server)
        bob = self.log_in(server, "bob")
        carol = self.log_in(server, "carol")
        alice.process.signal(signal.SIGCONT)
        frames = []
        while frames[-1:] != [(b"4", b"[whisper] alice to bob: for bob only")]:
            frames.append(bob.read_frame())
        bob.say("got it")
        while (seen := carol.read_frame()) != (b"4", b"bob: got it"):
            self.assertNotEqual(seen[0], b"4")

    def test_an_orderly_end_is_lost_too(self):
        server = self.start_server()
        alice = self.open_window("alice").connect()
        server.stop()
        alice.wait_text(RECONNECTING)
        self.assertTrue(alice.find("text", "Message", visible=True), "typing is still possible")
        self.start_again(server)
        alice.wait_text_gone(RECONNECTING)
        alice.send("here again")
        alice.wait_message("alice", "here again")

    def test_disconnect_while_reconnecting(self):
        server = self.start_server()
        alice = self.open_window("alice").connect()
        self.kill(server)
        alice.wait_text(RECONNECTING)
        alice.disconnect()
        server = self.start_again(server)
        bob = self.log_in(server, "bob")
        alice.connect()
        bob.expect_frame("2", "alice")


if __name__ == "__main__":
    main()
