#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Talk: to everyone and to one person, from the sidebar and from the recipient selector; what is unread; who comes and goes."""

import re

from ahoydriver import WindowTest, main


class Talk(WindowTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.carol = self.log_in(self.server, "carol")
        self.alice, self.bob = self.online("alice", "bob")
        for name in ("alice", "bob"):
            self.carol.expect_frame("2", name)
        self.alice.wait_people("Everyone", "bob, online", "carol, online")
        self.bob.wait_people("Everyone", "alice, online", "carol, online")

    def assert_carol_heard_nothing_until(self, text):
        """What she hears next is what alice says to everyone now: no whisper came before."""
        self.alice.talk_to("Everyone")
        self.alice.send(text)
        self.carol.expect_chat(f"alice: {text}")

    def test_say_to_everyone(self):
        self.alice.send("hello 你好 <b>&amp;")
        for window in (self.alice, self.bob):
            window.wait_message("alice", "hello 你好 <b>&amp;")
        self.carol.expect_chat("alice: hello 你好 <b>&amp;")
        self.assertEqual(self.alice.composer_text(), "")
        self.bob.send("hi alice")
        for window in (self.alice, self.bob):
            window.wait_message("bob", "hi alice")
        self.carol.say("me too: yes, [whisper] no")
        for window in (self.alice, self.bob):
            window.wait_message("carol", "me too: yes, [whisper] no")

    def test_whisper_from_the_sidebar(self):
        self.alice.talk_to("bob")
        self.alice.wait_text(re.compile("Only bob will see this"))
        self.alice.send("psst, a secret")
        self.alice.wait_message("alice", "psst, a secret", private_to="bob")
        self.bob.wait_message("alice", "psst, a secret", private_to="bob")  # inline in Everyone
        self.assert_carol_heard_nothing_until("after the whisper")
        self.bob.talk_to("alice")
        self.bob.wait_message("alice", "psst, a secret", private_to="bob")
        self.bob.send("and back")
        self.alice.wait_message("bob", "and back", private_to="alice")
        self.assert_carol_heard_nothing_until("after the answer")

    def test_whisper_from_the_selector(self):
        self.alice.choose("Recipient", "bob")
        self.alice.wait_text(re.compile("Only bob will see this"))
        self.alice.wait_for("list item", re.compile("^bob"), states=("selected",))  # one selection, two views
        self.alice.send("from the selector")
        self.bob.wait_message("alice", "from the selector", private_to="bob")
        self.alice.choose("Recipient", "Everyone")
        self.alice.wait_text_gone(re.compile("Only bob will see this"))
        self.alice.send("for all")
        self.carol.expect_chat("alice: for all")
        self.bob.wait_message("alice", "for all")

    def test_a_whisper_from_a_classic_program(self):
        self.carol.whisper("alice", "from the past")
        self.alice.wait_message("carol", "from the past", private_to="alice")
        self.carol.expect_chat("[whisper] carol to alice: from the past")
        self.assertFalse(self.bob.has_message("from the past"))

    def test_unread_counts(self):
        self.alice.talk_to("bob")
        self.alice.focus()
        self.carol.say("one")
        self.carol.say("two")
        self.alice.wait_people("Everyone, 2 unread", "bob, online", "carol, online")
        self.carol.whisper("alice", "three")
        self.alice.row("People", "carol, online, 1 unread")
        self.alice.talk_to("carol")
        self.alice.row("People", "carol, online")
        self.alice.wait_message("carol", "three", private_to="alice")
        self.alice.talk_to("Everyone")
        self.alice.row("People", "Everyone")
        self.alice.wait_message("carol", "two")

    def test_who_left_stays_while_there_is_a_conversation(self):
        self.carol.whisper("alice", "remember me")
        self.alice.wait_message("carol", "remember me", private_to="alice")
        self.carol.close()
        self.bob.wait_people("Everyone", "alice, online")
        self.alice.row("People", re.compile(r"^carol, offline"))
        self.alice.talk_to("carol")
        self.alice.wait_message("carol", "remember me", private_to="alice")
        again = self.log_in(self.server, "carol")
        self.alice.row("People", re.compile(r"^carol, online"))
        again.say("back")
        self.alice.talk_to("Everyone")
        self.alice.wait_message("carol", "back")

    def test_drafts_are_kept_for_each_conversation(self):
        self.alice.enter_text("Message", "for everyone, later")
        self.alice.talk_to("bob")
        self.alice.until(lambda: self.alice.composer_text() == "", "empty composer")
        self.alice.enter_text("Message", "for bob, later")
        self.alice.talk_to("Everyone")
        self.alice.until(lambda: self.alice.composer_text() == "for everyone, later", "the draft for everyone")
        self.alice.talk_to("bob")
        self.alice.until(lambda: self.alice.composer_text() == "for bob, later", "the draft for bob")

    def test_joins_and_leaves_are_one_line(self):
        self.carol.say("before")
        self.alice.wait_message("carol", "before")
        for name in ("dave", "erin", "frank"):
            guest = self.log_in(self.server, name)
            if name == "frank":
                guest.close()  # came and went: that is no news
        while self.carol.read_frame() != (b"3", b"frank"):
            pass
        self.carol.say("after")
        self.alice.wait_message("carol", "after")
        rows = self.alice.messages()
        between = rows[rows.index(next(row for row in rows if "before" in row)) + 1 : -1]
        self.assertEqual(len(between), 1, rows)
        self.assertRegex(between[0], "dave.*erin")

    def test_many_messages_follow_the_end(self):
        for i in range(200):
            self.carol.say(f"line {i} " + "word " * (i % 30))
        self.carol.say("the very last")
        row = self.alice.wait_message("carol", "the very last")
        self.alice.until(row.on_screen, "the last message on the screen")


if __name__ == "__main__":
    main()
