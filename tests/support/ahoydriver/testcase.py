# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What every test of the real window begins and ends with."""

import os
import sys
import unittest

from ahoytest import SystemTest, isolate

from .ahoy_window import AhoyWindow
from .desktop import Desktop, hide_other_displays


class WindowTest(SystemTest):
    """Servers as in SystemTest, and people each with a desktop of their own. A program must end with status 0 and without a warning;
    when a test fails there are pictures and accessible trees in AHOY_TEST_ARTIFACTS."""

    def setUp(self):
        super().setUp()
        self.desktops, self.windows = [], []

    def make_desktop(self, **options):
        directory = os.path.join(self.directory, f"desktop-{len(self.desktops)}")
        os.makedirs(directory)
        desktop = Desktop(directory, **options)
        self.desktops.append(desktop)
        self.addCleanup(desktop.close)
        return desktop

    def open_window(self, me, *options, desktop=None, **more):
        window = AhoyWindow(desktop or self.make_desktop(), me, *options, **more)
        self.windows.append(window)
        self.addCleanup(self._end_window, window)
        return window

    def online(self, *names):
        """A window each, connected one after the other by click."""
        return [self.open_window(name).connect() for name in names]

    def _end_window(self, window):
        status = window.process.stop()
        self.assertEqual(window.process.complaints(), [], window.process.log())
        self.assertEqual(status, 0, window.process.log())

    def run(self, result=None):
        self._problems = lambda: len(result.failures) + len(result.errors)
        self._problems_before = self._problems()
        return super().run(result)

    def tearDown(self):
        super().tearDown()
        if self._problems() > self._problems_before:
            self._keep_pictures()

    def _keep_pictures(self):
        folder = os.path.join(os.environ.get("AHOY_TEST_ARTIFACTS", self.directory), self.id().removeprefix("__main__."))
        os.makedirs(folder, exist_ok=True)
        for window in self.windows:
            try:
                window.screen.picture(os.path.join(folder, window.name + ".png"))
                with open(os.path.join(folder, window.name + ".txt"), "w", encoding="utf-8") as file:
                    window.dump(file)
                    file.write("\n" + window.process.log())
            except Exception as problem:  # pylint: disable=broad-except
                print(f"no picture of {window.name}: {problem}", file=sys.stderr)
        print(f"pictures and trees are in {folder}", file=sys.stderr)


def main():
    isolate()
    hide_other_displays()
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
