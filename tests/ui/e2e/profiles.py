#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Two people on one computer, and what a profile remembers."""

import os

from ahoydriver import Window, WindowTest, main
from ahoydriver.ahoy_window import program


class Profiles(WindowTest):
    def test_two_profiles_side_by_side_on_one_desktop(self):
        self.start_server()
        desktop = self.make_desktop()
        alice = self.open_window("alice", desktop=desktop).connect()
        bob = self.open_window("bob", desktop=desktop).connect()
        self.assertNotEqual(alice.process.pid, bob.process.pid)
        self.assertTrue(alice.process.alive())
        alice.send("hello neighbour")
        bob.wait_message("alice", "hello neighbour")

    def test_the_name_is_remembered(self):
        self.start_server()
        desktop = self.make_desktop()
        first = self.open_window("alice", desktop=desktop)
        first.enter_text("Your name", "Alice the First")
        first.connect()
        first.process.stop()
        again = self.open_window_without_name(desktop, "alice")
        self.assertEqual(again.read("Your name"), "Alice the First")

    def open_window_without_name(self, desktop, profile):
        window = Window(desktop, [program(), "--profile", os.path.join(desktop.directory, "profile-" + profile)], "ahoy-again")
        self.windows.append(window)
        self.addCleanup(self._end_window, window)
        return window

    def test_a_profile_stays_in_its_folder(self):
        self.start_server()
        desktop = self.make_desktop()
        window = self.open_window("alice", desktop=desktop, profile=os.path.join(desktop.directory, "there"))
        window.connect()
        window.process.stop()
        self.assertTrue(os.listdir(os.path.join(desktop.directory, "there")))
        home = desktop.environment["HOME"]
        elsewhere = [os.path.relpath(os.path.join(folder, name), home) for folder, _, names in os.walk(home) for name in names]
        self.assertEqual([path for path in elsewhere if "ahoy" in path.lower()], [])


if __name__ == "__main__":
    main()
