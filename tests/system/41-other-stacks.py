#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""People who come by gnutls-cli and by openssl s_client: TLS as others made it, with and without a certificate. PROTOCOL.md, "TLS"."""

import os

from ahoytest import ExtendedClient, RawClient, Refused, SystemTest, main
from ahoytest.programpeer import gnutls_cli, openssl_s_client

# As little of GnuTLS's own idea of "normal" as it takes to have one version.
GNUTLS = {"1.2": "NORMAL:-VERS-ALL:+VERS-TLS1.2", "1.3": "NORMAL:-VERS-ALL:+VERS-TLS1.3"}
OPENSSL = {"1.2": "-tls1_2", "1.3": "-tls1_3"}


class OtherStacks(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.log_path = os.path.join(self.directory, "programs.log")

    def stacks(self, identity=None):
        """(name, a function that connects) of each."""
        for version, priority in GNUTLS.items():
            yield f"gnutls-{version}", lambda p=priority: gnutls_cli(self.server.tcp, self.log_path, p, identity)
        for version, option in OPENSSL.items():
            yield f"openssl-{version}", lambda o=option: openssl_s_client(self.server.tcp, self.log_path, o, identity=identity)

    def come(self, kind, connect):
        peer = kind(self.server.tcp, connected=connect())
        self.addCleanup(peer.close)
        return peer

    def test_all_of_them_in_one_room(self):
        people = [self.log_in(self.server, "plain")]
        for name, connect in self.stacks():
            newcomer = self.come(RawClient, connect)
            self.assertEqual(newcomer.log_in(name), [person.name for person in people])
            for person in people:
                person.expect_frame("2", name)
            people.append(newcomer)
        for speaker in people:
            text = f"this is {speaker.name}, 你好 " + "x" * 3000
            speaker.say(text)
            for person in people:
                person.expect_chat(f"{speaker.name}: {text}")
        people[1].whisper("openssl-1.3", "psst")
        for person in (people[1], people[-1]):
            person.expect_chat("[whisper] gnutls-1.2 to openssl-1.3: psst")
        gone = people.pop(1)
        gone.finish_sending()
        for person in people:
            person.expect_frame("3", gone.name)

    def test_extended_with_a_key(self):
        identity = self.make_identity("somebody")
        for name, connect in self.stacks(identity):
            with self.subTest(stack=name):
                peer = self.come(ExtendedClient, connect)
                arrival = peer.log_in(name)
                self.assertEqual(arrival.roster[-1].get("key"), identity.fingerprint)
                cid = peer.say("hello")
                peer.expect_echo("hello", cid)
                peer.close()

    def test_a_name_and_its_key_in_any_stack(self):
        """Whoever has the key has the name, whichever program they use; nobody else has."""
        owner, thief = self.make_identity("owner"), self.make_identity("thief")
        first = self.enter(self.server, "alice", tls=owner)
        first.close()
        for name, connect in self.stacks(thief):
            with self.subTest(stack=name), self.assertRaises(Refused):
                self.come(RawClient, connect).log_in("alice")
        for name, connect in self.stacks():
            with self.subTest(stack=name), self.assertRaises(Refused):
                self.come(RawClient, connect).log_in("alice")
        for name, connect in self.stacks(owner):
            with self.subTest(stack=name):
                peer = self.come(RawClient, connect)
                peer.log_in("alice")
                peer.close()

    def test_much_of_it(self):
        """More than one record holds, both ways."""
        for name, connect in self.stacks():
            with self.subTest(stack=name):
                peer = self.come(RawClient, connect)
                peer.log_in(name)
                # No more at a time than fits into a pipe: these programs do not listen while nobody reads.
                for i in range(0, 40, 4):
                    for j in range(i, i + 4):
                        peer.say(f"{j} " + "y" * 9000)
                    for j in range(i, i + 4):
                        peer.expect_chat(f"{name}: {j} " + "y" * 9000)
                peer.close()

    def test_the_goodbye_is_heard(self):
        people = []
        for name, connect in self.stacks():
            peer = self.come(RawClient, connect)
            peer.log_in(name)
            for person in people:
                person.expect_frame("2", name)
            people.append(peer)
        self.server.interrupt()
        for person in people:
            person.expect_notice()
            person.expect_end()
        self.assertEqual(self.server.wait(20), 0)


if __name__ == "__main__":
    main()
