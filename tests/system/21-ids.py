#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Every message has one id, larger than all before it, and all people see them in that order. PROTOCOL.md, "Ids"."""

import time

from ahoytest import SystemTest, build, frame, main

EACH = 200


class Ids(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def test_the_fields(self):
        alice, bob, carol = self.gather_extended(self.server, "alice", "bob", "carol")
        before = int(time.time() * 1000)
        cid = alice.say("one")
        one = alice.expect_echo("one", cid)
        after = int(time.time() * 1000)
        self.assertTrue(before <= one.number("time") <= after, (before, one, after))
        for person in (bob, carol):
            self.assertEqual(person.expect_chat("alice", "one").said(), one.said())
        self.assertEqual(set(one.fields), {"id", "time", "from", "cid"})

        cid = bob.say("two", re=one.id)
        two = bob.expect_echo("two", cid, re=one.id)
        self.assertGreater(two.id, one.id)
        self.assertEqual(alice.expect_chat("bob", "two", re=one.id).said(), two.said())
        carol.expect_chat("bob", "two", re=one.id)

        cid = carol.whisper("alice", "three")
        three = carol.expect_echo("three", cid, to="alice")
        self.assertGreater(three.id, two.id)
        self.assertEqual(alice.expect_chat("carol", "three", to="alice").said(), three.said())
        self.assertEqual(set(three.fields), {"id", "time", "from", "to", "cid"})

        alice.say("four", cid="")
        four = alice.expect_packet("4", "four", without=("cid", "replay"), from_="alice")
        self.assertGreater(four.id, three.id)
        self.assertEqual(bob.expect_chat("alice", "four").said(), four.said())  # and bob saw nothing of three

    def test_white_space_alone_is_nothing(self):
        alice = self.enter(self.server, "alice")
        for text in ("", " ", "\t\n"):
            alice.say(text)
        cid = alice.say("x")
        alice.wait_for("4", "x", cid=cid)

    def test_one_order_for_all(self):
        people = self.gather_extended(self.server, "alice", "bob", "carol")
        dave = self.log_in(self.server, "dave")
        for person in people:
            person.expect_packet("2", "dave")
        for i in range(EACH):
            for person in people:
                person.say(f"{person.name} {i}")
            dave.say(f"dave {i}")
        seen = [[person.expect_packet("4") for _ in range(4 * EACH)] for person in people]
        texts = [message.body for message in seen[0]]
        for sequence in seen:
            ids = [message.id for message in sequence]
            self.assertEqual(ids, sorted(set(ids)))
            self.assertEqual([message.said() for message in sequence], [message.said() for message in seen[0]])
        for name in ("alice", "bob", "carol", "dave"):
            self.assertEqual([text for text in texts if text.startswith(name)], [f"{name} {i}" for i in range(EACH)])
        for person, sequence in zip(people, seen):
            for message in sequence:
                self.assertEqual("cid" in message, message["from"] == person.name, message)
        dave.expect(b"".join(frame("4", f"{message['from']}: {message.body}") for message in seen[0]))

    def test_a_restart_goes_on_counting(self):
        ids = []
        server = self.server
        for i in range(4):
            alice = self.enter(server, "alice")
            self.assertEqual(alice.arrival.welcome.number("last"), max(ids, default=0))
            alice.send(b"".join(build("3", f"{i} {j}") for j in range(20)))
            ids += [alice.expect_packet("4", f"{i} {j}").id for j in range(20)]
            alice.close()
            if i % 2:
                self.kill(server)
            else:
                server.stop()
            server = self.start_again(server)
        self.assertEqual(ids, sorted(set(ids)))

    def test_last(self):
        alice = self.enter(self.server, "alice")
        for i in range(3):
            cid = alice.say(f"{i}")
            last = alice.expect_echo(f"{i}", cid)
        bob = self.enter(self.server, "bob")
        self.assertEqual(bob.arrival.welcome.number("last"), last.id)
        self.assertEqual(bob.arrival.caught_up.number("last"), last.id)


if __name__ == "__main__":
    main()
