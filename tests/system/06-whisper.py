#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Whisper to one person. PROTOCOL.md, "Classic types"."""

from ahoytest import SystemTest, frame, main


class Whisper(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob, self.carol = self.gather(self.server, "alice", "bob", "carol")

    def assert_nobody_else_heard(self):
        """The next thing each of them sees is said after the whisper."""
        self.carol.say("next")
        for person in (self.alice, self.bob, self.carol):
            person.expect_chat("carol: next")

    def test_the_two_and_nobody_else(self):
        self.alice.send(b"\x022bob,hello\x03")
        for person in (self.alice, self.bob):
            person.expect(b"\x024[whisper] alice to bob: hello\x03")
        self.assert_nobody_else_heard()

    def test_split_at_the_first_comma(self):
        for text in (",", "a,b", ",,", " leading space", "bob,bob", "two\n* lines\tand tab", "你好"):
            with self.subTest(text=text):
                self.alice.whisper("bob", text)
                line = text.replace("\n", "\n  | ")
                for person in (self.alice, self.bob):
                    person.expect_chat(f"[whisper] alice to bob: {line}")
        self.assert_nobody_else_heard()

    def test_to_nobody_is_a_notice_to_the_sender(self):
        for name in ("dave", "", "bob ,", "*", "Everyone", "x" * 200):
            with self.subTest(name=name):
                self.alice.send_frame("2", f"{name},hello")
                if name != "bob ,":
                    self.alice.expect_notice()
                else:  # white space round a name is no part of it
                    for person in (self.alice, self.bob):
                        person.expect_chat("[whisper] alice to bob: ,hello")
        self.assert_nobody_else_heard()

    def test_without_a_comma_is_a_notice_to_the_sender(self):
        for body in ("", "bob", "bob hello"):
            with self.subTest(body=body):
                self.alice.send_frame("2", body)
                self.alice.expect_notice()
        self.assert_nobody_else_heard()

    def test_to_somebody_who_has_left(self):
        dave = self.log_in(self.server, "dave")
        dave.close()
        for person in (self.alice, self.bob, self.carol):
            person.expect(frame("2", "dave") + frame("3", "dave"))
        self.alice.whisper("dave", "hello")
        self.alice.expect_notice()
        self.assert_nobody_else_heard()

    def test_names_compare_by_skeleton(self):
        self.alice.whisper("BOB", "hello")
        for person in (self.alice, self.bob):
            person.expect_chat("[whisper] alice to bob: hello")
        self.assert_nobody_else_heard()

    def test_to_oneself_is_heard_once(self):
        self.alice.whisper("alice", "note to self")
        self.alice.expect_chat("[whisper] alice to alice: note to self")
        self.assert_nobody_else_heard()

    def test_order_with_what_is_said_to_all(self):
        self.alice.send(frame("3", "one") + frame("2", "bob,two") + frame("3", "three"))
        for person in (self.alice, self.bob):
            person.expect(frame("4", "alice: one") + frame("4", "[whisper] alice to bob: two") + frame("4", "alice: three"))
        self.carol.expect(frame("4", "alice: one") + frame("4", "alice: three"))


if __name__ == "__main__":
    main()
