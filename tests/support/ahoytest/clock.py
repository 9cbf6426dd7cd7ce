# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A clock that a test sets for a program it starts, at its start and while it runs. It goes on at the speed of the machine's."""

import os
import struct
import time

DAY = 86400


class Clock:
    """@path: a new file. `offset`: seconds from the machine's time of day, `slept`: seconds that CLOCK_BOOTTIME is ahead besides, `ran`: the same of
    CLOCK_MONOTONIC, by which a main loop's timers go."""

    def __init__(self, path, offset=0):
        self.path = path
        self.offset, self.slept, self.ran = offset, 0, 0
        with open(path, "wb") as file:
            file.write(bytes(24))
        self._write()

    def set(self, offset):
        """The time of day, as somebody who sets a clock does: nothing else moves."""
        self.offset = offset
        self._write()

    def jump(self, seconds):
        """The same, from what it shows now."""
        self.set(self.offset + seconds)

    def pass_time(self, seconds, asleep=True):
        """So much time goes by: the time of day and CLOCK_BOOTTIME; and unless the machine is @asleep meanwhile, also CLOCK_MONOTONIC: then all
        timers that are due by then go off at once, those of the keep-alive too."""
        self.offset += seconds
        self.slept += seconds
        if not asleep:
            self.ran += seconds
        self._write()

    def now(self):
        """Seconds since 1970."""
        return time.time() + self.offset

    def environment(self):
        """What a program needs to live by it. A sanitizer that is in the program wants to be the first library, and does not have to be."""
        sanitizer = os.environ.get("ASAN_OPTIONS", "")
        return {
            "LD_PRELOAD": os.environ["SET_CLOCK"],
            "AHOY_TEST_CLOCK": self.path,
            "ASAN_OPTIONS": f"{sanitizer}:verify_asan_link_order=0".lstrip(":"),
        }

    def _write(self):
        """In place: the program has it mapped."""
        fd = os.open(self.path, os.O_WRONLY)
        try:
            os.pwrite(fd, struct.pack("=qqq", *(round(seconds * 1000000) for seconds in (self.offset, self.slept, self.ran))), 0)
        finally:
            os.close(fd)
