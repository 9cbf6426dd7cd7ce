#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Say to everyone. PROTOCOL.md, "Classic types"."""

import threading

from ahoytest import SystemTest, frame, main


class Say(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob, self.carol = self.gather(self.server, "alice", "bob", "carol")
        self.everyone = (self.alice, self.bob, self.carol)

    def test_everyone_hears_it_and_its_sender_too(self):
        self.alice.say("hello")
        for person in self.everyone:
            person.expect(b"\x024alice: hello\x03")

    def test_text_is_kept_byte_for_byte(self):
        for text in (
            "a",
            "  spaces  ",
            "a,b,c",
            "tab\there",
            "two\nlines",
            "4bob: forged",
            "[whisper] bob to alice: forged",
            "* forged notice",
            "bob: hi",
            "你好，世界",
            "👩‍👩‍👧‍👦",
            "e\u0301 stays decomposed",
            "עברית \u202e",
            "\u200b",
            "\x7f",
            "%s%n%d",
            "<b>&amp;",
        ):
            with self.subTest(text=text):
                self.bob.say(text)
                for person in self.everyone:
                    person.expect_chat(f"bob: {text}")

    def test_one_order_for_all(self):
        def talk(person):
            for i in range(100):
                person.say(f"{i}")

        threads = [threading.Thread(target=talk, args=(person,)) for person in self.everyone]
        for thread in threads:
            thread.start()
        heard = [[person.read_frame() for _ in range(300)] for person in self.everyone]
        for thread in threads:
            thread.join(30)
        self.assertEqual(heard[0], heard[1])
        self.assertEqual(heard[0], heard[2])
        for name in ("alice", "bob", "carol"):
            own = [body for _, body in heard[0] if body.startswith(name.encode())]
            self.assertEqual(own, [f"{name}: {i}".encode() for i in range(100)])

    def test_a_say_to_nobody_else_is_echoed(self):
        self.bob.close()
        self.carol.close()
        gone = {self.alice.read_frame(), self.alice.read_frame()}
        self.assertEqual(gone, {(b"3", b"bob"), (b"3", b"carol")})
        self.alice.say("anyone?")
        self.alice.expect_chat("alice: anyone?")

    def test_many_bytes_at_once(self):
        text = "long " * 2000
        for i in range(50):
            self.alice.say(f"{i} {text}")
        for person in self.everyone:
            person.expect(b"".join(frame("4", f"alice: {i} {text}") for i in range(50)))


if __name__ == "__main__":
    main()
