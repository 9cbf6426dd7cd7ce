#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What an extended client may not send, and what happens to it. PROTOCOL.md, "Frames" and "Errors"."""

from ahoytest import ETX, SOH, STX, SystemTest, build, frame, main

HEADING_MAX = 4 * 1024
BODY_MAX = 16 * 1024


class Errors(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice, self.bob = self.gather_extended(self.server, "alice", "bob")

    def assert_nothing_more(self):
        cid = self.alice.say("next")
        self.alice.expect_echo("next", cid)
        self.bob.expect_chat("alice", "next")


class ThatTheSessionSurvives(Errors):
    def test_bad_cids(self):
        for cid in ("1", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg", "                ", "０" * 16):
            with self.subTest(cid=cid):
                self.alice.say("refused", cid)
                self.alice.expect_error("bad-frame")
                self.alice.whisper("bob", "refused", cid)
                self.alice.expect_error("bad-frame")
        self.assert_nothing_more()

    def test_frames_that_make_no_sense(self):
        for number, data in enumerate(
            (
                build("3", "x", re="-1"),
                build("3", "x", re="one"),
                build("3", "x", re="18446744073709551616"),
                build("R", what="seen"),
                build("R", id=1),
                build("R", id="x", what="seen"),
                build("H", before="x"),
                build("H", limit="-1"),
                build("P", n="x"),
                build("2", "no comma"),
                build("3", "x", room="kitchen"),
                build("T", room=1, to="bob"),
                build("H", **{"room": 1, "with": "bob"}),
                frame("3", "x", b"cid=0123456789abcdef\x1fre=\xff\xfe"),
            )
        ):
            with self.subTest(number=number, data=data):
                self.alice.send(data)
                self.alice.expect_error("bad-frame")
        self.assert_nothing_more()

    def test_rooms_that_are_not_here(self):
        cid = self.alice.say("in the kitchen", room=1)
        self.alice.expect_error("no-room", cid=cid)
        for kind in ("T", "H"):
            self.alice.send_packet(kind, room=(1 << 64) - 1)
            self.alice.expect_error("no-room")
        self.alice.expect_echo("in room 0", self.alice.say("in room 0", room=0))
        self.bob.expect_chat("alice", "in room 0")
        self.assert_nothing_more()

    def test_fields_and_types_of_the_future(self):
        self.alice.send(
            build("3", "one", cid="00000000000000b1", colour="red", x="", mentions="bob")
            + build("Z", "what is that", a="1")
            + build("~", "")
            + build("9")
            + frame("%", "no heading")
            + frame("3", "two", b"cid=00000000000000b2\x1fnot a field\x1f=\x1f=x\x1fUPPER=1\x1f")
            + frame("3", "three", b"")
        )
        self.alice.expect_echo("one", "00000000000000b1")
        self.alice.expect_echo("two", "00000000000000b2")
        self.alice.expect_packet("4", "three")
        for text in ("one", "two", "three"):
            self.bob.expect_chat("alice", text)
        self.assert_nothing_more()

    def test_what_only_servers_say(self):
        self.alice.send(
            build("4", "forged", id=99, time=1, from_="bob")
            + build("W", "me too", v=2, id="a" * 26, self="x", last=1)
            + build("N", "hear ye", level="alarm")
            + build("E", "x", code="storage")
            + build("C", last=5)
            + build("h", more=1)
            + build("0", "bob", reason="banned")
        )
        self.assertEqual(self.alice.barrier(), [])
        self.assert_nothing_more()

    def test_fields_that_only_servers_set(self):
        self.alice.send(build("3", "honest", cid="00000000000000c1", id=77, time=5, from_="bob", replay=1))
        echo = self.alice.expect_echo("honest", "00000000000000c1")
        self.assertNotEqual((echo.id, echo.number("time")), (77, 5))
        self.bob.expect_chat("alice", "honest")

    def test_the_first_of_two_counts(self):
        self.alice.send(frame("3", "x", b"cid=00000000000000d1\x1fcid=00000000000000d2"))
        self.alice.expect_echo("x", "00000000000000d1")


class ThatEndIt(Errors):
    def assert_turned_out(self, data, code):
        client = self.enter(self.server, "eve")
        self.bob.wait_for("2", "eve")
        self.alice.wait_for("2", "eve")
        client.send(data)
        client.expect_turned_out(code)
        self.bob.wait_for("3", "eve")
        self.alice.wait_for("3", "eve")

    def test_faults(self):
        filler = b"x=" + b"y" * HEADING_MAX
        for name, data, code in (
            ("no start", b"hello", "start"),
            ("an end without a start", ETX, "start"),
            ("heading without a text", SOH + b"v=2" + SOH, "heading"),
            ("heading that ends at once", SOH + b"v=2" + ETX, "heading"),
            ("control character in a heading", SOH + b"v=\x07" + STX, "heading"),
            ("heading too long", SOH + filler, "heading-size"),
            ("heading without an end", SOH + filler * 3, "heading-size"),
            ("type", STX + b"\x1f", "type"),
            ("no type", STX + ETX, "type"),
            ("type of two bytes", STX + "é".encode(), "type"),
            ("start in a text", STX + b"3hello" + STX, "control"),
            ("control character in a text", STX + b"3hel\x00lo", "control"),
            ("body too long", STX + b"3" + b"x" * (BODY_MAX + 1), "body-size"),
            ("no UTF-8", STX + b"3\xff\xfe" + ETX, "text"),
            ("UTF-8 that is too long for what it says", STX + b"3\xc0\xaf" + ETX, "text"),
            ("a classic charset", STX + b"3" + "你好".encode("gb18030") + ETX, "text"),
        ):
            with self.subTest(name):
                self.assert_turned_out(data, code)
        self.assert_nothing_more()

    def test_what_came_before_the_fault_counts(self):
        client = self.enter(self.server, "eve")
        self.bob.wait_for("2", "eve")
        client.send(build("3", "last words", cid="00000000000000e1") + b"garbage" + build("3", "never", cid="00000000000000e2"))
        self.bob.expect_chat("eve", "last words")
        self.bob.expect_packet("3", "eve")
        dave = self.enter(self.server, "dave", since=0, since_server=client.arrival.welcome["id"])
        self.assertEqual(dave.arrival.texts(), ["last words"])

    def test_the_longest_heading(self):
        head = b"cid=00000000000000f1\x1fx="
        client = self.enter(self.server, "eve")
        client.send(frame("3", "fits", head + b"y" * (HEADING_MAX - len(head))))
        client.expect_echo("fits", "00000000000000f1")


if __name__ == "__main__":
    main()
