#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Discovery: which datagrams are requests, and the bytes of the answers. PROTOCOL.md, "Discovery"."""

import os
import re

from ahoytest import CLASSIC_REQUEST, SystemTest, US, extended_request, main
from ahoytest.discovery import THIS_COMPUTER, parse_extended

NONCE = "00ff10ee20dd30cc"


class DiscoveryRequests(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.asker_ = self.asker()

    def ask(self, datagram):
        return self.asker_.ask(datagram, self.server.udp)

    def assert_unanswered(self, datagrams):
        """Only the good request behind each bad one is answered: one socket on loopback keeps the order."""
        for datagram in datagrams:
            with self.subTest(datagram=datagram[:80]):
                self.asker_.send(datagram, self.server.udp)
                self.assertEqual(self.ask(extended_request(NONCE)).split(US)[2], b"nonce=" + NONCE.encode())

    def test_classic_forms(self):
        self.assertEqual(len(CLASSIC_REQUEST), 37)
        port = str(self.server.tcp).encode()
        for end in (b"", b"\0", b"\r", b"\n", b"\r\n", b"\n\0", b"\r\n\0"):
            with self.subTest(end=end):
                self.assertEqual(self.ask(CLASSIC_REQUEST + end), port)

    def test_extended(self):
        port, fields = parse_extended(self.ask(extended_request(NONCE)))
        self.assertEqual(port, self.server.tcp)
        self.assertEqual(list(fields), ["v", "nonce", "id", "name", "users", "tls"])
        self.assertEqual(fields["v"], "2")
        self.assertEqual(fields["nonce"], NONCE)
        self.assertRegex(fields["id"], r"^[a-zA-Z2-7]{26}$")
        self.assertTrue(fields["name"])
        self.assertEqual(fields["users"], "0")
        self.assertIn(fields["tls"], ("0", "1"))

    def test_unknown_fields_are_ignored(self):
        _, fields = parse_extended(self.ask(extended_request(NONCE, b"color=blue", b"x=")))
        self.assertEqual(fields["nonce"], NONCE)

    def test_users_are_counted(self):
        people = self.gather(self.server, "alice", "bob")
        self.connect(self.server)  # somebody who is not logged in is not online
        _, fields = parse_extended(self.ask(extended_request(NONCE)))
        self.assertEqual(fields["users"], "2")
        people[1].close()
        people[0].expect_frame("3", "bob")
        _, fields = parse_extended(self.ask(extended_request(NONCE)))
        self.assertEqual(fields["users"], "1")

    def test_broadcast_on_this_computer(self):
        self.assertEqual(self.asker_.ask(CLASSIC_REQUEST, self.server.udp, THIS_COMPUTER), str(self.server.tcp).encode())

    def test_junk_is_unanswered(self):
        self.assert_unanswered(
            [
                b"",
                b"\0",
                b"\n",
                b"hello",
                b"REQUEST",
                CLASSIC_REQUEST[:-1],
                CLASSIC_REQUEST.lower(),
                b" " + CLASSIC_REQUEST,
                CLASSIC_REQUEST + b" ",
                CLASSIC_REQUEST + b"\0\0",
                CLASSIC_REQUEST + b"\n\n",
                CLASSIC_REQUEST + b"X",
                CLASSIC_REQUEST * 2,
                str(self.server.tcp).encode(),
                b"\xff" * 37,
                os.urandom(64),
                b"R" * 60000,
                CLASSIC_REQUEST + b"\0" * 1000,
            ]
        )

    def test_malformed_extended_requests_are_unanswered(self):
        self.assert_unanswered(
            [
                CLASSIC_REQUEST + US,
                CLASSIC_REQUEST + US + b"v=2",
                CLASSIC_REQUEST + US + b"v=2" + US + b"nonce=",
                CLASSIC_REQUEST + US + b"nonce=" + NONCE.encode(),
                extended_request(NONCE[:-1]),
                extended_request(NONCE + "0"),
                extended_request("0123456789abcdeg"),
                extended_request("0123456789abcde\0"),
                CLASSIC_REQUEST[:-1] + US + b"v=2" + US + b"nonce=" + NONCE.encode(),
            ]
        )


class LongNames(SystemTest):
    def test_a_reply_is_at_most_three_requests(self):
        server = self.start_server("--name", "Ahoy 你好 " * 40)
        asker = self.asker()
        request = extended_request(NONCE)
        reply = asker.ask(request, server.udp)
        self.assertLessEqual(len(reply), 3 * len(request))
        port, fields = parse_extended(reply)  # decodes: the name was cut between characters
        self.assertEqual(port, server.tcp)
        self.assertTrue(("Ahoy 你好 " * 40).startswith(fields["name"]))
        self.assertGreater(len(fields["name"]), 10)

    def test_the_name_is_the_one_given(self):
        server = self.start_server("--name", "Werkstatt 二")
        _, fields = parse_extended(self.asker().ask(extended_request(NONCE), server.udp))
        self.assertEqual(fields["name"], "Werkstatt 二")

    def test_a_name_cannot_forge_fields(self):
        server = self.start_server("--name", "a\x1ftls=1\x02b")
        _, fields = parse_extended(self.asker().ask(extended_request(NONCE), server.udp))
        self.assertEqual(list(fields), ["v", "nonce", "id", "name", "users", "tls"])
        self.assertIsNone(re.search(r"[\x00-\x1f]", fields["name"]))

    def test_the_id_survives_a_restart(self):
        ids = set()
        for _ in range(2):
            server = self.start_server("--data-dir", self.directory + "/kept")
            _, fields = parse_extended(self.asker().ask(extended_request(NONCE), server.udp))
            ids.add(fields["id"])
            server.stop()
        self.assertEqual(len(ids), 1)


if __name__ == "__main__":
    main()
