#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""TLS and plain text on one port, for both dialects, and what a server that wants TLS says to others. PROTOCOL.md, "TLS"."""

import os
import ssl
import stat
import warnings

from ahoytest import NO_LIMITS, SystemTest, TlsSocket, client_context, extended_request, fingerprint_of, frame, main
from ahoytest.discovery import parse_extended

VERSIONS = ("1.2", "1.3")


class OnePort(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()

    def test_classic(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                client = self.log_in(self.server, f"alice{version}", tls=client_context(version=version))
                self.assertEqual(client.socket.version(), f"TLSv{version}")
                client.say("hello 你好")
                client.expect_chat(f"alice{version}: hello 你好")
                client.finish_sending()
                client.expect_end()

    def test_extended(self):
        identity = self.make_identity("alice")
        for version in VERSIONS:
            with self.subTest(version=version):
                client = self.enter(self.server, f"alice{version}", tls=client_context(identity, version))
                cid = client.say("hello")
                client.expect_echo("hello", cid)
                client.finish_sending()
                client.expect_end()

    def test_everybody_hears_everybody(self):
        alice = self.log_in(self.server, "alice", tls=True)
        bob = self.log_in(self.server, "bob")
        alice.expect_frame("2", "bob")
        carol = self.enter(self.server, "carol", tls=self.make_identity("carol"))
        for person in (alice, bob):
            person.expect_frame("2", "carol")
        alice.say("from TLS")
        for person in (alice, bob):
            person.expect_chat("alice: from TLS")
        carol.expect_chat("alice", "from TLS")
        bob.whisper("carol", "from plain")
        bob.expect_chat("[whisper] bob to carol: from plain")
        carol.expect_chat("bob", "from plain", to="carol")
        carol.whisper("alice", "back")
        alice.expect_chat("[whisper] carol to alice: back")

    def test_all_of_a_long_text_arrives(self):
        alice = self.log_in(self.server, "alice", tls=True)
        bob = self.log_in(self.server, "bob", tls=client_context(version="1.2"))
        alice.expect_frame("2", "bob")
        for length in (1, 1000, 16000):
            alice.say("x" * length)
            for person in (alice, bob):
                person.expect_chat("alice: " + "x" * length)

    def test_a_record_may_hold_any_piece(self):
        client = self.connect(self.server, tls=True)
        for byte in frame("1", "alice") + frame("3", "one") + frame("3", "two"):
            client.send(bytes([byte]))
        client.expect(frame("1", "alice") + frame("4", "alice: one") + frame("4", "alice: two"))
        client.send(b"".join(frame("3", str(i)) for i in range(1000)))
        client.expect(b"".join(frame("4", f"alice: {i}") for i in range(1000)))

    def test_ciphertext_may_come_in_any_piece(self):
        client = self.log_in(self.server, "alice", tls=True)
        for byte in client.socket.seal(frame("3", "one")) + client.socket.seal(frame("3", "two")):
            client.socket.raw.sendall(bytes([byte]))
        client.expect(frame("4", "alice: one") + frame("4", "alice: two"))

    def test_messages_of_one_turn_are_not_a_record_each(self):
        alice = self.log_in(self.server, "alice", tls=True)
        bob = self.log_in(self.server, "bob")
        bob.send(b"".join(frame("3", f"{i:04}") for i in range(500)))
        bob.expect(b"".join(frame("4", f"bob: {i:04}") for i in range(500)))
        alice.expect_frame("2", "bob")
        before = alice.socket.records_heard()
        alice.expect(b"".join(frame("4", f"bob: {i:04}") for i in range(500)))
        self.assertLess(alice.socket.records_heard() - before, 100)

    def test_who_ends_without_a_word_is_gone(self):
        bob = self.log_in(self.server, "bob")
        alice = self.log_in(self.server, "alice", tls=True)
        bob.expect_frame("2", "alice")
        alice.close()
        bob.expect_frame("3", "alice")

    def test_the_goodbye_and_the_end_are_heard(self):
        people = [self.log_in(self.server, "alice", tls=True), self.log_in(self.server, "bob")]
        people[0].expect_frame("2", "bob")
        self.server.interrupt()
        for person in people:
            person.expect_turned_out()  # over TLS the end is a close_notify
        self.assertEqual(self.server.wait(20), 0)

    def test_a_fault_is_told(self):
        client = self.log_in(self.server, "alice", tls=True)
        client.send(b"x")
        client.expect_turned_out()
        client = self.enter(self.server, "bob", tls=True)
        client.send(b"x")
        client.expect_turned_out("start")

    def test_whoever_does_not_log_in_is_told(self):
        client = self.connect(self.server, tls=True)
        plain = self.connect(self.server)
        self.assertIn("log in", client.expect_turned_out())
        self.assertIn("log in", plain.expect_turned_out())


class WhoItIs(SystemTest):
    def test_the_id_is_proved(self):
        server = self.start_server("--name", "Village hall")
        _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(fields["tls"], "1")
        for version in VERSIONS:
            client = self.enter(server, f"alice{version}", tls=client_context(version=version))
            self.assertEqual(client.arrival.welcome["id"], client.socket.peer_fingerprint()[:26])
            self.assertEqual(fields["id"], client.socket.peer_fingerprint()[:26])

    def test_it_stays_the_same(self):
        server = self.start_server()
        first = self.log_in(server, "alice", tls=True).socket.peer_certificate()
        self.kill(server)
        server = self.start_again(server)
        self.assertEqual(self.log_in(server, "alice", tls=True).socket.peer_certificate(), first)

    def test_the_key_is_for_its_owner_alone(self):
        server = self.start_server()
        path = os.path.join(self.directory, "ahoyd-0-data", "server.pem")
        info = os.stat(path)
        self.assertEqual(stat.S_IMODE(info.st_mode), 0o600)
        with open(path, "rb") as file:
            pem = file.read()
        self.assertIn(b"PRIVATE KEY", pem)
        self.assertEqual(self.connect(server, tls=True).socket.peer_fingerprint(), fingerprint_of(pem))

    def test_there_is_nothing_to_resume(self):
        """Each connection proves both ends anew."""
        server = self.start_server()
        for version in VERSIONS:
            with self.subTest(version=version):
                context = client_context(version=version)
                client = self.log_in(server, f"alice{version}", tls=context)
                session = client.socket.tls.session
                self.assertFalse(session is not None and session.has_ticket)
                again = self.connect(server)
                again.socket = TlsSocket(again.socket, context, session)
                again.socket.handshake()
                self.assertFalse(again.socket.tls.session_reused)


class OldVersions(SystemTest):
    def test_they_are_refused(self):
        warnings.simplefilter("ignore", DeprecationWarning)  # Python's, about saying their names
        server = self.start_server()
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with self.subTest(version=version.name):
                context = client_context()
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = context.maximum_version = version
                with self.assertRaises(ssl.SSLError) as caught:
                    self.connect(server, tls=context)
                self.assertIn("PROTOCOL_VERSION", str(caught.exception).upper().replace(" ", "_"))
        self.assert_serving(server)

    def test_no_cipher_without_authentication_or_forward_secrecy(self):
        server = self.start_server()
        for ciphers in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "aNULL", "ECDHE-ECDSA-AES256-SHA"):
            with self.subTest(ciphers=ciphers):
                context = client_context(version="1.2")
                context.set_ciphers(ciphers + ":@SECLEVEL=0")
                with self.assertRaises(ssl.SSLError):
                    self.connect(server, tls=context)
        self.assert_serving(server)


class RequireTls(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server("--require-tls")

    def test_plain_sessions_are_told_and_closed(self):
        client = self.connect(self.server)
        client.send_frame("1", "alice")
        self.assertIn("TLS", client.expect_turned_out())
        client = self.connect_extended(self.server)
        client.send_log_in("alice")
        self.assertIn("TLS", client.expect_turned_out("tls-required").body)

    def test_whatever_they_say_first(self):
        for data in (frame("3", "hello"), frame("1", b"\xff\xff\xff"), frame("Z"), frame("1", "", heading="v=x")):
            with self.subTest(data=data):
                client = self.connect(self.server)
                client.send(data)
                client.expect_turned_out()

    def test_nobody_hears_of_them(self):
        bob = self.log_in(self.server, "bob", tls=True)
        client = self.connect(self.server)
        client.send(frame("1", "alice") + frame("3", "hello"))
        client.expect_turned_out()
        bob.say("quiet here")
        bob.expect_chat("bob: quiet here")

    def test_others_are_served(self):
        self.log_in(self.server, "alice", tls=True)
        self.enter(self.server, "bob", tls=self.make_identity("bob"))


class TurnedAway(SystemTest):
    """Who cannot stay is told so in the way they can read."""

    def check(self, server, code):
        client = self.connect(server, tls=True)
        client.send_frame("1", "late")
        client.expect_turned_out()
        client = self.connect(server)
        client.send_frame("1", "late")
        client.expect_turned_out()
        for tls in (None, True):
            client = self.connect_extended(server, tls=tls)
            client.send_log_in("late")
            if code == "full":
                client.expect_packet("0", "late", reason="full")
                client.expect_end()
            else:
                client.expect_turned_out(code)
        # Without a word of theirs too.
        self.connect(server, tls=True).expect_turned_out()
        self.connect(server).expect_turned_out()

    def test_full(self):
        server = self.start_server("--max-clients", "1")
        alice = self.log_in(server, "alice", tls=True)
        self.check(server, "full")
        alice.say("x")
        alice.expect_chat("alice: x")

    def test_crowded(self):
        server = self.start_server("--max-pending-per-address", "2")
        waiting = [self.connect(server, source="127.0.0.1"), self.connect(server, source="127.0.0.1", tls=True)]
        waiting[0].send(b"\0")
        self.check(server, "busy")
        other = self.log_in(server, "other", source="127.0.0.2")
        # Who logs in does not count any more.
        self.assertEqual(waiting[1].log_in("alice"), ["other"])
        other.expect_frame("2", "alice")
        self.assertEqual(self.log_in(server, "bob", tls=True).name, "bob")

    def test_barred(self):
        server = self.start_server("--failed-logins-per-minute", "3", "--max-clients", "50")
        bystander = self.log_in(server, "bob", tls=True)
        for tls, name in ((None, "*"), (True, "*"), (True, "bob")):
            client = self.connect(server, tls=tls)
            client.expect_refusal(name)
            client.close()
        still_there = self.connect(server)
        client = self.connect(server, tls=True)
        client.send_frame("1", "*")
        client.expect_frame("0", "*")
        self.assertIn("log-ins", client.expect_turned_out())
        self.check(server, "busy")
        # Another address has nothing to do with it, nor has who is here already.
        self.log_in(server, "carol", source="127.0.0.7")
        bystander.expect_frame("2", "carol")
        bystander.say("x")
        bystander.expect_chat("bob: x")
        still_there.send_frame("1", "bob")
        still_there.expect_frame("0", "bob")
        still_there.expect_turned_out()

    def test_an_extended_peer_whose_log_ins_failed(self):
        server = self.start_server("--failed-logins-per-minute", "2")
        client = self.connect_extended(server)
        for _ in range(3):
            client.expect_refusal("*", "invalid")
        client.expect_turned_out("busy")

    def test_no_limit(self):
        server = self.start_server(*NO_LIMITS)
        waiting = [self.connect(server) for _ in range(150)]
        for _ in range(100):
            waiting[-1].expect_refusal("*")
        self.assertEqual(waiting[0].log_in("alice"), [])

    def test_ipv6_by_network(self):
        server = self.start_server("--max-pending-per-address", "1")
        self.log_in(server, "alice", host="::1")
        first = self.connect(server, host="::1")
        self.connect(server, host="::1").expect_turned_out()
        self.connect(server, host="127.0.0.1")
        self.assertEqual(first.log_in("bob"), ["alice"])


if __name__ == "__main__":
    main()
