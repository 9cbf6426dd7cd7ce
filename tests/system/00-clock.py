#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The clock that tests set: a server that was given one lives by it, from its start and while it runs."""

import os

from ahoytest import Clock, SystemTest, main

DECADE = 3652 * 86400


class ByAClock(SystemTest):
    def clock(self, offset):
        return Clock(os.path.join(self.directory, f"clock-{offset}"), offset)

    def assert_stamped(self, clock, person):
        """Between a look at the clock before it was said and one after it came."""
        before = clock.now()
        cid = person.say("what time is it?")
        stamp = int(person.expect_echo("what time is it?", cid)["time"]) / 1000
        self.assertLessEqual(before - 0.001, stamp)
        self.assertLessEqual(stamp, clock.now())

    def test_at_the_start(self):
        for offset in (-DECADE, 0, DECADE):
            clock = self.clock(offset)
            self.assert_stamped(clock, self.enter(self.start_server(clock=clock), "alice"))

    def test_while_it_runs(self):
        clock = self.clock(0)
        alice = self.enter(self.start_server(clock=clock), "alice")
        for offset in (0.25, 3600, DECADE):
            clock.set(offset)
            self.assert_stamped(clock, alice)

    def test_a_night_asleep_is_no_silence(self):
        clock = self.clock(0)
        alice = self.enter(self.start_server(clock=clock), "alice")
        clock.pass_time(8 * 3600)
        self.assert_stamped(clock, alice)

    def test_timers(self):
        """Nobody has said anything for minutes, as far as the server knows: it asks."""
        clock = self.clock(0)
        alice = self.enter(self.start_server(clock=clock), "alice", answer_pings=False)
        clock.pass_time(35, asleep=False)
        alice.wait_for("P")


if __name__ == "__main__":
    main()
