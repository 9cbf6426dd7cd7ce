# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""People who talk on while something is done to their server, and what a server has to look like afterwards."""

import contextlib
import os
import re
import threading
import time

from .ahoyd import NO_LIMITS
from .process import PATIENCE
from .testcase import SystemTest

# The most that a server may work on other things before two people hear what one of them said. By the processor's clock, not the wall's: what
# else is going on on the machine is not its fault.
PROMPT_SECONDS = 1 * PATIENCE
# Descriptors that come and go by themselves: a timer's, for one.
SPARE_DESCRIPTORS = 3


class Talk(threading.Thread):
    """Two people who say things to each other and compare every byte, until they are told to stop. `longest`: the seconds of work between
    something said and heard, when @server is given."""

    def __init__(self, *people, server=None):
        super().__init__()
        self.people = people
        self.server = server
        self.enough = threading.Event()
        self.rounds = 0
        self.longest = 0
        self.problem = None

    def work(self):
        return self.server.cpu_seconds() if self.server else 0

    def run(self):
        try:
            while not self.enough.is_set() or self.rounds < 20:
                for speaker in self.people:
                    before = self.work()
                    text = f"round {self.rounds} 你好"
                    speaker.say(text)
                    for person in self.people:
                        self.hear(person, f"{speaker.name}: {text}")
                    self.longest = max(self.longest, self.work() - before)
                    self.enough.wait(0.005)  # people: what is slow shows all the same
                self.rounds += 1
        except Exception as problem:  # pylint: disable=broad-except
            self.problem = problem

    def hear(self, person, text):
        """What strangers do may be seen as coming, going and talking, but not between our words."""
        own = tuple(f"{each.name}: ".encode() for each in self.people)
        while (seen := person.read_frame()) != (b"4", text.encode()):
            if seen[0] not in b"23" and (seen[0] != b"4" or seen[1].startswith(own)):
                raise AssertionError(f"{person} heard {seen!r} instead of {text!r}")

    def finish(self, test):
        """To the end, and all went well."""
        self.enough.set()
        self.join(120)
        test.assertFalse(self.is_alive())
        test.assertIsNone(self.problem)
        test.assertGreaterEqual(self.rounds, 20)


class Siege(SystemTest):
    """A server with two people who talk, one of them over TLS. They go on talking promptly whatever the test does, and afterwards the server has
    as many descriptors as before, not much more memory, and takes new people."""

    OPTIONS = NO_LIMITS
    # Kilobytes that it may have grown by: what malloc keeps and pages that were touched for the first time.
    GROWTH = 24 * 1024

    def setUp(self):
        super().setUp()
        self.server = self.start_server(*self.OPTIONS)
        plain = self.log_in(self.server, "alice", source="127.0.0.101")
        secure = self.log_in(self.server, "bob", source="127.0.0.102", tls=self.make_identity("bob"))
        plain.expect_frame("2", "bob")
        self.talk = Talk(plain, secure, server=self.server)
        self.descriptors = self.count_descriptors()
        self.memory = self.get_memory()
        self.talk.start()
        self.addCleanup(self.end_siege)

    def count_descriptors(self):
        """But those of the log: it is read and searched through files that are opened when they are first needed."""
        count = 0
        for descriptor in os.scandir(f"/proc/{self.server.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                count += not os.readlink(descriptor.path).startswith(self.server.data_dir)
        return count

    def get_memory(self):
        """Resident, in kilobytes."""
        with open(f"/proc/{self.server.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])

    def end_siege(self):
        self.talk.finish(self)
        self.assertLess(self.talk.longest, PROMPT_SECONDS)
        newcomer = self.log_in(self.server, "newcomer", source="127.0.0.103", tls=True)
        self.assertEqual(newcomer.name, "newcomer")
        newcomer.close()
        deadline = time.monotonic() + 30 * PATIENCE
        while (left := self.count_descriptors()) > self.descriptors + SPARE_DESCRIPTORS and time.monotonic() < deadline:
            time.sleep(0.1)  # connections that were broken off end when their time is up
        self.assertLessEqual(left, self.descriptors + SPARE_DESCRIPTORS)
        if PATIENCE == 1:  # sanitizers keep what was freed
            self.assertLess(self.get_memory() - self.memory, self.GROWTH)
