#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The programs are built hardened: what the compiler and the linker offer against memory errors is in them."""

import os
import platform
import re
import subprocess
import unittest

PROGRAMS = os.environ["PROGRAMS"].split(os.pathsep)
FORTIFIED = re.compile(r"\b__\w+_chk\b")


def readelf(option, program):
    result = subprocess.run(["readelf", "-W", option, program], capture_output=True, text=True, check=True, timeout=60)
    return result.stdout


class Hardening(unittest.TestCase):
    def each(self):
        for program in PROGRAMS:
            with self.subTest(program=os.path.basename(program)):
                yield program

    def test_position_independent(self):
        for program in self.each():
            self.assertRegex(readelf("-h", program), r"Type:\s+DYN")
            self.assertIn("PIE", readelf("-d", program))

    def test_all_symbols_are_bound_at_the_start(self):
        for program in self.each():
            dynamic = readelf("-d", program)
            self.assertTrue("BIND_NOW" in dynamic or re.search(r"FLAGS_1.*\bNOW\b", dynamic), dynamic)

    def test_what_is_bound_is_read_only(self):
        for program in self.each():
            self.assertIn("GNU_RELRO", readelf("-l", program))

    def test_the_stack_is_not_executable(self):
        for program in self.each():
            stack = next(line for line in readelf("-l", program).splitlines() if "GNU_STACK" in line)
            self.assertNotRegex(stack, r"\bRWE\b")

    def test_nothing_is_writable_and_executable(self):
        for program in self.each():
            loads = [line for line in readelf("-l", program).splitlines() if re.match(r"\s*LOAD\b", line)]
            self.assertGreater(len(loads), 2)
            for line in loads:
                self.assertNotIn("RWE", line)

    def test_the_stack_is_guarded(self):
        for program in self.each():
            self.assertIn("__stack_chk_fail", readelf("--dyn-syms", program))

    def test_copies_are_checked(self):
        for program in self.each():
            self.assertRegex(readelf("--dyn-syms", program), FORTIFIED)

    def test_jumps_have_marked_targets(self):
        """CET where there is. The linker marks a program only when the C library's own start is marked, so look at our code."""
        if platform.machine() != "x86_64":
            return
        for program in self.each():
            code = subprocess.run(["objdump", "-d", "--disassemble=main", program], capture_output=True, text=True, check=True, timeout=60)
            self.assertRegex(code.stdout, r"<main>:\n[^\n]*\bendbr64\b")


if __name__ == "__main__":
    unittest.main()
