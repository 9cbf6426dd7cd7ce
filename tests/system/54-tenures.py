#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A name without a key gets nothing that was meant for somebody else under that name. PROTOCOL.md, "Tenures"."""

import os
import subprocess
import threading

from ahoytest import NO_LIMITS, Refused, SystemTest, main
from ahoytest.extendedclient import secret_of

OTHER = "another-secret-of-22-or-more"
# How somebody may hold a name and leave it to others: (what they show, whether it is released then).
HOLDERS = {"nobody": {"secret": None}, "a secret": {}, "a released key": {"key": True}, "a classic program": {"classic": True}}
# How somebody else may come to it. The last one owns it.
THIEVES = ({"secret": None}, {"secret": OTHER}, {"secret": None, "since": 0}, {"secret": OTHER, "since": 1}, {"classic": True}, {"key": True, "secret": OTHER, "since": 0})


class Tenures(SystemTest):
    """alice has a key, and whispers to people who come and go."""

    def setUp(self):
        super().setUp()
        self.server = self.start_server(*NO_LIMITS)
        self.hers, self.ours, self.theirs = (self.make_identity(name) for name in ("hers", "ours", "theirs"))
        self.enter_alice()

    def enter_alice(self):
        self.alice = self.enter(self.server, "alice", tls=self.hers)
        self.id = self.alice.arrival.welcome["id"]

    def restart(self, kill=False):
        if kill:
            self.kill(self.server)
        else:
            self.server.stop()
        self.server = self.start_again(self.server, *NO_LIMITS)
        self.enter_alice()

    def whisper(self, to, text):
        cid = self.alice.whisper(to, text)
        return self.alice.wait_for("4", text, cid=cid)

    def come(self, name, identity=None, classic=False, key=False, **options):
        if classic:
            return self.log_in(self.server, name)
        person = self.connect_extended(self.server, tls=identity if key else None)
        if "since" in options:
            options["since_server"] = self.id
        person.log_in(name, **options)
        return person

    def leave(self, person):
        person.close()
        self.alice.wait_for("3", person.name)

    def hold(self, name, classic=False, **shown):
        """Somebody is there, is whispered to and whispers; something may not have reached them."""
        person = self.come(name, self.ours, classic=classic, **shown)
        self.alice.wait_for("2", name)
        got = self.whisper(name, f"for the first {name}")
        person.whisper("alice", f"from the first {name}")
        sent = self.alice.wait_for("4", f"from the first {name}")
        self.alice.receipt(sent.id, "seen")
        if not classic:
            person.wait_for("R", id=sent.id)
            person.receipt(got.id, "delivered")
            self.alice.wait_for("R", id=got.id)
        self.whisper(name, f"not got by the first {name}")
        return person

    def assert_nothing(self, name, **shown):
        thief = self.come(name, self.theirs, **shown)
        self.alice.wait_for("2", name)
        if shown.get("classic"):
            thief.say("that is all")
            thief.expect_chat(f"{name}: that is all")
            self.leave(thief)
            return
        self.assertEqual([message.body for message in thief.arrival.replay if "to" in message], [], shown)
        self.assertEqual(thief.arrival.receipts(), [], shown)
        self.assertEqual(thief.history(with_="alice"), ([], False))
        self.assertEqual(thief.history(with_="alice", query="first")[0], [])
        for number in range(1, thief.arrival.caught_up.number("last") + 1):
            thief.receipt(number, "seen")
        thief.barrier()
        self.leave(thief)
        self.assertNotIn("R", [got.kind for got in self.alice.barrier()])

    def assert_all_thieves_get_nothing(self, prefix, end):
        """@end: what happens between."""
        people = []
        for holder, shown in HOLDERS.items():
            for number in range(len(THIEVES)):
                people.append((f"{prefix} {holder} {number}", THIEVES[number], shown))
        here = [self.hold(name, **shown) for name, _, shown in people]
        for name, _, shown in people:
            if "key" in shown:
                self.release(name)
        end(here)
        for name, thief, _ in people:
            with self.subTest(name=name, thief=thief):
                self.assert_nothing(name, **thief)

    def release(self, name):
        directory = self.server.command[self.server.command.index("--data-dir") + 1]
        result = subprocess.run([self.server.command[0], "names", "release", "--data-dir", directory, name], capture_output=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_while_the_server_runs(self):
        self.assert_all_thieves_get_nothing("bob", lambda here: [self.leave(person) for person in here])

    def test_across_a_crash(self):
        """They were there when it was killed, owners whose name was released among them."""
        self.assert_all_thieves_get_nothing("dora", lambda here: self.restart(kill=True))

    def test_a_crash_after_the_theft(self):
        """Who had the name before gets nothing of what was whispered to the thief, nor what waited for themselves."""
        self.leave(self.hold("bob"))
        thief = self.come("bob", secret=OTHER)
        self.whisper("bob", "for the second bob")
        thief.wait_for("4", "for the second bob")
        self.restart(kill=True)
        first = self.come("bob", since=0)
        self.assertEqual([message.body for message in first.arrival.replay if "to" in message], [])
        self.assertEqual(first.history(with_="alice"), ([], False))
        first.close()
        self.alice.wait_for("3", "bob")
        # And that was a theft, too.
        self.assert_nothing("bob", secret=OTHER, since=0)

    def test_the_moment_the_name_is_free(self):
        """Somebody tries all the time, while whispers are on their way."""
        for _ in range(5):
            bob = self.come("bob", secret=None)
            self.alice.wait_for("2", "bob")
            caught = []

            def lurk(caught=caught):
                while not caught:
                    client = self.connect_extended(self.server)
                    try:
                        caught.append(client.log_in("bob", secret=OTHER, since=0, since_server=self.id))
                    except Refused:
                        client.close()
                caught.append(client)

            lurker = threading.Thread(target=lurk)
            lurker.start()
            for number in range(100):
                self.alice.whisper("bob", f"for bob {number}")
            bob.wait_for("4", "for bob 0")
            bob.close()
            lurker.join(120)
            arrival, client = caught
            self.assertEqual([message.body for message in arrival.replay if "to" in message], [])
            client.close()
            self.alice.wait_for("2", "bob")
            self.alice.wait_for("3", "bob")

    def test_the_right_secret_gets_everything_once(self):
        bob = self.come("bob")
        self.assertEqual((self.alice.wait_for("2", "bob").get("kept"), bob.arrival.roster[-1].get("kept")), ("1", "1"))
        self.leave(bob)
        self.whisper("bob", "one")
        self.restart(kill=True)
        self.whisper("bob", "two")
        bob = self.come("bob")
        self.assertEqual(bob.arrival.texts(), ["one", "two"])
        bob.receipt(bob.arrival.replay[-1].id, "delivered")
        bob.barrier()
        self.leave(bob)
        self.restart()
        self.whisper("bob", "three")
        # With a key at last.
        bob = self.connect_extended(self.server, tls=self.ours)
        self.assertEqual(bob.log_in("bob").texts(), ["three"])
        self.assertEqual(bob.arrival.roster[-1].get("key"), self.ours.fingerprint)
        self.assertEqual([message.body for message in bob.history(with_="alice")[0]], ["one", "two", "three"])
        bob.receipt(bob.arrival.replay[-1].id, "delivered")
        bob.barrier()
        self.leave(bob)
        with self.assertRaises(Refused):
            self.come("bob")
        bob = self.come("bob", self.ours, key=True, secret=None)
        self.assertEqual(bob.arrival.texts(), [])
        self.assertEqual(len(bob.history(with_="alice")[0]), 3)

    def test_who_is_not_kept(self):
        bob = self.come("bob", secret=None)
        self.assertNotIn("kept", bob.arrival.roster[-1].fields)
        self.assertNotIn("kept", self.alice.wait_for("2", "bob").fields)
        self.whisper("bob", "live")
        self.leave(bob)
        cid = self.alice.whisper("bob", "not kept")
        self.alice.expect_error("not-here", cid=cid)
        # One's own side of it stays one's own.
        self.assertEqual([message.body for message in self.alice.history(with_="bob")[0]], ["live"])

    def test_a_ghost(self):
        """Whoever shows the secret of somebody who is there takes their place; nobody else does."""
        bob = self.come("bob")
        self.alice.wait_for("2", "bob")
        for options in ({"secret": None}, {"secret": OTHER}):
            client = self.connect_extended(self.server)
            client.send_log_in("bob", **options)
            client.expect_packet("0", reason="in-use")
        again = self.come("bob")
        bob.wait_for("E", code="replaced")
        bob.expect_end()
        self.whisper("bob", "hello")
        again.wait_for("4", "hello")
        self.assertNotIn("3", [got.kind for got in self.alice.barrier()])

    def test_a_repeat_tells_nothing(self):
        """Whoever knows the cid of a whisper from the one before hears what they say themselves."""
        for thief in ({"secret": None}, {"secret": OTHER}, {"key": True, "secret": OTHER}):
            with self.subTest(thief=thief):
                name = f"bob {len(thief)} {thief['secret'] is None}"
                bob = self.come(name)
                cid = bob.whisper("alice", "from the first one")
                first = bob.expect_echo("from the first one", cid, to="alice")
                bob.whisper("alice", "a repeat", cid)
                self.assertEqual(bob.read(), first)
                self.leave(bob)
                other = self.come(name, self.theirs, **thief)
                other.whisper("alice", "a guess", cid)
                other.expect_echo("a guess", cid, to="alice")
                self.leave(other)

    def test_malformed(self):
        client = self.connect(self.server)
        for secret in ("", "x" * 21, "x" * 65, "x" * 20 + " y z"):
            client.send_frame("1", "bob", f"v=2\x1fsecret={secret}")
            self.assertIn("secret", client.expect_notice())

    def test_nobody_is_shown_it(self):
        bob = self.hold("bob")
        self.whisper("bob", "one more")
        self.leave(bob)
        directory = self.server.command[self.server.command.index("--data-dir") + 1]
        self.server.stop()
        for name in os.listdir(directory):
            with open(os.path.join(directory, name), "rb") as file:
                self.assertNotIn(secret_of("bob").encode(), file.read(), name)
        self.assertNotIn(secret_of("bob"), self.server.log())


if __name__ == "__main__":
    main()
