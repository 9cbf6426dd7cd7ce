#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Ping and pong: who says nothing is asked, who does not answer is gone. PROTOCOL.md, "Keep-alive".

The server's time is a clock that the test sets, so nothing waits. It goes on by itself as well: a slow machine makes it later, never earlier. What
comes too early is told by the order of frames: who was not asked when somebody else was gets the next line before a question."""

import os

from ahoytest import Clock, SystemTest, main

IDLE = 30
ANSWER = 10
# A peer has to take so much in 40 seconds; this one takes it in each.
BITE = 64 << 10


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

    def start_with_clock(self):
        clock = Clock(os.path.join(self.directory, "clock"))
        return self.start_server(clock=clock), clock

    def say_to(self, speaker, text, *listeners):
        """A line that each of @listeners has next: nothing else was said to them meanwhile."""
        speaker.expect_echo(text, speaker.say(text))
        for listener in listeners:
            listener.expect_packet("4", text)

    def test_silence(self):
        server, clock = self.start_with_clock()
        witness = self.enter(server, "witness", answer_pings=False)
        classic = self.log_in(server, "classic")
        witness.expect_packet("2", "classic")
        answers = self.enter(server, "answers", answer_pings=False)
        witness.expect_packet("2", "answers")
        dead = self.enter(server, "dead", answer_pings=False)
        witness.expect_packet("2", "dead")
        answers.expect_packet("2", "dead")

        clock.pass_time(IDLE / 2, asleep=False)
        self.say_to(witness, "half", answers, dead)

        clock.pass_time(IDLE / 2, asleep=False)
        asked = answers.expect_packet("P")
        dead.expect_packet("P")
        answers.send_packet("p", **asked.fields)
        self.say_to(answers, "whole", witness, dead)  # who spoke after the half is not asked

        clock.pass_time(ANSWER / 2, asleep=False)
        self.say_to(answers, "not yet", witness, dead)  # who is asked has time to answer

        clock.pass_time(ANSWER / 2, asleep=False)
        gone = answers.read()
        self.assertEqual((gone.kind, gone.body, gone.get("reason")), ("3", "dead", "lost"))
        seen = witness.read()
        self.assertEqual((seen.kind, seen.body), ("3", "dead"))

        clock.pass_time(ANSWER / 2, asleep=False)
        asked = witness.expect_packet("P")  # it was heard of later, so it is asked later
        witness.send_packet("p", **asked.fields)
        self.say_to(answers, "still here", witness)
        classic.expect(
            b"\x022answers\x03\x022dead\x03\x024witness: half\x03\x024answers: whole\x03\x024answers: not yet\x03"
            b"\x023dead\x03\x024answers: still here\x03"
        )

    def test_far_behind(self):
        """The question waits behind megabytes that this one reads slowly, for longer than an answer may take; nobody is cut off for that."""
        server, clock = self.start_with_clock()
        alice = self.enter(server, "alice")
        line = "x" * 16000
        for _ in range(1000):
            alice.expect_echo(line, alice.say(line))

        slow = self.connect_extended(server, receive_buffer=64 << 10)
        slow.send_log_in("slow", since=0, since_server=alice.arrival.welcome["id"])
        alice.expect_packet("2", "slow")
        for _ in range(IDLE + 3 * ANSWER):
            wanted = len(slow.buffer) + BITE
            while len(slow.buffer) < wanted:
                slow.buffer += slow.socket.recv(BITE) or self.fail("cut off")
            clock.pass_time(1, asleep=False)
            alice.barrier()  # the server has looked at its clock since
        self.assertLess(len(slow.buffer), len(line) * 1000, "still far behind")
        arrival = slow.read_roster() and slow.read_until_caught_up()
        self.assertEqual([message.body for message in arrival.replay], [line] * 1000)


if __name__ == "__main__":
    main()
