#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""How far whispers have come is told to those who whispered, also later. PROTOCOL.md, "Receipts"."""

from ahoytest import SystemTest, build, main


class Receipts(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob, self.carol = self.gather_extended(self.server, "alice", "bob", "carol")

    def whisper(self, sender, to, text):
        """Its id, once both have it."""
        cid = sender.whisper(to.name, text)
        to.wait_for("4", text, from_=sender.name)
        return sender.wait_for("4", text, cid=cid).id

    def assert_nothing_more(self, *people):
        cid = self.carol.say("next")
        self.carol.wait_for("4", "next", cid=cid)
        for person in people or (self.alice, self.bob):
            person.expect_chat("carol", "next")

    def in_the_log(self, person):
        """Until what this person did last is committed."""
        cid = person.say("sync")
        person.wait_for("4", "sync", cid=cid)

    def test_delivered_and_seen(self):
        number = self.whisper(self.alice, self.bob, "one")
        for what in ("delivered", "seen"):
            self.bob.receipt(number, what)
            self.alice.expect_packet("R", id=number, what=what, by="bob")
        self.assert_nothing_more()

    def test_cumulative(self):
        ids = [self.whisper(self.alice, self.bob, f"{i}") for i in range(3)]
        self.bob.receipt(ids[2], "delivered")
        self.alice.expect_packet("R", id=ids[2], what="delivered", by="bob")
        self.bob.receipt(ids[0], "delivered")
        self.bob.receipt(ids[2], "delivered")
        self.bob.receipt(ids[1], "seen")
        self.alice.expect_packet("R", id=ids[1], what="seen", by="bob")
        self.bob.receipt(ids[0], "seen")
        self.bob.receipt(ids[2], "seen")
        self.alice.expect_packet("R", id=ids[2], what="seen", by="bob")
        self.assert_nothing_more()

    def test_many_that_only_the_log_knows(self):
        """More than the server asks its log about at one time, from somebody who does not wait: each counts, and in order."""
        ids = [self.whisper(self.alice, self.bob, f"{i}") for i in range(60)]
        self.server.stop()
        server = self.start_again(self.server)
        alice = self.enter(server, "alice")
        bob = self.enter(server, "bob")
        alice.wait_for("2", "bob")
        bob.send(b"".join(build("R", id=number, what="seen") for number in range(ids[-1] + 100)))
        self.assertEqual(bob.barrier(), [])
        self.assertEqual([alice.expect_packet("R", what="seen", by="bob").id for _ in ids], ids)
        # Who has whispered to nobody knows nothing new.
        bob.send(b"".join(build("R", id=number, what="seen") for number in range(ids[-1] + 100)))
        self.assertEqual(bob.barrier(), [])
        self.assertEqual(alice.barrier(), [])

    def test_each_sender_hears_of_their_own(self):
        from_alice = self.whisper(self.alice, self.bob, "a")
        from_carol = self.whisper(self.carol, self.bob, "c")
        self.bob.receipt(from_carol, "seen")
        self.carol.expect_packet("R", id=from_carol, what="seen", by="bob")
        self.bob.receipt(from_alice, "delivered")
        self.alice.expect_packet("R", id=from_alice, what="delivered", by="bob")
        self.assert_nothing_more()

    def test_only_of_whispers_to_oneself(self):
        number = self.whisper(self.alice, self.bob, "bob's")
        self.carol.receipt(number, "seen")
        self.alice.receipt(number, "seen")
        cid = self.alice.say("everyone's")
        number = self.alice.wait_for("4", cid=cid).id
        self.bob.wait_for("4", "everyone's")
        self.carol.wait_for("4", "everyone's")
        self.bob.receipt(number, "seen")
        for number in (0, number + 1, number + 1000, (1 << 64) - 1):
            self.bob.receipt(number, "seen")
        self.bob.send_packet("R", id=1, what="eaten")
        self.assertEqual(self.bob.barrier(), [])
        self.assert_nothing_more()

    def test_to_a_sender_who_was_away(self):
        ids = [self.whisper(self.alice, self.bob, f"{i}") for i in range(2)]
        other = self.whisper(self.alice, self.carol, "c")
        self.alice.close()
        self.bob.wait_for("3", "alice")
        self.bob.receipt(ids[1], "delivered")
        self.bob.receipt(ids[0], "seen")
        self.carol.receipt(other, "seen")
        self.bob.barrier()
        self.carol.barrier()
        expected = {("bob", "delivered", ids[1]), ("bob", "seen", ids[0]), ("carol", "seen", other)}
        self.alice = self.enter(self.server, "alice")
        self.assertLessEqual(expected, set(self.alice.arrival.receipts()))
        self.bob.receipt(ids[1], "seen")
        self.alice.wait_for("R", id=ids[1], what="seen", by="bob")

    def test_they_survive_a_crash(self):
        number = self.whisper(self.alice, self.bob, "one")
        self.bob.receipt(number, "seen")
        self.alice.expect_packet("R", id=number, what="seen", by="bob")
        self.in_the_log(self.bob)
        self.kill(self.server)
        server = self.start_again(self.server)
        alice = self.enter(server, "alice")
        self.assertIn(("bob", "seen", number), alice.arrival.receipts())
        self.assertEqual(self.enter(server, "bob").arrival.receipts(), [])
        self.assertEqual(self.enter(server, "bob2").arrival.replay, [])

    def test_of_messages_from_long_ago(self):
        """Longer ago than the server has in memory."""
        number = self.whisper(self.alice, self.bob, "old")
        self.in_the_log(self.alice)
        self.kill(self.server)
        server = self.start_again(self.server)
        alice, bob = self.gather_extended(server, "alice", "bob")
        self.assertEqual(bob.arrival.texts(), ["old"])
        bob.receipt(number, "delivered")
        alice.expect_packet("R", id=number, what="delivered", by="bob")
        bob.receipt(number, "seen")
        alice.expect_packet("R", id=number, what="seen", by="bob")

    def test_several_at_once_of_messages_from_long_ago(self):
        """Receipts that come while the server still looks one up in its log."""
        people = self.gather_extended(self.server_with_room(), "dora", "erik", "fred")
        ids = [self.whisper(sender, people[2], sender.name) for sender in people[:2]]
        self.in_the_log(people[0])
        self.kill(self.server)
        server = self.start_again(self.server)
        dora, erik, fred = self.gather_extended(server, "dora", "erik", "fred")
        for number in ids:
            for what in ("delivered", "seen"):
                fred.receipt(number, what)
        for sender, number in ((dora, ids[0]), (erik, ids[1])):
            for what in ("delivered", "seen"):
                sender.wait_for("R", id=number, what=what, by="fred")

    def server_with_room(self):
        for person in (self.alice, self.bob, self.carol):
            person.close()
        self.server.stop()
        self.server = self.start_again(self.server)
        return self.server

    def test_classic_senders_see_nothing_of_it(self):
        dave = self.log_in(self.server, "dave")
        dave.whisper("bob", "hello")
        dave.expect_chat("[whisper] dave to bob: hello")
        number = self.bob.wait_for("4", "hello").id
        self.bob.receipt(number, "seen")
        self.bob.barrier()
        dave.say("next")
        dave.expect_chat("dave: next")


if __name__ == "__main__":
    main()
