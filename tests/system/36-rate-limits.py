#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Who says more than people do is read more slowly, loses nothing, and holds up nobody else. PROTOCOL.md, "Connections"."""

from ahoytest import SystemTest, build, frame, main, new_cid

# So slow that nothing which a test does meanwhile takes as long as the next message.
SLOW = ("--rate", "1", "--burst", "5")


def say_all(texts):
    return b"".join(build("3", text, cid=new_cid()) for text in texts)


class Rates(SystemTest):
    def read_all(self, person, *texts):
        """The echoes of these, in order. Returns the `E`s that came between them."""
        errors = []
        for text in texts:
            while (got := person.read()).kind == "E":
                errors.append(got)
            self.assertEqual((got.kind, got.body), ("4", text))
        return errors

    def test_more_than_the_burst(self):
        server = self.start_server("--rate", "10", "--burst", "5")
        alice, bob = self.gather_extended(server, "alice", "bob")
        texts = [f"message {i}" for i in range(20)]
        alice.send(say_all(texts))
        told = self.read_all(alice, *texts)
        self.assertEqual([error["code"] for error in told], ["slow-down"])
        self.assertGreater(told[0].number("wait"), 0)
        self.assertNotIn("cid", told[0])
        self.assertEqual(self.read_all(bob, *texts), [])

    def test_classic_peers_are_told_nothing(self):
        server = self.start_server("--rate", "10", "--burst", "5")
        alice = self.log_in(server, "alice")
        texts = [f"message {i}" for i in range(12)]
        alice.send(b"".join(frame("3", text) for text in texts))
        for text in texts:
            alice.expect_chat(f"alice: {text}")

    def test_nobody_else_waits(self):
        server = self.start_server(*SLOW)
        flooder, alice, bob = self.gather_extended(server, "flooder", "alice", "bob")
        flooder.send(say_all(f"flood {i}" for i in range(60)))
        flooder.wait_for("E", code="slow-down")
        cid = alice.say("innocent")
        echo = alice.wait_for("4", "innocent", cid=cid)
        bob.wait_for("4", "innocent", from_="alice")
        # The flooder hears of it long before the log has all of theirs.
        came = flooder.wait_for("4", "innocent", from_="alice")
        self.assertEqual(came.id, echo.id)
        self.assertLess(came.id, 40)

    def test_coming_back_does_not_help(self):
        """What was sent belongs to the name, and so does each log-in."""
        server = self.start_server(*SLOW)
        alice, bob = self.gather_extended(server, "alice", "bob")
        key = self.make_identity("flooder")
        for _ in range(15):
            flooder = self.enter(server, "flooder", tls=key)
        flooder.say("too early")
        cid = alice.say("innocent")
        alice.wait_for("4", "innocent", cid=cid)
        self.assertEqual([got.body for got in bob.barrier() if got.kind == "4"], ["innocent"])

    def test_an_address_has_more_than_a_person(self):
        server = self.start_server(*SLOW)
        people = self.gather_extended(server, *(f"person {i}" for i in range(8)))
        said = [[person.say("hello"), person.say("hello again")] for person in people]
        for person, cids in zip(people, said):
            came = person.barrier()
            while not all(any(got.get("cid") == cid for got in came) for cid in cids):
                came.append(person.read())
            self.assertEqual([got for got in came if got.kind == "E"], [])

    def test_bytes(self):
        server = self.start_server("--rate", "0", "--rate-bytes", "30000")
        alice = self.enter(server, "alice")
        texts = [f"{i}".zfill(16000) for i in range(8)]
        alice.send(say_all(texts))
        told = self.read_all(alice, *texts)
        self.assertEqual([error["code"] for error in told], ["slow-down"])

    def test_unknown_types_cost_bytes_and_no_messages(self):
        server = self.start_server("--rate", "1", "--burst", "3", "--rate-bytes", "0")
        alice = self.enter(server, "alice")
        alice.send(frame("9", "x") * 200)
        self.assertEqual(alice.barrier(), [])

    def test_mistakes_are_messages(self):
        """Each would be answered with a sentence."""
        server = self.start_server(*SLOW)
        alice = self.enter(server, "alice")
        alice.send(frame("R", "") * 100)
        codes = []
        while "slow-down" not in codes:
            codes.append(alice.expect_packet("E")["code"])
        self.assertEqual(set(codes), {"bad-frame", "slow-down"})
        self.assertLess(len(codes), 50)

    def test_away_and_typing_are_messages(self):
        server = self.start_server(*SLOW)
        alice, bob = self.gather_extended(server, "alice", "bob")
        alice.send(b"".join(build("A", f"away {i % 2}") for i in range(50)) + build("P", n=7))
        alice.wait_for("E", code="slow-down")
        cid = bob.say("hello")
        came = 0
        while (got := bob.read()).kind != "4":
            came += got.kind == "A"
        self.assertEqual(got["cid"], cid)
        self.assertLess(came, 40)
        carol = self.enter(server, "carol")
        carol.send(build("T") * 20)
        carol.wait_for("E", code="slow-down")

    def test_storms_of_log_ins(self):
        """Each comes to the ears of everybody, so an address has only so many: the next one waits until that is paid for."""
        server = self.start_server("--rate", "1", "--burst", "1", "--max-pending-per-address", "0")
        watcher = self.enter(server, "watcher", source="127.0.0.2")
        storm = [self.connect(server) for _ in range(200)]
        for i, guest in enumerate(storm):
            guest.send_frame("1", f"guest {i}")
        watcher.wait_for("2")
        late = self.connect(server)
        late.send_frame("1", "late")
        self.log_in(server, "elsewhere", source="127.0.0.3")
        came = [got.body for got in watcher.barrier() if got.kind == "2"]
        self.assertIn("elsewhere", came)
        self.assertNotIn("late", came)

    def test_the_limits_can_be_switched_off(self):
        server = self.start_server("--rate", "0", "--rate-bytes", "0")
        alice = self.enter(server, "alice")
        texts = [f"{i}" for i in range(500)]
        alice.send(say_all(texts))
        self.assertEqual(self.read_all(alice, *texts), [])

    def test_as_shipped(self):
        """What a person does in one go is no matter."""
        server = self.start_server(as_shipped=True)
        alice = self.enter(server, "alice")
        texts = [f"{i}" for i in range(35)]
        alice.send(say_all(texts))
        self.assertEqual(self.read_all(alice, *texts), [])


if __name__ == "__main__":
    main()
