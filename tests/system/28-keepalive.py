#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Ping and pong: who says nothing is asked, who does not answer is gone. PROTOCOL.md, "Keep-alive".

The times are real, so all that has to wait waits together."""

import time

from ahoytest import SystemTest, main

IDLE = 30
ANSWER = 10
# The server takes a message's time from when its loop woke up, which may be a little before it was sent.
EARLY = 1
# A busy machine.
LATE = 20


class KeepAlive(SystemTest):
    def test_pong(self):
        server = self.start_server()
        alice = self.enter(server, "alice")
        for number in (1, 0, (1 << 63) - 1, (1 << 64) - 1):
            alice.send_packet("P", n=number)
            self.assertEqual(alice.expect_packet("p").get("n", "0"), str(number))
        alice.send_packet("P")
        alice.expect_packet("p")
        alice.send_packet("p", n=7)  # nobody asked
        self.assertEqual(alice.barrier(), [])

    def test_silence(self):
        server = self.start_server()
        patient = {"deadline": IDLE + ANSWER + LATE, "answer_pings": False}
        witness = self.enter(server, "witness", **patient)
        classic = self.log_in(server, "classic")
        witness.expect_packet("2", "classic")
        answers_came = time.monotonic()
        answers = self.enter(server, "answers", **patient)
        witness.expect_packet("2", "answers")
        dead_came = time.monotonic()
        dead = self.enter(server, "dead", **patient)
        witness.expect_packet("2", "dead")
        answers.expect_packet("2", "dead")

        time.sleep(IDLE / 2)
        witness_spoke = time.monotonic()
        witness.send_packet("P", n=1)
        witness.expect_packet("p", n=1)

        # That a question comes too late is for the deadlines to tell; that it comes too early can be said to the second.
        asked = answers.expect_packet("P")
        self.assertGreater(time.monotonic() - answers_came, IDLE - EARLY)
        answers.send_packet("p", **asked.fields)
        dead.expect_packet("P")

        gone = answers.read()
        self.assertEqual((gone.kind, gone.body, gone.get("reason")), ("3", "dead", "lost"))
        self.assertGreater(time.monotonic() - dead_came, IDLE + ANSWER - EARLY)

        seen = witness.read()
        self.assertEqual((seen.kind, seen.body), ("3", "dead"))  # it was heard of later, so it is asked later
        asked = witness.expect_packet("P")
        self.assertGreater(time.monotonic() - witness_spoke, IDLE - EARLY)
        witness.send_packet("p", **asked.fields)

        cid = answers.say("still here")
        answers.wait_for("4", "still here", cid=cid)
        classic.expect(b"\x022answers\x03\x022dead\x03\x023dead\x03\x024answers: still here\x03")

    def test_far_behind(self):
        """The question waits behind megabytes that this one reads slowly, for longer than an answer may take; nobody is cut off for that."""
        server = self.start_server()
        alice = self.enter(server, "alice")
        line = "x" * 16000
        for _ in range(1000):
            alice.expect_echo(line, alice.say(line))
        alice.close()

        # With windows too small to send into, the kernel has an idea of its own of who is dead.
        slow = self.connect_extended(server, receive_buffer=64 << 10)
        slow.send_log_in("slow", since=0, since_server=alice.arrival.welcome["id"])
        until = time.monotonic() + IDLE + 3 * ANSWER
        while time.monotonic() < until:
            slow.buffer += slow.socket.recv(32 << 10) or self.fail("cut off")
            time.sleep(0.2)
        self.assertLess(len(slow.buffer), len(line) * 1000, "still far behind")
        arrival = slow.read_roster() and slow.read_until_caught_up()
        self.assertEqual([message.body for message in arrival.replay], [line] * 1000)


if __name__ == "__main__":
    main()
