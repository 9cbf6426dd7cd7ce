#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Only so much waits for somebody who is away. PROTOCOL.md, "Whispers to people who are away"."""

from ahoytest import SystemTest, build, main, new_cid

OF_ONE = 200
IN_ALL = 2000


class Mailboxes(SystemTest):
    """bob has been here and has left."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice = self.enter(self.server, "alice")
        self.visit("bob")

    def visit(self, name, receipt=False):
        person = self.enter(self.server, name)
        if receipt:
            person.receipt(person.arrival.replay[-1].id, "delivered")
            person.barrier()
        person.close()
        self.alice.wait_for("3", name)
        return person.arrival

    def fill(self, sender, n=OF_ONE, text="x"):
        """Returns the cids."""
        cids = [new_cid() for _ in range(n)]
        sender.send(b"".join(build("2", f"bob,{text} {i}", cid=cid) for i, cid in enumerate(cids)))
        for cid in cids:
            sender.wait_for("4", cid=cid)
        return cids

    def assert_full(self, sender, text="one too many"):
        cid = sender.whisper("bob", text)
        error = sender.expect_error("mailbox-full", cid=cid)
        self.assertIn("bob", error.body)

    def restart(self):
        """What was noted until now is on the disk: it is written in order, and what is echoed has been written."""
        self.alice.wait_for("4", cid=self.alice.whisper("alice", "a knot in the handkerchief"))
        self.kill(self.server)
        self.server = self.start_again(self.server)
        self.alice = self.enter(self.server, "alice")

    def test_from_one(self):
        cids = self.fill(self.alice)
        self.assert_full(self.alice)
        self.assert_full(self.alice)

        # What was said before is echoed, not refused: its sender may have missed the echo.
        for cid in (cids[0], cids[-1]):
            self.alice.whisper("bob", "whatever", cid=cid)
            self.alice.wait_for("4", cid=cid)
        # Others have their share, and everybody else their mailbox.
        carol = self.enter(self.server, "carol")
        self.alice.expect_packet("2", "carol")
        carol.wait_for("4", cid=carol.whisper("bob", "from carol"))
        self.alice.wait_for("4", cid=self.alice.whisper("carol", "to carol"))
        classic = self.log_in(self.server, "dave")
        classic.whisper("bob", "from dave")
        self.assertIn("coming back", classic.expect_notice())

        arrival = self.visit("bob", receipt=True)
        self.assertEqual(arrival.texts(), [*(f"x {i}" for i in range(OF_ONE)), "from carol", "from dave"])
        self.fill(self.alice)
        self.assert_full(self.alice)

    def test_all_at_once(self):
        """What is on its way into the log counts."""
        self.alice.send(b"".join(build("2", f"bob,{i}", cid=new_cid()) for i in range(OF_ONE + 100)))
        kinds = []
        while len(kinds) < OF_ONE + 100:
            got = self.alice.read()
            kinds.append(got.get("code", got.kind))
        self.assertEqual((kinds.count("4"), kinds.count("mailbox-full")), (OF_ONE, 100))

    def test_bytes(self):
        self.fill(self.alice, 16, "y" * (16000))
        self.assert_full(self.alice, "y" * 16000)

    def test_across_a_restart(self):
        cids = self.fill(self.alice, OF_ONE - 1)
        self.restart()
        last = self.fill(self.alice, 1)
        self.assert_full(self.alice)
        for cid in (cids[5], *last):
            self.alice.whisper("bob", "whatever", cid=cid)
            self.alice.wait_for("4", cid=cid)
        self.restart()
        self.assert_full(self.alice)

        # Without a receipt all of it still waits; with one for some of it, the rest.
        bob = self.enter(self.server, "bob")
        bob.receipt(bob.arrival.replay[49].id, "delivered")
        bob.barrier()
        bob.close()
        self.alice.wait_for("3", "bob")
        self.restart()
        self.fill(self.alice, 50)
        self.assert_full(self.alice)

    def test_classic_senders_are_told(self):
        classic = self.log_in(self.server, "dave")
        for i in range(OF_ONE):
            classic.whisper("bob", f"{i}")
        for i in range(OF_ONE):
            self.assertIn("coming back", classic.expect_notice())
        classic.whisper("bob", "one too many")
        self.assertIn("nothing can be added", classic.expect_notice())

    def test_from_many(self):
        names = [f"guest {i}" for i in range(IN_ALL // OF_ONE)]
        for name in names:
            guest = self.enter(self.server, name)
            self.fill(guest)
            guest.close()
        self.alice.barrier()
        self.assert_full(self.alice)
        # Who is here gets everything.
        bob = self.enter(self.server, "bob")
        cid = self.alice.whisper("bob", "welcome back")
        self.alice.wait_for("4", cid=cid)
        bob.wait_for("4", "welcome back")


if __name__ == "__main__":
    main()
