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
            "4bob: forged",
            "[whisper] bob to alice: forged",
            "* forged notice",
            "bob: hi",
            "你好，世界",
            "👩‍👩‍👧‍👦",
            "e\u0301 stays decomposed",
            "עברית",
            "zero\u200bwidth",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "%s%n%d",
            "<b>&amp;",
        ):
            with self.subTest(text=text):
                self.bob.say(text)
                for person in self.everyone:
                    person.expect_chat(f"bob: {text}")

    def test_no_line_of_it_is_anybody_elses(self):
        for text, line in (
            ("two\nlines", "two\n  | lines"),
            ("\n* This server is stopping", "\n  | * This server is stopping"),
            ("hi\u2028alice: I quit", "hi\n  | alice: I quit"),
            ("hi\x85[whisper] alice to bob: psst\n", "hi\n  | [whisper] alice to bob: psst\n  | "),
            ("\u202eforged\u2066 \x7f\x9b2Jtext", "forged 2Jtext"),
            ("s\u0336o\u0332 =\u0338", "so =\u0338"),  # ≠ in two pieces is no line through anything
        ):
            with self.subTest(text=text):
                self.bob.say(text)
                for person in self.everyone:
                    person.expect_chat(f"bob: {line}")

    def test_no_line_of_a_long_one_either(self):
        self.bob.say("x" + "\n" * 16383)
        body = ""
        while len(body) < 1 + 16383 * 5:
            kind, part = self.alice.read_frame()
            self.assertEqual((kind, part[:5]), (b"4", b"bob: "))
            self.assertLessEqual(len(part), 16384)
            body += part[5:].decode()
        self.assertEqual(body, "x" + "\n  | " * 16383)

    def test_extended_peers_get_the_text_as_it_is(self):
        eve = self.enter(self.server, "eve")
        for text in ("two\nlines", "\u202eforged\u2028", "s\u0336"):
            self.bob.say(text)
            eve.expect_chat("bob", text)

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
