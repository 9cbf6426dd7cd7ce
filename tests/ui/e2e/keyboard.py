#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Typing: keys, input method, paste; Enter sends and Shift+Enter does not."""

from ahoydriver import NotFound, WindowTest, main
from ahoytest import PATIENCE


class Typing(WindowTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.bob = self.log_in(self.server, "bob")
        self.alice = self.open_window("alice").connect()
        self.bob.expect_frame("2", "alice")
        self.alice.focus_on("Message")

    def wait_composer(self, text):
        self.alice.until(lambda: self.alice.composer_text() == text, f"{text!r} in the composer")

    def paste(self):
        """A window learns of a new clipboard a little after the clipboard has changed, and until then there is nothing to paste."""
        for _ in range(4):
            self.alice.screen.key("ctrl+v")
            try:
                return self.alice.until(self.alice.composer_text, "the pasted text", seconds=5 * PATIENCE)
            except NotFound:
                continue
        raise AssertionError("nothing was pasted")

    def test_enter_sends_and_shift_enter_is_a_new_line(self):
        screen = self.alice.screen
        screen.keys_text("one")
        screen.key("shift+Return")
        screen.keys_text("two")
        self.wait_composer("one\ntwo")
        screen.key("Return")
        self.bob.expect_chat("alice: one\n  | two")
        self.wait_composer("")
        screen.keys_text("three")
        screen.key("KP_Enter")
        self.bob.expect_chat("alice: three")

    def test_the_input_method_gets_enter_first(self):
        """Enter that ends a composition is the input method's; only the next one sends."""
        screen = self.alice.screen
        screen.keys_text("say ")
        screen.key("ctrl+shift+u", "4", "f", "6", "0", "Return")
        self.wait_composer("say 你")
        screen.type_code_points("好🦊")
        self.wait_composer("say 你好🦊")
        self.bob.whisper("bob", "nothing was sent before this")
        self.bob.expect_chat("[whisper] bob to bob: nothing was sent before this")
        screen.key("Return")
        self.bob.expect_chat("alice: say 你好🦊")

    def test_paste(self):
        screen = self.alice.screen
        screen.set_clipboard("黏贴的文字 with\nlines\r\nand \x07control")
        self.paste()
        screen.key("Return")
        self.bob.expect_chat("alice: 黏贴的文字 with\n  | lines\n  | and control")

    def test_nothing_to_send(self):
        screen = self.alice.screen
        screen.key("Return")
        screen.keys_text("   ")
        screen.key("Return")
        self.alice.enter_text("Message", "something")
        screen.key("Return")
        self.bob.expect_chat("alice: something")

    def test_tab_leaves_the_composer(self):
        composer = self.alice.wait_for("text", "Message")
        self.alice.screen.keys_text("text")
        self.alice.screen.key("Tab")
        self.alice.until(lambda: "focused" not in composer.current_states(), "focus elsewhere")
        self.assertEqual(self.alice.composer_text(), "text")

    def test_too_long_is_said_and_nothing_is_lost(self):
        text = "long " * 4000
        self.alice.enter_text("Message", text)
        self.alice.screen.key("ctrl+End")
        self.alice.screen.key("Return")
        self.assertEqual(self.alice.composer_text(), text)
        self.alice.enter_text("Message", "short")
        self.alice.screen.key("Return")
        self.bob.expect_chat("alice: short")

    def test_keyboard_shortcuts_between_conversations(self):
        self.alice.wait_people("Everyone", "bob, online")
        self.alice.screen.key("alt+Down")
        self.alice.wait_for("list item", "bob, online", states=("selected",))
        self.alice.screen.key("ctrl+1")
        self.alice.wait_for("list item", "Everyone", states=("selected",))


if __name__ == "__main__":
    main()
