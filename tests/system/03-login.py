#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Names: which are taken, which are refused, and that there is always another try. PROTOCOL.md, "Names"."""

from ahoytest import SystemTest, frame, main


class LogIn(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def test_alone(self):
        client = self.connect(self.server)
        client.send_frame("1", "alice")
        client.expect_frame("1", "alice")

    def test_what_is_sent_back_is_the_clean_name(self):
        for sent, clean in (
            (" alice ", "alice"),
            ("\tbob\n", "bob"),
            ("e\u0301mile", "émile"),
            ("two  words", "two  words"),
            ("日本 太郎", "日本 太郎"),
            ("x" * 32, "x" * 32),
            ("字" * 32, "字" * 32),
            ("O'Neil", "O'Neil"),
            ("a*b[c]", "a*b[c]"),
        ):
            with self.subTest(sent=sent):
                client = self.connect(self.server)
                client.send_frame("1", sent)
                client.expect_frame("1", clean)
                client.close()

    def test_bad_names_are_refused_and_another_try_follows(self):
        bad = (
            "",
            " ",
            "\t\n",
            "a,b",
            ",",
            "*",
            "*alice",
            "[alice",
            "[whisper] x",
            "x" * 33,
            "字" * 33,
            "a\u200bb",
            "a\u202eb",
            "\u2066a",
            "a\u00adb",
            "\ufeffalice",
            "a\nb",
            "a\tb",
            "a\u0085b",
        )
        client = self.connect(self.server)
        for name in bad:
            with self.subTest(name=name):
                client.expect_refusal(name)
        self.assertEqual(client.log_in("alice"), [])

    def test_taken_names_are_refused_and_another_try_follows(self):
        alice = self.log_in(self.server, "alice")
        client = self.connect(self.server)
        for name in ("alice", "Alice", "ALICE", "\uff41lice", "\u0430lice", "al\u0456ce"):  # case, full width, Cyrillic a and i
            with self.subTest(name=name):
                client.expect_refusal(name)
        self.assertEqual(client.log_in("bob"), ["alice"])
        alice.expect_frame("2", "bob")  # the refused tries were seen by nobody

    def test_look_alikes_in_other_scripts(self):
        self.log_in(self.server, "пасха")
        client = self.connect(self.server)
        client.expect_refusal("ПАСХА")
        client.expect_refusal("п\u0061\u0441ха")
        self.log_in(self.server, "Straße")
        client.expect_refusal("STRASSE")

    def test_somebody_who_logs_in_twice_keeps_the_first_name(self):
        alice, bob = self.gather(self.server, "alice", "bob")
        alice.send_frame("1", "alicia")
        alice.say("who am I?")
        while (answer := alice.read_frame()) != (b"4", b"alice: who am I?"):
            self.assertIn(answer[0], (b"0", b"4"), "a refusal or a notice")
        bob.expect_chat("alice: who am I?")  # nobody saw a change

    def test_a_name_is_free_when_its_owner_has_left(self):
        alice, bob = self.gather(self.server, "alice", "bob")
        client = self.connect(self.server)
        client.expect_refusal("alice")
        alice.close()
        bob.expect_frame("3", "alice")
        self.assertEqual(client.log_in("alice"), ["bob"])

    def test_log_in_and_talk_in_one_write(self):
        client = self.connect(self.server)
        client.send(frame("1", "*") + frame("3", "too early") + frame("1", "alice") + frame("3", "hello"))
        client.expect_frame("0", "*")
        client.expect_notice()
        client.expect(frame("1", "alice") + frame("4", "alice: hello"))


if __name__ == "__main__":
    main()
