#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Older messages, a page at a time. PROTOCOL.md, "History"."""

from ahoytest import SystemTest, build, main

PAGE_MAX = 200


class History(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob = self.gather_extended(self.server, "alice", "bob")

    def say_all(self, texts):
        self.alice.send(b"".join(build("3", text) for text in texts))
        said = [self.alice.wait_for("4", text) for text in texts]
        self.bob.wait_for("4", texts[-1])
        return said

    def texts(self, **question):
        messages, more = self.bob.history(**question)
        ids = [message.id for message in messages]
        self.assertEqual(ids, sorted(set(ids)))
        return [message.body for message in messages], more

    def test_page_by_page(self):
        said = self.say_all([f"{i}" for i in range(25)])
        pages = []
        before = None
        more = True
        while more:
            page, more = self.bob.history(before=before, limit=10)
            pages.insert(0, page)
            before = page[0].id
        self.assertEqual([len(page) for page in pages], [5, 10, 10])
        self.assertEqual([message.said() for page in pages for message in page], [message.said() for message in said])

    def test_the_edges(self):
        self.assertEqual(self.texts(limit=10), ([], False))
        said = self.say_all(["one", "two", "three"])
        self.assertEqual(self.texts(limit=3), (["one", "two", "three"], False))
        self.assertEqual(self.texts(limit=2), (["two", "three"], True))
        self.assertEqual(self.texts(before=0, limit=1), (["three"], True))
        self.assertEqual(self.texts(before=said[2].id, limit=10), (["one", "two"], False))
        self.assertEqual(self.texts(before=said[0].id, limit=10), ([], False))
        self.assertEqual(self.texts(before=(1 << 63) - 1, limit=1), (["three"], True))
        self.assertEqual(self.texts(before=(1 << 64) - 1, limit=1), (["three"], True))

    def test_how_much_at_once(self):
        texts = [f"{i}" for i in range(PAGE_MAX + 50)]
        self.say_all(texts)
        self.assertEqual(self.texts(limit=100000), (texts[-PAGE_MAX:], True))
        some, more = self.texts()
        self.assertTrue(len(some) >= 20 and more, f"a page without a limit has {len(some)}")

    def test_one_conversation(self):
        carol = self.enter(self.server, "carol")
        self.bob.wait_for("2", "carol")
        for sender, to, text in (
            (self.alice, "bob", "a b"),
            (self.bob, "alice", "b a"),
            (carol, "bob", "c b"),
            (self.alice, "carol", "a c"),
        ):
            cid = sender.whisper(to, text)
            sender.wait_for("4", text, cid=cid)
        self.say_all(["everyone's"])
        carol.wait_for("4", "everyone's")
        self.assertEqual(self.texts(with_="alice", limit=10), (["a b", "b a"], False))
        self.assertEqual(self.texts(with_="ALICE", limit=1), (["b a"], True))
        self.assertEqual(self.texts(with_="carol", limit=10), (["c b"], False))
        self.assertEqual(self.texts(with_="bob", limit=10), ([], False))
        self.assertEqual(self.texts(with_="nobody", limit=10), ([], False))
        self.assertEqual(self.texts(limit=10), (["everyone's"], False))

    def test_own_messages_bear_their_cid(self):
        cid = self.bob.say("mine")
        self.bob.expect_echo("mine", cid)
        messages, _ = self.bob.history(limit=1)
        self.assertEqual(messages[0].get("cid"), cid)
        messages, _ = self.alice.wait_for("4", "mine") and self.alice.history(limit=1)
        self.assertNotIn("cid", messages[0])

    def test_search(self):
        self.say_all(["An apple a day", "pineapples", "plum", "100% sure", "under_score", "Äpfel und Birnen"])
        self.assertEqual(self.texts(query="apple", limit=10)[0], ["An apple a day", "pineapples"])
        self.assertEqual(self.texts(query="plum", limit=10)[0], ["plum"])
        self.assertEqual(self.texts(query="%", limit=10)[0], ["100% sure"])
        self.assertEqual(self.texts(query="_", limit=10)[0], ["under_score"])
        self.assertEqual(self.texts(query="Äpfel", limit=10)[0], ["Äpfel und Birnen"])
        self.assertEqual(self.texts(query="'; DROP TABLE messages; --", limit=10)[0], [])
        self.assertEqual(self.texts(query="apple", limit=1), (["pineapples"], True))

    def test_search_in_any_case(self):
        self.say_all(["Äpfel und BIRNEN", "ОДИССЕЙ", "Οδυσσεύς", "straße"])
        self.assertEqual(self.texts(query="äPFEL UND birnen")[0], ["Äpfel und BIRNEN"])
        self.assertEqual(self.texts(query="одиссей")[0], ["ОДИССЕЙ"])
        self.assertEqual(self.texts(query="ΣΣΕΎΣ")[0], ["Οδυσσεύς"])
        self.assertEqual(self.texts(query="STRASSE")[0], [])
        self.assertEqual(self.texts(query="ß")[0], ["straße"])

    def test_what_is_too_long_to_look_for(self):
        self.say_all(["ö" * 70])
        self.assertEqual(self.texts(query="Ö" * 64)[0], ["ö" * 70])
        self.bob.send_packet("H", query="ö" * 65)
        self.bob.expect_error("history")
        self.bob.send_packet("H", query="a" * 900 + "b")
        self.bob.expect_error("history")
        self.assertEqual(self.bob.barrier(), [])

    def test_how_many_bytes_at_once(self):
        """Who asks and does not read is handed no more than that."""
        texts = [f"{number} " + "x" * 16000 for number in range(40)]
        self.say_all(texts)
        found, more = self.texts()
        self.assertTrue(more)
        self.assertTrue(10 <= len(found) <= 17, len(found))
        self.assertEqual(found, texts[-len(found):])
        found, more = self.texts(query="x" * 64)
        self.assertTrue(more)
        self.assertTrue(10 <= len(found) <= 17, len(found))

    def test_after_a_restart(self):
        self.say_all(["one", "two"])
        self.kill(self.server)
        server = self.start_again(self.server)
        self.bob = self.enter(server, "bob")
        self.assertEqual(self.texts(limit=10), (["one", "two"], False))

    def test_two_questions_at_once(self):
        """The second is answered later or refused, never mixed with the first."""
        self.say_all([f"{i}" for i in range(PAGE_MAX)])
        self.bob.send(build("H", limit=PAGE_MAX) + build("H", limit=1))
        ends = errors = 0
        came = []
        while ends + errors < 2:
            got = self.bob.read()
            if got.kind == "h":
                ends += 1
            elif got.kind == "E":
                self.assertEqual(got["code"], "history")
                errors += 1
            else:
                came.append(got.body)
        self.assertGreaterEqual(ends, 1)
        whole = [f"{i}" for i in range(PAGE_MAX)]
        self.assertIn(came, (whole, whole + whole[-1:]))
        self.assertEqual(self.texts(limit=1), (whole[-1:], True))

    def test_asking_and_hanging_up(self):
        self.say_all([f"{i}" for i in range(PAGE_MAX)])
        for _ in range(20):
            eve = self.enter(self.server, "eve")
            eve.send(build("H", limit=PAGE_MAX))
            eve.reset()
            self.bob.wait_for("3", "eve")
        self.assertEqual(self.texts(limit=1)[1], True)


if __name__ == "__main__":
    main()
