#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Ping and pong: who says nothing is asked, who does not answer is gone. PROTOCOL.md, "Keep-alive".

The times are real, so all that has to wait waits together."""

import time

from ahoytest import SystemTest, main

IDLE = 30
ANSWER = 10
SLACK = 6  # a busy machine


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
        patient = {"deadline": IDLE + ANSWER + 2 * SLACK, "answer_pings": False}
        witness = self.enter(server, "witness", **patient)
        classic = self.log_in(server, "classic")
        witness.expect_packet("2", "classic")
        answers = self.enter(server, "answers", **patient)
        witness.expect_packet("2", "answers")
        dead = self.enter(server, "dead", **patient)
        witness.expect_packet("2", "dead")
        answers.expect_packet("2", "dead")
        quiet_since = time.monotonic()

        time.sleep(IDLE / 2)
        witness.send_packet("P", n=1)
        witness.expect_packet("p", n=1)
        witness_spoke = time.monotonic()

        asked = answers.expect_packet("P")
        self.assertTrue(IDLE - 1 <= time.monotonic() - quiet_since <= IDLE + SLACK, time.monotonic() - quiet_since)
        answers.send_packet("p", **asked.fields)
        dead.expect_packet("P")
        asked_at = time.monotonic()

        gone = answers.read()
        self.assertEqual((gone.kind, gone.body, gone.get("reason")), ("3", "dead", "lost"))
        self.assertTrue(ANSWER - 1 <= time.monotonic() - asked_at <= ANSWER + SLACK, time.monotonic() - asked_at)

        seen = witness.read()
        self.assertEqual((seen.kind, seen.body), ("3", "dead"))  # it was heard of later, so it is asked later
        asked = witness.expect_packet("P")
        self.assertTrue(IDLE - 1 <= time.monotonic() - witness_spoke <= IDLE + SLACK, time.monotonic() - witness_spoke)
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

        slow = self.connect_extended(server, receive_buffer=4096)
        slow.send_log_in("slow", since=0, since_server=alice.arrival.welcome["id"])
        until = time.monotonic() + IDLE + 2 * (ANSWER + SLACK)
        slow.socket.settimeout(ANSWER)
        while time.monotonic() < until:
            slow.buffer += slow.socket.recv(32768) or self.fail("cut off")
            time.sleep(0.2)
        arrival = slow.read_roster() and slow.read_until_caught_up()
        self.assertEqual([message.body for message in arrival.replay], [line] * 1000)


if __name__ == "__main__":
    main()
