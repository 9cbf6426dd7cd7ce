# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A child process with its output in a file, a deadline on its end, and an eye on what it complains about."""

import os
import re
import signal
import subprocess
import time

COMPLAINT = re.compile(r"\*\* |-(?:WARNING|CRITICAL|ERROR)|CRITICAL|runtime error:|Sanitizer")

# What GLib and GTK let go of, as LeakSanitizer tells it when it unwinds no further than GLib. In both cases the whole stack was looked at once.
LEAK_REPORT = re.compile(r"^=+\n==\d+==ERROR: LeakSanitizer: .*?^SUMMARY: AddressSanitizer: .*?leaked.*?$", re.MULTILINE | re.DOTALL)
LEAK = re.compile(r"^(?:Direct|Indirect) leak of (\d+) byte\(s\) in (\d+) object\(s\) allocated from:\n((?: +#.*\n)+)", re.MULTILINE)
KNOWN_LEAKS = {
    (16384, 1, "g_malloc"),  # the array of the first 2,048 quarks, left behind on purpose when there are more: others may be reading it
    (256, 2, "g_realloc"),  # the file chooser's libcloudproviders: a path for each of the system's two data folders
}

# How much longer everything may take: programs built with sanitizers are slow.
PATIENCE = 3 if "ASAN_OPTIONS" in os.environ else 1


def all_known(report):
    leaks = LEAK.findall(report)
    for size, n, stack in leaks:
        frames = stack.splitlines()
        if len(frames) != 2 or (int(size), int(n), frames[1].split(" in ")[-1].split()[0]) not in KNOWN_LEAKS:
            return False
    return leaks != []


class Process:
    def __init__(self, command, log_path, env=None, pass_fds=()):
        self.command = [str(word) for word in command]
        self.log_path = log_path
        self.expected = None  # a pattern: complaints that a test provokes
        with open(log_path, "ab") as log:
            self.popen = subprocess.Popen(self.command, env=env, pass_fds=pass_fds, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    @property
    def pid(self):
        return self.popen.pid

    @property
    def returncode(self):
        return self.popen.poll()

    def alive(self):
        return self.popen.poll() is None

    def cpu_seconds(self):
        """What a processor has spent on it so far. Who else wants the processor has no part in it."""
        return time.clock_gettime(~self.pid << 3 | 2)  # clock_getcpuclockid(3)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def complaints(self):
        """Lines of the log that no healthy run has."""
        log = LEAK_REPORT.sub(lambda report: "" if all_known(report[0]) else report[0], self.log())
        return [line for line in log.splitlines() if COMPLAINT.search(line)]

    def signal(self, number):
        self.popen.send_signal(number)

    def wait(self, seconds):
        """The exit status; an AssertionError when it does not end in time."""
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{os.path.basename(self.command[0])} still runs after {seconds} s\n{self.log()}") from None

    def stop(self, seconds=60 * PATIENCE):
        """SIGTERM and a deadline. Returns the exit status."""
        if self.alive():
            self.signal(signal.SIGTERM)
            try:
                return self.wait(seconds)
            finally:
                if self.alive():
                    self.kill()
        return self.returncode

    def kill(self):
        self.popen.kill()
        return self.popen.wait()
