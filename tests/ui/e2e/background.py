#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Without a window: connected in the background, and there when somebody whispers."""

import os

from ahoydriver import WindowTest, main
from ahoydriver.ahoy_window import AhoyWindow


class HiddenWindow(AhoyWindow):
    """Starts without waiting for a window."""

    def wait_first(self):
        pass


class Background(WindowTest):
    def test_a_whisper_opens_the_window(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        desktop = self.make_desktop()
        alice = HiddenWindow(desktop, "alice", "--background")
        self.windows.append(alice)
        self.addCleanup(self._end_window, alice)
        bob.expect_frame("2", "alice")
        self.assertFalse(alice.find("frame"))
        bob.whisper("alice", "knock knock")
        notifications = desktop.notifications
        shown = alice.until(lambda: next((each for each in notifications.shown if "knock knock" in each["body"]), None), "notification")
        notifications.click(shown["id"])
        alice.wait_for("frame")
        alice.wait_message("bob", "knock knock", private_to="alice")

    def test_starting_it_again_shows_the_window(self):
        server = self.start_server()
        bob = self.log_in(server, "bob")
        desktop = self.make_desktop()
        alice = HiddenWindow(desktop, "alice", "--background")
        self.windows.append(alice)
        self.addCleanup(self._end_window, alice)
        bob.expect_frame("2", "alice")
        second = desktop.start([os.environ["AHOY"], "--profile", os.path.join(desktop.directory, "profile-alice")], "ahoy-second")
        self.assertEqual(second.wait(30), 0)
        alice.wait_for("frame")
        bob.say("still one of her")
        alice.wait_message("bob", "still one of her")


if __name__ == "__main__":
    main()
