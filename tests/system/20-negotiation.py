#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""How a session becomes extended, and how both dialects live in one room. PROTOCOL.md, "Becoming extended"."""

import time

from ahoytest import SystemTest, build, extended_request, frame, main
from ahoytest.discovery import parse_extended


class BecomingExtended(SystemTest):
    def test_the_welcome(self):
        server = self.start_server("--name", "Village hall", "--motd", "Be kind")
        began = int(time.time() * 1000)
        alice = self.connect_extended(server)
        arrival = alice.log_in(" alice ")
        welcome = arrival.welcome
        self.assertEqual((welcome["v"], welcome["name"], welcome["self"], welcome["last"]), ("2", "Village hall", "alice", "0"))
        self.assertEqual(welcome.body, "Be kind")
        _, discovered = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(welcome["id"], discovered["id"])
        self.assertEqual([person.body for person in arrival.roster], ["alice"])
        self.assertAlmostEqual(arrival.roster[0].number("since"), began, delta=20000)
        self.assertEqual(arrival.caught_up["last"], "0")
        self.assertEqual((arrival.replay, arrival.others), ([], []))

    def test_the_roster_ends_with_oneself(self):
        server = self.start_server()
        self.log_in(server, "zoe")
        self.log_in(server, "carol")
        bob = self.enter(server, "bob")
        self.assertEqual(sorted(bob.arrival.names()), ["carol", "zoe"])
        self.assertEqual(bob.arrival.roster[-1].body, "bob")

    def test_a_name_with_every_kind_of_letter(self):
        server = self.start_server()
        name = "日本 太郎 é = =="
        arrival = self.connect_extended(server).log_in(name)
        self.assertEqual(arrival.welcome["self"], name)
        bob = self.enter(server, "bob")
        self.assertEqual(bob.arrival.names(), [name])

    def test_which_versions_are_extended(self):
        server = self.start_server()
        for version, extended in (("2", True), ("3", True), ("17", True), ("1", False), ("0", False)):
            with self.subTest(version=version):
                client = self.connect_extended(server)
                client.send_packet("1", f"v{version}", v=version)
                if extended:
                    self.assertEqual(client.read_roster().welcome["v"], "2")
                    client.read_until_caught_up()
                else:
                    client.expect(b"\x021")
                client.close()

    def test_headings_without_a_version_are_classic(self):
        server = self.start_server()
        client = self.connect(server)
        client.send_frame("1", "alice", "agent=old/1.0")
        client.expect_frame("1", "alice")
        client.send_frame("3", "hello", "cid=0123456789abcdef")
        client.expect_chat("alice: hello")

    def test_fields_nobody_knows_are_ignored(self):
        server = self.start_server()
        client = self.connect_extended(server)
        client.send_packet("1", "alice", x_ray="1", v=2, colour="", zz="=a=b=")
        client.read_roster()
        client.read_until_caught_up()

    def test_a_byte_at_a_time(self):
        server = self.start_server()
        client = self.connect_extended(server)
        client.send_bytewise(build("1", "alice", v=2, agent="slow/1.0"))
        client.read_roster()
        client.read_until_caught_up()
        client.send_bytewise(build("3", "hello", cid="00000000000000aa"))
        client.expect_echo("hello", "00000000000000aa")

    def test_log_in_and_talk_in_one_write(self):
        server = self.start_server()
        client = self.connect_extended(server)
        client.send(build("1", "alice", v=2) + build("3", "hello", cid="00000000000000ab"))
        client.read_roster()
        client.read_until_caught_up()
        client.expect_echo("hello", "00000000000000ab")


class Refusals(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.enter(self.server, "alice")

    def test_reasons(self):
        client = self.connect_extended(self.server)
        for name, reason in (
            ("alice", "in-use"),
            ("Alice", "in-use"),  # people do not tell capitals apart either
            ("a1ice", "look-alike"),
            ("\u0430lice", "invalid"),  # Cyrillic and Latin
            ("bob: x", "invalid"),
            ("", "invalid"),
            ("*", "invalid"),
            ("a,b", "invalid"),
            ("x" * 33, "invalid"),
        ):
            with self.subTest(name=name):
                client.expect_refusal(name, reason)
        client.log_in("bob")

    def test_who_was_refused_once_stays_extended(self):
        client = self.connect_extended(self.server)
        client.expect_refusal("alice", "in-use")
        client.send_packet("1", "bob")
        self.assertEqual(client.read_roster().names(), ["alice"])
        client.read_until_caught_up()

    def test_the_first_try_with_a_version_decides(self):
        client = self.connect_extended(self.server)
        client.send_packet("1", "alice")
        client.expect(frame("0", "alice"))
        client.send_log_in("bob")
        client.read_roster()
        client.read_until_caught_up()

    def test_before_the_log_in(self):
        """What is known of a client before its log-in is nothing: it is answered in the classic dialect."""
        client = self.connect(self.server)
        client.send_frame("3", "hello", "cid=0123456789abcdef")
        client.expect_notice()
        client.log_in("bob")

    def test_a_second_log_in_changes_nothing(self):
        client = self.enter(self.server, "bob")
        client.send_log_in("bobby")
        client.expect_error("not-now")
        cid = client.say("who am I?")
        client.expect_echo("who am I?", cid)


class OneRoom(SystemTest):
    """alice speaks classic, bob and carol extended."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice = self.log_in(self.server, "alice")
        self.bob = self.enter(self.server, "bob")
        self.alice.expect_frame("2", "bob")
        self.carol = self.enter(self.server, "carol")
        self.alice.expect_frame("2", "carol")
        self.bob.expect_packet("2", "carol")

    def assert_nothing_more(self):
        self.alice.say("next")
        self.alice.expect_chat("alice: next")
        for person in (self.bob, self.carol):
            person.expect_chat("alice", "next")

    def test_extended_to_classic(self):
        cid = self.bob.say("hello\tyou\nand you")
        self.bob.expect_echo("hello\tyou\nand you", cid)
        self.carol.expect_chat("bob", "hello\tyou\nand you")
        self.alice.expect(b"\x024bob: hello\tyou\n  | and you\x03")
        self.assert_nothing_more()

    def test_classic_to_extended(self):
        self.alice.say("hello: you")
        self.alice.expect_chat("alice: hello: you")
        for person in (self.bob, self.carol):
            person.expect_packet("4", "hello: you", without=("to", "cid", "re", "replay"), from_="alice")
        self.assert_nothing_more()

    def test_whispers(self):
        cid = self.bob.whisper("alice", "psst")
        self.bob.expect_echo("psst", cid, to="alice")
        self.alice.expect_chat("[whisper] bob to alice: psst")
        self.alice.whisper("bob", "what")
        self.alice.expect_chat("[whisper] alice to bob: what")
        self.bob.expect_chat("alice", "what", to="bob")
        cid = self.bob.whisper("CAROL", "between us")
        self.bob.expect_echo("between us", cid, to="carol")
        self.carol.expect_chat("bob", "between us", to="carol")
        self.assert_nothing_more()

    def test_to_oneself(self):
        cid = self.bob.whisper("bob", "note")
        self.bob.expect_echo("note", cid, to="bob")
        self.assert_nothing_more()

    def test_what_the_classic_dialect_cannot_say_is_not_said(self):
        self.bob.send_packet("T")
        self.bob.send_packet("T", to="alice")
        self.bob.send_packet("A", "lunch")
        self.bob.send_packet("P", n=1)
        self.bob.wait_for("p")
        cid = self.bob.whisper("carol", "x")
        self.bob.wait_for("4", cid=cid)
        message = self.carol.wait_for("4", "x")
        self.carol.receipt(message.id, "seen")
        self.bob.wait_for("R")
        self.alice.say("next")
        self.alice.expect_chat("alice: next")

    def test_coming_and_going(self):
        dave = self.enter(self.server, "dave")
        self.alice.expect(frame("2", "dave"))
        joined = self.bob.expect_packet("2", "dave")
        self.assertEqual(joined["since"], dave.arrival.roster[-1]["since"])
        dave.send_packet("Q", "supper")
        dave.expect_end()
        self.alice.expect(frame("3", "dave"))
        self.bob.expect_packet("3", "dave", reason="supper")
        erin = self.enter(self.server, "erin")
        self.alice.expect(frame("2", "erin"))
        self.bob.expect_packet("2", "erin")
        erin.reset()
        self.alice.expect(frame("3", "erin"))
        self.bob.expect_packet("3", "erin", reason="lost")

    def test_text_is_utf_8_whatever_the_classic_charset(self):
        legacy = self.connect(self.server)
        legacy.send(b"\x021" + "旧".encode("gb18030") + b"\x03")
        while (seen := legacy.read_frame()) != (b"1", "旧".encode("gb18030")):
            self.assertEqual(seen[0], b"1")
        self.bob.expect_packet("2", "旧")
        self.carol.expect_packet("2", "旧")
        legacy.send(b"\x023" + "你好".encode("gb18030") + b"\x03")
        self.bob.expect_chat("旧", "你好")
        cid = self.carol.say("好")
        self.carol.wait_for("4", cid=cid)
        legacy.expect(b"\x024" + "旧: 你好".encode("gb18030") + b"\x03" + b"\x024" + "carol: 好".encode("gb18030") + b"\x03")

    def test_the_longest_text(self):
        text = "y" * (16 * 1024)
        cid = self.bob.say(text)
        self.bob.expect_echo(text, cid)
        self.carol.expect_chat("bob", text)
        kind, first = self.alice.read_frame()
        kind, rest = self.alice.read_frame()
        self.assertEqual(kind, b"4")
        self.assertEqual(first.removeprefix(b"bob: ") + rest.removeprefix(b"bob: "), text.encode())


if __name__ == "__main__":
    main()
