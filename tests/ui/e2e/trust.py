#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Which server it is: the lock, the four words, and a full stop where another one or a lesser one answers."""

import re

from ahoydriver import ForeignServer, WindowTest, main

STOP = re.compile("^(Not the Chat You Know|Less Safe Than Before)$")


class Trust(WindowTest):
    def words_of(self, server):
        """As its operator sees them, in the window's shape."""
        directory = server.command[server.command.index("--data-dir") + 1]
        shown = self.run_server("--show-id", "--data-dir", directory)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        words = re.search(r"\b[a-z]+(?: · | |-)[a-z]+(?: · | |-)[a-z]+(?: · | |-)[a-z]+$", shown.stdout, re.MULTILINE)
        self.assertIsNotNone(words, shown.stdout)
        return " · ".join(re.findall("[a-z]+", words[0]))

    def restart(self, window):
        self.assertEqual(window.process.stop(), 0)
        return self.open_window(window.me, desktop=window.desktop)

    def replace(self, server, *options):
        """Another server where one was."""
        server.stop()
        return self.start_server(*options, port=server.tcp)

    def test_the_lock_and_the_words(self):
        server = self.start_server("--name", "Workshop")
        alice = self.open_window("alice").connect()
        self.assertEqual(alice.open_about_chat(), "About this chat: Workshop, encrypted")
        alice.wait_text(re.compile("^Encrypted$"))
        self.assertEqual(alice.wait_words(), [self.words_of(server)])

    def test_another_server_in_its_place(self):
        known = self.start_server("--name", "Workshop")
        alice = self.open_window("alice").connect()
        alice.process.stop()
        met = self.replace(known, "--name", "Workshop")
        both = [self.words_of(known), self.words_of(met)]
        self.assertNotEqual(*both)

        alice = self.restart(alice)
        alice.press("Connect")
        alice.wait_text(re.compile("^Not the Chat You Know$"))
        self.assertEqual(alice.wait_words(2), both)
        alice.press("Go Back")
        alice.press("Connect")
        alice.wait_text(re.compile("^Not the Chat You Know$"))

        alice.press("Connect Anyway…")
        dialog = alice.wait_for("dialog", "Connect Anyway?")
        alice.press("Cancel")
        alice.wait_gone("dialog", dialog.name)
        alice.wait_text(re.compile("^Not the Chat You Know$"))
        alice.press("Connect Anyway…")
        alice.press("Connect Anyway")
        alice.wait_online()
        alice.open_about_chat()
        self.assertEqual(alice.wait_words(), [both[1]])

        # From now on it is the known one.
        alice = self.restart(alice).connect()
        self.assertIsNone(alice.find_text(STOP))

    def test_another_server_while_talking(self):
        known = self.start_server("--name", "Workshop")
        alice = self.open_window("alice").connect()
        alice.send("said to the right one")
        alice.wait_message("alice", "said to the right one")
        alice.enter_text("Message", "a draft")
        met = self.replace(known, "--name", "Workshop")
        alice.wait_text(STOP)
        self.assertEqual(alice.wait_words(2), [self.words_of(known), self.words_of(met)])
        self.assertIsNone(alice.find("text", "Message", visible=True))

        # The right one again: nothing is lost.
        met.stop()
        self.start_again(known, "--name", "Workshop")
        alice.press("Go Back")
        alice.connect()
        alice.wait_message("alice", "said to the right one")
        self.assertEqual(alice.composer_text(), "a draft")

    def test_a_server_that_is_less_than_it_was(self):
        known = self.start_server("--name", "Workshop")
        alice = self.open_window("alice").connect()
        alice.process.stop()
        words = self.words_of(known)
        known.stop()
        self.addCleanup(ForeignServer(port=known.tcp).close)

        alice = self.restart(alice)
        alice.press("Connect")
        # Who was there before is known: it is spoken to in TLS, and what answers in clear is less.
        alice.wait_text(re.compile("^Less Safe Than Before$"))
        self.assertEqual(alice.wait_words(), [words])
        alice.wait_text(re.compile(" does not encrypt any more:"))
        alice.wait_text(re.compile("^none: it does not prove who it is$"))
        alice.press("Go Back")
        alice.wait_for("push button", "Connect", visible=True)

    def test_a_stranger_without_encryption_alone(self):
        self.start_server("--name", "Workshop")
        alice = self.open_window("alice").connect()
        alice.process.stop()
        self.servers[0].stop()
        foreign = ForeignServer()
        self.addCleanup(foreign.close)

        alice = self.restart(alice)
        alice.press("Connect")
        alice.wait_text(re.compile("^This Chat Is Not Encrypted$"))
        self.assertEqual(foreign.heard, [])
        alice.press("Connect")
        alice.wait_online()
        self.assertRegex(alice.open_about_chat(), "not encrypted$")
        self.assertEqual(alice.words(), [])


if __name__ == "__main__":
    main()
