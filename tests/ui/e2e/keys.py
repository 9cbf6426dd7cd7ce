#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Who somebody is: the same four words on both sides, what was verified, who owns a name, and who comes back under another key."""

import os
import re
import shutil

from ahoydriver import WindowTest, main


class Keys(WindowTest):
    def restart(self, window):
        self.assertEqual(window.process.stop(), 0)
        return self.open_window(window.me, desktop=window.desktop).connect()

    def same_person_elsewhere(self, window):
        """A window on another desktop, with the identity of this one."""
        desktop = self.make_desktop()
        profile = os.path.join(desktop.directory, "profile-" + window.me)
        os.makedirs(profile, mode=0o700)
        for name in ("identity.pem", "identity.id"):
            shutil.copy2(os.path.join(window.desktop.directory, "profile-" + window.me, name), os.path.join(profile, name))
        return self.open_window(window.me, desktop=desktop)

    @staticmethod
    def next_news(person):
        """The next thing somebody hears but that others write."""
        while (packet := person.read()).kind == "T":
            pass
        return packet.kind, packet.body

    def test_two_people_compare(self):
        self.start_server()
        alice, bob = self.online("alice", "bob")
        bob.open_preferences()
        words = bob.wait_words()
        alice.open_about("bob")
        self.assertEqual(alice.wait_words(), words)
        alice.wait_text(re.compile("^Known since today$"))
        alice.press("Verified", role="check box")
        alice.row("People", "bob, online, verified")
        alice = self.restart(alice)
        alice.row("People", "bob, online, verified")
        alice.open_about("bob")
        self.assertEqual(alice.wait_words(), words)
        alice.wait_for("check box", "Verified", states=("checked",))

    def test_by_keyboard(self):
        self.start_server()
        alice, bob = self.online("alice", "bob")
        bob.open_preferences()
        words = bob.wait_words()
        alice.wait_people("Everyone", "bob, online")
        alice.focus()
        alice.screen.key("alt+Down")
        alice.wait_for("list item", "bob, online", states=("selected",))
        alice.screen.key("alt+Return")
        self.assertEqual(alice.wait_words(), words)
        alice.close_popover()
        # The same from the list of people.
        alice.screen.key("F6", "Down")
        alice.wait_for("list item", "bob, online", states=("focused",))
        alice.screen.key("shift+F10")
        self.assertEqual(alice.wait_words(), words)
        alice.close_popover()
        alice.click_row("People", "bob, online", button=3)
        self.assertEqual(alice.wait_words(), words)

    def test_a_name_that_somebody_owns(self):
        self.start_server()
        alice = self.open_window("alice").connect()
        alice.disconnect()
        other = self.open_window("alice")
        other.press("Connect")
        other.wait_text(re.compile("belongs to somebody else on this server"))
        other.enter_text("Your name", "another alice")
        other.connect()
        alice.connect()

    def test_the_same_person_from_two_places(self):
        server = self.start_server()
        bob = self.enter(server, "bob")
        here = self.open_window("alice").connect()
        bob.wait_for("2", "alice")
        there = self.same_person_elsewhere(here).connect()
        here.wait_text(re.compile("^Connected Elsewhere$"))
        there.send("over here now")
        # Bob saw nobody leave or join: this is the next thing he hears.
        self.assertEqual(self.next_news(bob), ("4", "over here now"))
        here.wait_text(re.compile("^Connected Elsewhere$"))

        here.press("Connect Here Instead")
        here.wait_online()
        there.wait_text(re.compile("^Connected Elsewhere$"))
        here.wait_message("alice", "over here now")
        here.send("back again")
        self.assertEqual(self.next_news(bob), ("4", "back again"))

    def test_somebody_comes_back_under_another_key(self):
        server = self.start_server()
        directory = server.command[server.command.index("--data-dir") + 1]
        bob = self.enter(server, "bob", tls=self.make_identity("first"))
        alice = self.open_window("alice").connect()
        bob.wait_for("2", "alice")
        bob.whisper("alice", "it is me")
        alice.wait_message("bob", "it is me", private_to="alice")
        alice.open_about("bob")
        first = alice.wait_words()
        alice.press("Verified", role="check box")
        alice.row("People", re.compile("^bob, online.*verified$"))
        alice.close_popover()
        bob.close()
        alice.row("People", re.compile("^bob, offline"))

        released = self.run_server("names", "release", "bob", "--data-dir", directory)
        self.assertEqual(released.returncode, 0, released.stderr)
        bob = self.enter(server, "bob", tls=self.make_identity("second"))
        alice.row("People", re.compile("^bob, online.*came back with other words"))
        alice.row("Messages", re.compile("bob came back with other words"))
        alice.enter_text("Message", "my password is")
        alice.press("Send")
        alice.wait_for("dialog", "Is This Really bob?")
        alice.press("Cancel")
        alice.wait_gone("dialog", "Is This Really bob?")
        alice.enter_text("Message", "")

        alice.open_about("bob")
        words = alice.wait_words(2)
        self.assertEqual(words[0], first[0])
        self.assertNotEqual(words[1], first[0])
        alice.press("Accept")
        self.assertEqual(alice.wait_words(), words[1:])
        alice.close_popover()
        alice.row("People", "bob, online")
        alice.send("good that I asked")
        bob.wait_for("4", "good that I asked")


if __name__ == "__main__":
    main()
