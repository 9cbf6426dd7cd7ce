# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Ahoy's window: what a person does in it, by the names of its accessible widgets."""

import os
import re

from .window import Window


def program():
    try:
        return os.environ["AHOY"]
    except KeyError:
        raise SystemExit("AHOY must name the client to test (meson test sets it)") from None


def said(name, text, private_to=None):
    """How a message row is named."""
    who = re.escape(name) + (f" to {re.escape(private_to)}, private" if private_to else "")
    return re.compile(rf"^{who}, \d?\d[:.]\d\d( [AP]M)?(, [a-z ]+)?: {re.escape(text)}(, [a-z ]+)?$")


class AhoyWindow(Window):
    """@me: the person's name. Each has a profile in the desktop's folder unless @profile names one."""

    def __init__(self, desktop, me, *options, profile=None, **environment):
        self.me = me
        profile = profile or os.path.join(desktop.directory, "profile-" + me)
        super().__init__(desktop, [program(), "--profile", profile, "--name", me, *options], f"ahoy-{me}", **environment)

    # Connecting

    def connect(self):
        self.press("Connect")
        self.wait_online()
        return self

    def wait_online(self, seconds=None):
        self.wait_for(("list", "list box"), "People", visible=True, seconds=seconds)
        self.wait_for("text", "Message", visible=True, seconds=seconds)

    def disconnect(self):
        self.menu("Main Menu", "Disconnect")
        self.wait_for("push button", "Connect", visible=True)

    # Talking

    def send(self, text):
        self.enter_text("Message", text)
        self.press("Send")

    def talk_to(self, name):
        """Chooses "Everyone" or a person in the sidebar."""
        self.click_row("People", re.compile(rf"^{re.escape(name)}(,|$)"))

    def people(self):
        return self.rows("People")

    def wait_people(self, *names):
        """The sidebar's rows, whole and in order."""
        self.until(lambda: self.people() == list(names), f"people {names}")

    def messages(self):
        return self.rows("Messages")

    def wait_message(self, name, text, private_to=None, seconds=None):
        return self.row("Messages", said(name, text, private_to), seconds)

    def has_message(self, text):
        """Whether any row holds the text."""
        return any(text in row for row in self.messages())

    def composer_text(self):
        return self.read("Message")
