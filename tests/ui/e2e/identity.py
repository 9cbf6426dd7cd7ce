#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""One's own identity: taken to another computer through the preferences, and never replaced by a new one behind one's back."""

import os
import re

from ahoydriver import WindowTest, main

PASSPHRASE = "correct horse battery staple"


class Identity(WindowTest):
    def profile_file(self, window, name):
        return os.path.join(window.desktop.directory, "profile-" + window.me, name)

    def test_from_one_computer_to_another(self):
        self.start_server()
        alice = self.open_window("alice").connect()
        file = os.path.join(self.directory, "alice.pem")
        alice.open_preferences()
        words = alice.wait_words()
        alice.press("Export…")
        alice.enter_text("Passphrase", PASSPHRASE)
        alice.enter_text("The same once more", PASSPHRASE)
        alice.press("Choose File…")
        alice.enter_path("Export Your Identity", file, suggested="ahoy-identity.pem")
        alice.press("Export")
        alice.wait_text(re.compile("^Your identity was exported$"))
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        with open(file, encoding="ascii") as pem:
            self.assertIn("ENCRYPTED PRIVATE KEY", pem.read())

        other = self.open_window("bob").connect()
        other.open_preferences()
        self.assertNotEqual(other.wait_words(), words)
        other.press("Import…")
        other.enter_path("Import an Identity", file)
        other.press("Open")
        other.enter_text("Passphrase", "not that")
        other.press("Import")
        other.wait_text(re.compile("^That was not the passphrase"))
        other.enter_text("Passphrase", PASSPHRASE)
        other.press("Import")
        other.until(lambda: other.words() == words, "the words of alice")
        self.assertTrue([name for name in os.listdir(os.path.dirname(self.profile_file(other, ""))) if ".old-" in name])

    def start_broken(self, desktop):
        window = self.open_window("alice", desktop=desktop)
        window.wait_text(re.compile("^Your Identity Cannot Be Used$"))
        window.wait_text(re.compile("identity.pem$"))
        self.assertIsNone(window.find("push button", "Connect"))
        return window

    def test_an_identity_that_is_gone_or_broken(self):
        alice = self.open_window("alice")
        alice.open_preferences()
        words = alice.wait_words()
        alice.process.stop()
        file = self.profile_file(alice, "identity.pem")
        with open(file, "rb") as pem:
            content = pem.read()
        empty = (lambda: open(file, "wb").close(), re.compile("^The file is empty or damaged.$"))
        gone = (lambda: os.remove(file), re.compile("^The file is gone.$"))
        for (damage, sentence), (worse, other_sentence) in ((empty, gone), (gone, empty)):
            with self.subTest(sentence.pattern):
                damage()
                window = self.start_broken(alice.desktop)
                window.wait_text(sentence)
                worse()
                window.press("Try Again")
                window.wait_text(other_sentence)
                window.wait_text(re.compile("^Attempt 2 at .* was in vain: "))
                window.press("Try Again")
                window.wait_text(re.compile("^Attempt 3 at .* was in vain: "))
                self.assertIsNotNone(window.find_text(re.compile("^Your Identity Cannot Be Used$")))
                with open(file, "wb") as pem:
                    pem.write(content)
                os.chmod(file, 0o600)
                window.press("Try Again")
                window.wait_for("push button", "Connect", visible=True)
                window.open_preferences()
                self.assertEqual(window.wait_words(), words)
                window.process.stop()

    def test_known_servers_that_cannot_be_read(self):
        self.start_server()
        alice = self.open_window("alice").connect()
        alice.process.stop()
        with open(self.profile_file(alice, "known-servers"), "w", encoding="ascii") as file:
            file.write("nonsense\n")
        window = self.open_window("alice", desktop=alice.desktop)
        window.wait_text(re.compile("^The Chats You Know Cannot Be Read$"))
        os.remove(self.profile_file(alice, "known-servers"))
        window.press("Try Again")
        window.connect()


if __name__ == "__main__":
    main()
