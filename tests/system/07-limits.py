#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Every limit at its edge: what just fits, and what is turned out with a reason. PROTOCOL.md, "Frames" and "Limits"."""

from ahoytest import ETX, STX, SystemTest, frame, main

BODY_MAX = 16 * 1024
HEADING_MAX = 4 * 1024


class Limits(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.witness = self.log_in(self.server, "witness")

    def tearDown(self):
        self.assert_undisturbed()

    def assert_undisturbed(self):
        """Whatever was done to the server, the witness saw people come, talk and go, and nothing else, and still has its say."""
        self.witness.say("undisturbed")
        while (seen := self.witness.read_frame()) != (b"4", b"witness: undisturbed"):
            self.assertTrue(seen[0] in b"23" or seen[1].endswith(b": still here"), seen)

    def assert_turned_out(self, data, name="alice"):
        """Sends it after a log-in: a notice says why, the connection ends, the others see the person leave."""
        client = self.log_in(self.server, name)
        self.witness.expect_frame("2", name)
        client.send(data)
        client.expect_turned_out()
        self.witness.expect_frame("3", name)
        # and before the log-in
        client = self.connect(self.server)
        client.send(data)
        client.expect_turned_out()

    def test_the_longest_body(self):
        client = self.log_in(self.server, "alice")
        client.send_frame("9", "x" * BODY_MAX)  # an unknown type: only its size matters
        client.say("still here")
        client.expect_chat("alice: still here")

    def test_a_body_too_long(self):
        self.assert_turned_out(frame("9", "x" * (BODY_MAX + 1)))
        self.assert_turned_out(frame("3", "x" * (BODY_MAX + 1)))

    def test_a_body_without_an_end(self):
        self.assert_turned_out(STX + b"3" + b"x" * (BODY_MAX + 1))

    def test_a_flood_of_a_body_gets_its_answer_too(self):
        """Megabytes that nobody reads any more must not make the kernel throw the answer away."""
        client = self.log_in(self.server, "alice")
        try:
            client.send(STX + b"3" + b"x" * (3 << 20))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was turned out meanwhile
        client.expect_notice()

    def test_the_limit_counts_bytes(self):
        client = self.log_in(self.server, "alice")
        client.send_frame("9", "字" * (BODY_MAX // 3) + "x" * (BODY_MAX % 3))
        client.say("still here")
        client.expect_chat("alice: still here")
        self.witness.expect(frame("2", "alice") + frame("4", "alice: still here"))
        self.assert_turned_out(frame("9", "字" * (BODY_MAX // 3 + 1)), name="bob")

    def test_the_longest_say_that_fits(self):
        alice = self.log_in(self.server, "alice")
        self.witness.expect_frame("2", "alice")
        text = "y" * (BODY_MAX - len("alice: "))
        alice.say(text)
        for person in (alice, self.witness):
            person.expect_chat(f"alice: {text}")

    def test_a_say_that_fits_only_without_its_sender(self):
        """The body is within the limit, and so is every body that is sent: what does not fit goes on in another line, and nothing is lost."""
        alice = self.log_in(self.server, "alice")
        self.witness.expect_frame("2", "alice")
        text = "字" * (BODY_MAX // 3) + "z" * (BODY_MAX % 3)
        alice.say(text)
        for person in (alice, self.witness):
            heard = ""
            while len(heard) < len(text):
                kind, body = person.read_frame()
                self.assertEqual((kind, body[:7]), (b"4", b"alice: "))
                self.assertLessEqual(len(body), BODY_MAX)
                heard += body[7:].decode()
            self.assertEqual(heard, text)

    def test_the_longest_heading(self):
        client = self.connect(self.server)
        client.send_frame("1", "alice", heading="x=" + "y" * (HEADING_MAX - 2))
        client.expect(frame("1", "witness") + frame("1", "alice"))
        client.send_frame("9", "x" * BODY_MAX, heading="x=" + "y" * (HEADING_MAX - 2))
        client.say("still here")
        client.expect_chat("alice: still here")

    def test_a_heading_too_long(self):
        self.assert_turned_out(frame("3", "hello", heading="x=" + "y" * (HEADING_MAX - 1)))

    def test_a_heading_without_an_end(self):
        self.assert_turned_out(b"\x01" + b"x" * (HEADING_MAX + 1))

    def test_bytes_that_cannot_start_a_frame(self):
        for data in (
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"hello",
            b"1alice",
            ETX,
            b"\x1f",
            b"\x00 \x00",
            b"\t",
            b"\xff",
            b"\x7f",
            b"SSH-2.0-x\r\n",
        ):
            with self.subTest(data=data):
                self.assert_turned_out(data)

    def test_junk_between_frames(self):
        client = self.log_in(self.server, "alice")
        client.send(frame("9") + b"x" + frame("3", "never said"))
        client.expect_turned_out()

    def test_types_that_are_not_printable(self):
        for kind in (ETX, b"\x07", b"\n", b"\0", b"\x7f", "é".encode(), b"\xff", STX):
            with self.subTest(kind=kind):
                self.assert_turned_out(STX + kind + b"hello" + ETX)

    def test_controls_in_a_body(self):
        allowed = (0x02, 0x03, 0x09, 0x0A)  # ETX ends the frame; STX has a test of its own
        for code in range(0x20):
            if code not in allowed:
                with self.subTest(code=hex(code)):
                    self.assert_turned_out(frame("3", b"a" + bytes([code]) + b"b"))

    def test_a_start_inside_a_body(self):
        self.assert_turned_out(STX + b"3one" + frame("3", "two"))

    def test_controls_in_a_heading(self):
        for code in (0x00, 0x01, 0x03, 0x07, 0x0A, 0x0D):
            with self.subTest(code=hex(code)):
                self.assert_turned_out(b"\x01x=a" + bytes([code]) + frame("3", "hello"))


class SlowReader(SystemTest):
    def test_it_is_closed_and_nobody_else_waits(self):
        """Some 30 MB go to three people; one of them does not read. Kernels buffer a few megabytes, the server 4 MiB more."""
        server = self.start_server()
        alice, bob = self.gather(server, "alice", "bob")
        self.log_in(server, "slow", receive_buffer=4096)
        for person in (alice, bob):
            person.expect_frame("2", "slow")
        text = "x" * 16000
        left = {alice: 0, bob: 0}
        for i in range(2000):
            alice.say(f"{i} {text}")
            for person in (alice, bob):
                kind, body = person.read_frame()
                if kind == b"3":
                    self.assertEqual(body, b"slow")
                    left[person] += 1
                    kind, body = person.read_frame()
                self.assertEqual((kind, body), (b"4", f"alice: {i} {text}".encode()))
            if all(left.values()):
                break
        self.assertEqual(list(left.values()), [1, 1], "the slow reader has left, once")
        self.assert_serving(server, "slow")  # its name is free


if __name__ == "__main__":
    main()
