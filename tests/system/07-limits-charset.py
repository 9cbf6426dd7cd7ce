#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Text that is not UTF-8: classic peers from before it. PROTOCOL.md, "Text of classic peers"."""

from ahoytest import SystemTest, frame, main


class Gb18030(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def legacy(self, name, charset="gb18030"):
        client = self.connect(self.server)
        client.send(frame("1", name.encode(charset)))
        return client

    def test_a_session_speaks_one_charset_both_ways(self):
        alice = self.log_in(self.server, "alice")
        ming = self.legacy("小明")
        ming.expect(frame("1", "alice") + frame("1", "小明".encode("gb18030")))
        alice.expect_frame("2", "小明")
        ming.send_frame("3", "你好".encode("gb18030"))
        alice.expect_chat("小明: 你好")
        ming.expect_frame("4", "小明: 你好".encode("gb18030"))
        alice.say("欢迎 🦊 é")
        alice.expect_chat("alice: 欢迎 🦊 é")
        ming.expect_frame("4", "alice: 欢迎 🦊 é".encode("gb18030"))
        alice.whisper("小明", "嘘")
        alice.expect_chat("[whisper] alice to 小明: 嘘")
        ming.expect_frame("4", "[whisper] alice to 小明: 嘘".encode("gb18030"))
        ming.send_frame("2", "alice,好的".encode("gb18030"))
        alice.expect_chat("[whisper] 小明 to alice: 好的")

    def test_the_charset_may_show_late(self):
        alice, bob = self.gather(self.server, "alice", "bob")
        bob.send_frame("3", "plain")
        bob.expect_chat("bob: plain")
        bob.send_frame("3", "中文".encode("gb18030"))
        alice.expect(frame("4", "bob: plain") + frame("4", "bob: 中文"))
        bob.expect_frame("4", "bob: 中文".encode("gb18030"))

    def test_a_taken_name_is_refused_in_its_charset(self):
        self.log_in(self.server, "小明")
        client = self.legacy("小明")
        client.expect_frame("0", "小明".encode("gb18030"))
        client.send_frame("1", "小红".encode("gb18030"))
        client.expect(frame("1", "小明".encode("gb18030")) + frame("1", "小红".encode("gb18030")))

    def test_bytes_that_are_neither_are_turned_out(self):
        witness = self.log_in(self.server, "witness")
        for i, data in enumerate((b"\xff\xff", b"ok\xff", b"\x81", b"\xc3(\xff", b"\x80\x80\xff")):
            with self.subTest(data=data):
                client = self.log_in(self.server, f"guest-{i}")
                client.send_frame("3", data)
                client.expect_turned_out()
                witness.expect(frame("2", f"guest-{i}") + frame("3", f"guest-{i}"))

    def test_names_that_are_neither_are_turned_out(self):
        client = self.connect(self.server)
        client.send_frame("1", b"\xff\xfe")
        client.expect_turned_out()


class OtherCharsets(SystemTest):
    def test_what_a_charset_lacks_is_a_question_mark_for_that_session_alone(self):
        server = self.start_server("--classic-charset", "ISO-8859-1")
        alice, bob = self.gather(server, "alice", "bob")
        jose = self.connect(server)
        jose.send_frame("1", "José".encode("latin-1"))
        for person in (alice, bob):
            person.expect_frame("2", "José")
        self.assertEqual({jose.read_frame(), jose.read_frame()}, {(b"1", b"alice"), (b"1", b"bob")})
        jose.expect_frame("1", "José".encode("latin-1"))
        alice.say("né 你好 🦊")
        for person in (alice, bob):
            person.expect_chat("alice: né 你好 🦊")
        jose.expect_frame("4", "alice: né ?? ?".encode("latin-1"))

    def test_a_control_that_decoding_brings_out_is_refused(self):
        server = self.start_server("--classic-charset", "ISO-8859-1")
        client = self.log_in(server, "alice")
        client.send_frame("3", b"\xe9\x07")
        client.expect_turned_out()

    def test_a_charset_whose_bytes_collide_with_frames_is_no_choice(self):
        for name in ("UTF-16", "no-such-charset"):
            with self.subTest(name=name):
                result = self.run_server("--port", "0", "--data-dir", self.directory, "--classic-charset", name)
                self.assertIn(result.returncode, (1, 2))
                self.assertIn(name, result.stderr)


if __name__ == "__main__":
    main()
