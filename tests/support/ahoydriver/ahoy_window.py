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


FOUR_WORDS = re.compile(r"^[a-z]+( · [a-z]+){3}$")


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

    # Whom to trust

    def words(self):
        """Every four words on the screen, top to bottom."""
        nodes = [node for top in self.tree() for node in top.walk() if node.role == "label" and FOUR_WORDS.match(node.text or node.name)]
        return [node.text or node.name for node in nodes if node.on_screen()]

    def wait_words(self, count=1):
        self.until(lambda: len(self.words()) == count, f"{count} times four words")
        return self.words()

    def open_about_chat(self):
        """What the lock tells. Returns how the button is called."""
        button = self.wait_for("push button", re.compile("^About this chat: "), visible=True)
        self.press(button.name)
        self.wait_text(re.compile("^(Encrypted|Not encrypted)$"))
        return button.name

    def open_about(self, name):
        """What is known of a person, by way of the conversation with them."""
        self.talk_to(name)
        self.press(re.compile(rf"^About {re.escape(name)}(,|$)"))
        self.wait_text(re.compile(r"^(Known since|.* without (a|the) key)"))

    def close_popover(self):
        self.focus()
        self.screen.key("Escape")
        self.until(lambda: not self.words(), "closed popover")

    def open_preferences(self):
        self.menu("Main Menu", "Preferences")
        self.wait_text(re.compile("^Your Identity$"))

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
