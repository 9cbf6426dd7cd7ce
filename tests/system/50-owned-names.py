#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The first key that logs in under a name owns it. PROTOCOL.md, "Owning a name"."""

import os
import subprocess
import threading

from ahoytest import NO_LIMITS, Refused, SystemTest, client_context, frame, main


class Owned(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(*NO_LIMITS)
        self.ours = self.make_identity("ours")
        self.theirs = self.make_identity("theirs")

    def refuse(self, name, reason, **options):
        client = self.connect_extended(self.server, **options)
        client.expect_refusal(name, reason)
        client.close()

    def leave(self, client, witness):
        client.close()
        witness.wait_for("3", client.name)

    def assert_ours(self, name):
        """Nobody gets it but with our key."""
        for options in ({"tls": self.theirs}, {"tls": True}, {}):
            self.refuse(name, "owned", **options)
            client = self.connect(self.server, **options)
            client.expect_refusal(name)
            client.close()
        client = self.enter(self.server, name, tls=self.ours)
        client.close()

    def test_nobody_else_gets_it(self):
        bob = self.enter(self.server, "bob")
        alice = self.enter(self.server, "Alice", tls=self.ours)
        bob.expect_packet("2", "Alice", key=self.ours.fingerprint)
        self.refuse("alice", "owned", tls=self.theirs)
        self.refuse(" ALICE", "owned", tls=True)
        self.refuse("alice", "owned")
        self.refuse("a1ice", "look-alike")
        self.refuse("\N{CYRILLIC SMALL LETTER A}lice", "invalid")
        self.leave(alice, bob)
        self.assert_ours("alice")

    def test_nobody_else_looks_like_the_owner(self):
        """Whether the owner is there or not, after a restart, and as the owner writes it today; until the name is released."""
        nasty = ("MlKE", "MIKE\N{COMBINING LOW LINE}", "\u041c\u0406\u041a\u0415", "\u039c\u0399\u039a\u0395", "M\u0336ike", "rnike", "M1KE\u0305")
        reasons = dict.fromkeys(nasty, "look-alike") | {"Mik\u0435": "invalid", "mike: hi": "invalid", "\u2731mike": "invalid"}
        bob = self.enter(self.server, "bob")

        def assert_refused():
            for name, reason in reasons.items():
                self.refuse(name, reason, tls=self.theirs)
                self.refuse(name, reason)

        mike = self.enter(self.server, "mike", tls=self.ours)
        assert_refused()
        self.leave(mike, bob)
        assert_refused()
        self.leave(self.enter(self.server, "Mike", tls=self.ours), bob)
        self.server.stop()
        self.server = self.start_again(self.server, *NO_LIMITS)
        assert_refused()
        self.enter(self.server, "\u041c\u0406\u041a\u0415", tls=self.ours).close()
        self.enter(self.server, "MIKE", tls=self.ours).close()
        for name in ("mike", "\u041c\u0406\u041a\u0415"):
            self.assertEqual(self.run_server("names", "release", name, "--data-dir", self.server.data_dir).returncode, 0)
        self.enter(self.server, "\u041c\u0406\u041a\u0415", tls=self.theirs).close()
        self.refuse("mike", "look-alike", tls=self.ours)

    def test_nobody_looks_like_who_is_there(self):
        """Without any key."""
        bob = self.enter(self.server, "bob")
        ian = self.log_in(self.server, "Ian")
        self.refuse("lan", "look-alike")
        self.refuse("lan", "look-alike", tls=self.ours)
        self.connect(self.server).expect_refusal("lan")
        ian.close()
        bob.wait_for("3", "Ian")
        self.enter(self.server, "lan").close()

    def test_another_name_on_the_same_connection(self):
        self.enter(self.server, "alice", tls=self.ours).close()
        client = self.connect_extended(self.server, tls=self.theirs)
        client.expect_refusal("alice", "owned")
        client.log_in("alicia")
        self.refuse("alicia", "owned", tls=self.ours)

    def test_one_key_may_own_several(self):
        for name in ("alice", "alice at work", "小明"):
            self.enter(self.server, name, tls=self.ours).close()
            self.refuse(name, "owned", tls=self.theirs)

    def test_whoever_is_there_without_a_key_stays(self):
        bob = self.log_in(self.server, "bob")
        self.refuse("bob", "in-use", tls=self.ours)
        bob.finish_sending()
        bob.expect_end()
        self.enter(self.server, "bob", tls=self.ours)
        self.refuse("bob", "owned")

    def test_a_classic_program_over_tls_owns_its_name(self):
        client = self.log_in(self.server, "alice", tls=self.ours)
        client.say("hello")
        client.expect_chat("alice: hello")
        self.refuse("alice", "owned", tls=self.theirs)
        client.close()
        self.assert_ours("alice")

    def test_keys_of_every_kind(self):
        for kind in ("P-384", "Ed25519", "RSA-2048"):
            for version in ("1.2", "1.3"):
                with self.subTest(kind=kind, version=version):
                    name = f"{kind} {version}"
                    identity = self.make_identity(name.replace(" ", "-"), kind)
                    client = self.enter(self.server, name, tls=client_context(identity, version))
                    self.assertEqual(client.arrival.roster[-1]["key"], identity.fingerprint)
                    self.refuse(name, "owned", tls=self.theirs)
                    client.close()

    def test_who_is_told_of_keys(self):
        """Extended peers, of everybody who has one; classic peers never."""
        bob = self.enter(self.server, "bob")
        carol = self.log_in(self.server, "carol")
        bob.expect_packet("2", "carol", without=("key",))
        alice = self.enter(self.server, "alice", tls=self.ours)
        keys = [(person.body, person.get("key")) for person in alice.arrival.roster]
        self.assertEqual(keys, [("bob", None), ("carol", None), ("alice", self.ours.fingerprint)])
        bob.expect_packet("2", "alice", key=self.ours.fingerprint)
        dave = self.log_in(self.server, "dave", tls=self.theirs)
        bob.expect_packet("2", "dave", key=self.theirs.fingerprint)
        alice.close()
        dave.close()
        left = [bob.read(), bob.read()]
        self.assertEqual({(one.kind, one.body, one["key"]) for one in left},
                         {("3", "alice", self.ours.fingerprint), ("3", "dave", self.theirs.fingerprint)})
        carol.expect(frame("2", "alice") + frame("2", "dave"))
        carol.expect(b"".join(frame("3", one.body) for one in left))

    def test_of_two_at_once_one_gets_it(self):
        for number in range(20):
            name = f"prize {number}"
            outcomes = {}
            start = threading.Barrier(4)

            def race(who, identity, name=name, outcomes=outcomes, start=start):
                client = self.connect_extended(self.server, tls=identity)
                start.wait(60)
                try:
                    client.log_in(name, secret=None)
                    outcomes[who] = client.arrival.roster[-1].get("key")
                except Refused as refused:
                    outcomes[who] = str(refused)

            racers = [threading.Thread(target=race, args=racer)
                      for racer in (("ours", self.ours), ("theirs", self.theirs), ("nobody's", True), ("plain", None))]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join(120)
            winners = [who for who, outcome in outcomes.items() if "refused" not in str(outcome)]
            self.assertEqual(len(outcomes), 4, outcomes)
            self.assertEqual(len(winners), 1, outcomes)
            for who, outcome in outcomes.items():
                if who not in winners:
                    self.assertRegex(outcome, "reason=(owned|in-use)")

    def test_killed_right_after_the_log_in(self):
        for number in range(5):
            name = f"alice {number}"
            client = self.connect_extended(self.server, tls=self.ours)
            client.send_log_in(name)
            self.assertEqual(client.expect_packet("W")["self"], name)
            self.kill(self.server)
            self.server = self.start_again(self.server, *NO_LIMITS)
            self.refuse(name, "owned", tls=self.theirs)
            self.refuse(name, "owned")
        self.assert_ours("alice 0")

    def test_across_a_restart(self):
        self.enter(self.server, "alice", tls=self.ours)
        self.server.stop()
        self.server = self.start_again(self.server, *NO_LIMITS)
        self.assert_ours("alice")

    def test_in_memory(self):
        self.server = self.start_server("--store", "memory", *NO_LIMITS)
        self.enter(self.server, "alice", tls=self.ours).close()
        self.assert_ours("alice")


class Enough(SystemTest):
    """One key cannot have every name."""

    def setUp(self):
        super().setUp()
        self.ours = self.make_identity("ours")

    def refuse(self, server, name, reason="too-many"):
        client = self.connect_extended(server, tls=self.ours)
        client.expect_refusal(name, reason)
        client.close()

    def test_sixteen(self):
        server = self.start_server()
        for number in range(16):
            self.enter(server, f"alice {number}", tls=self.ours).close()
        self.refuse(server, "one more")
        self.connect(server, tls=self.ours).expect_refusal("one more")
        # Neither what it has, nor what others have, nor having none at all is changed by it.
        self.enter(server, "Alice 7", tls=self.ours).close()
        self.enter(server, "one more", tls=self.make_identity("theirs")).close()
        self.refuse(server, "one more", "owned")
        self.enter(server, "another one", tls=True).close()

    def test_as_the_operator_likes(self):
        server = self.start_server("--names-per-key", "1")
        self.enter(server, "alice", tls=self.ours).close()
        client = self.connect_extended(server, tls=self.ours)
        client.expect_refusal("bob", "too-many")
        client.log_in("alice")  # on the same connection
        client.close()
        self.assertEqual(server.stop(), 0)
        server = self.start_again(server, "--names-per-key", "1")
        self.refuse(server, "bob")
        data = server.command[server.command.index("--data-dir") + 1]
        self.assertEqual(self.run_server("names", "release", "alice", "--data-dir", data).returncode, 0)
        self.enter(server, "bob", tls=self.ours).close()
        self.refuse(server, "alice")


class FullDisk(SystemTest):
    def test_nobody_is_kept_out(self):
        disk = os.path.join(self.directory, "disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True, timeout=20)
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True, timeout=20)
        server = self.start_server("--data-dir", os.path.join(disk, "data"))
        server.expected = "full|space|disk|log"
        ours, theirs = self.make_identity("ours"), self.make_identity("theirs")
        bob = self.enter(server, "bob")
        ballast = os.path.join(disk, "ballast")
        state = os.statvfs(disk)
        with open(ballast, "wb") as file:
            file.write(b"\0" * (state.f_bavail * state.f_bsize - 200000))
        answer = None
        while answer != "E":
            bob.say("x" * 8000)
            answer = bob.read().kind
        # Not even a small thing fits any more.
        for number in range(200):
            self.enter(server, f"filler {number}").close()
            bob.wait_for("3", f"filler {number}")
        alice = self.enter(server, "alice", tls=ours)
        bob.wait_for("2", "alice")
        for options in ({"tls": theirs}, {}):
            self.connect_extended(server, **options).expect_refusal("alice", "owned")
        os.unlink(ballast)
        cid = alice.say("there is room again")
        alice.expect_echo("there is room again", cid)
        # What follows an echo was written after it, so this one tells that the claim was.
        cid = alice.say("and again")
        alice.expect_echo("and again", cid)
        self.kill(server)
        server = self.start_again(server)
        self.connect_extended(server, tls=theirs).expect_refusal("alice", "owned")
        self.enter(server, "alice", tls=ours)


if __name__ == "__main__":
    main()
