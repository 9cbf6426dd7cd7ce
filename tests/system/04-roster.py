#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Who is online: the roster at the log-in, then who joins and who leaves. PROTOCOL.md, "Classic types"."""

from ahoytest import SystemTest, frame, main


class Roster(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def test_everyone_once_and_yourself_last(self):
        people = self.gather(self.server, "alice", "bob", "carol")
        client = self.connect(self.server)
        client.send_frame("1", "dave")
        roster = [client.read_frame() for _ in range(4)]
        self.assertEqual(sorted(roster), [(b"1", b"alice"), (b"1", b"bob"), (b"1", b"carol"), (b"1", b"dave")])
        self.assertEqual(roster[-1], (b"1", b"dave"))
        client.say("hello")
        client.expect_chat("dave: hello")  # no `2` for oneself
        for person in people:
            person.expect(frame("2", "dave") + frame("4", "dave: hello"))

    def test_who_left_is_not_in_the_roster(self):
        alice, bob, carol = self.gather(self.server, "alice", "bob", "carol")
        bob.close()
        alice.expect_frame("3", "bob")
        carol.expect_frame("3", "bob")
        self.assertEqual(sorted(self.connect(self.server).log_in("dave")), ["alice", "carol"])

    def test_others_only(self):
        alice, bob = self.gather(self.server, "alice", "bob")
        carol = self.log_in(self.server, "carol")
        carol.close()
        for person in (alice, bob):
            person.expect(frame("2", "carol") + frame("3", "carol"))

    def test_who_is_not_logged_in_sees_nothing(self):
        waiting = self.connect(self.server)
        alice, bob = self.gather(self.server, "alice", "bob")
        alice.say("hello")
        bob.expect_chat("alice: hello")
        bob.close()
        alice.expect(frame("4", "alice: hello") + frame("3", "bob"))
        self.assertEqual(waiting.log_in("carol"), ["alice"])

    def test_coming_and_going_in_order(self):
        witness = self.log_in(self.server, "witness")
        for i in range(30):
            client = self.log_in(self.server, f"guest-{i}")
            client.close()
            witness.expect(frame("2", f"guest-{i}") + frame("3", f"guest-{i}"))

    def test_a_roster_and_what_comes_after_it_fit_together(self):
        """Whatever the order of things, the roster plus later joins and leaves is who is there."""
        self.log_in(self.server, "alice")
        guests = [self.connect(self.server) for _ in range(40)]
        for i, guest in enumerate(guests):
            guest.send_frame("1", f"guest-{i}")
        bob = self.connect(self.server)
        bob.send_frame("1", "bob")
        for guest in guests[::2]:
            guest.finish_sending()
        staying = {f"guest-{i}" for i in range(1, 40, 2)} | {"alice"}
        online = set(bob.read_roster("bob"))
        while online != staying:
            kind, body = bob.read_frame()
            name = body.decode()
            if kind == b"2":
                self.assertNotIn(name, online)
                online.add(name)
            else:
                self.assertEqual(kind, b"3")
                online.remove(name)


if __name__ == "__main__":
    main()
