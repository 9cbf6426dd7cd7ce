#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""How long messages are kept, and what stays of those that were not. ahoyd(8), "The log"."""

import os
import sqlite3
import time

from ahoytest import PATIENCE, Clock, SystemTest, build, main

DAY = 24 * 60 * 60 * 1000
LINE = "x" * 2000


class Retention(SystemTest):
    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "data")
        self.log = os.path.join(self.data, "log.sqlite")
        self.said = []

    def serve(self, *options):
        return self.start_server("--data-dir", self.data, *options)

    def say(self, server, texts):
        alice = self.enter(server, "alice")
        self.id = alice.arrival.welcome["id"]
        for text in texts:
            cid = alice.say(text)
            self.said.append(alice.expect_echo(text, cid))
        alice.close()

    def age(self, days, until):
        """The messages up to this id are so old."""
        with sqlite3.connect(self.log) as database:
            for table in ("events", "said"):
                database.execute(f"UPDATE {table} SET time = time - ? WHERE id <= ?", (days * DAY, until))
        database.close()

    def read_log(self, question):
        with sqlite3.connect(self.log) as database:
            (number,) = database.execute(question).fetchone()
        database.close()
        return number

    def everything(self, server, name):
        person = self.enter(server, name, since=0, since_server=self.id)
        person.close()
        return [message.id for message in person.arrival.replay]

    def assert_becomes(self, server, ids, seconds=60 * PATIENCE):
        """It is done a little at a time."""
        end = time.monotonic() + seconds
        number = 0
        while (now := self.everything(server, f"viewer{number}")) != ids:
            self.assertLess(time.monotonic(), end, now)
            number += 1
            time.sleep(0.05)

    def test_days(self):
        server = self.serve()
        self.say(server, [f"{i}" for i in range(300)])
        server.stop()
        ids = [message.id for message in self.said]
        self.age(10, ids[249])

        server = self.serve("--keep-days", 11)
        self.assertEqual(self.enter(server, "bob").arrival.welcome["keep"], "11")
        self.assertEqual(self.everything(server, "carol"), ids)
        server.stop()

        server = self.serve("--keep-days", 9)
        self.assert_becomes(server, ids[250:])
        alice = self.enter(server, "alice")
        self.assertEqual(alice.arrival.welcome["keep"], "9")
        self.assertEqual(alice.arrival.welcome.number("last"), ids[-1])
        # What is forgotten is still not said twice, nor is its id given again.
        alice.say("0", self.said[0]["cid"])
        again = alice.read()
        self.assertEqual((again.id, again["cid"]), (ids[0], self.said[0]["cid"]))
        cid = alice.say("new")
        self.assertEqual(alice.expect_echo("new", cid).id, ids[-1] + 1)
        messages, more = alice.history(limit=200)
        self.assertEqual(([message.id for message in messages], more), (ids[250:] + [ids[-1] + 1], False))

    def test_all_of_it_is_old(self):
        server = self.serve()
        self.say(server, ["one", "two"])
        server.stop()
        self.age(400, self.said[-1].id)
        server = self.serve()
        self.assert_becomes(server, [])
        alice = self.enter(server, "alice")
        self.assertEqual(alice.arrival.welcome.number("last"), self.said[-1].id)
        cid = alice.say("three")
        self.assertGreater(alice.expect_echo("three", cid).id, self.said[-1].id)

    def test_for_ever(self):
        server = self.serve()
        self.say(server, ["one", "two"])
        server.stop()
        self.age(4000, self.said[-1].id)
        server = self.serve("--keep-days", 0)
        self.assertEqual(self.enter(server, "bob").arrival.welcome.get("keep", "0"), "0")
        self.assertEqual(self.everything(server, "carol"), [message.id for message in self.said])

    def test_megabytes(self):
        server = self.serve()
        alice = self.enter(server, "alice")
        self.id = alice.arrival.welcome["id"]
        ids = []
        for _ in range(9):
            alice.send(build("3", LINE) * 1000)
            ids += [alice.expect_packet("4", LINE).id for _ in range(1000)]
        alice.close()
        server.stop()
        self.assertGreater(os.stat(self.log).st_size, 18000000)

        server = self.serve("--keep-mb", 10)
        end = time.monotonic() + 60 * PATIENCE
        left = ids
        number = 0
        while len(left) * len(LINE) > 10000000 or left != ids[-len(left) :]:
            self.assertLess(time.monotonic(), end)
            left = self.everything(server, f"viewer{number}")
            number += 1
            time.sleep(0.05)
        # Of lines of that length one fills most of a page, and what helps to find it is counted, too.
        self.assertGreater(len(left) * len(LINE), 3000000)
        server.stop()
        self.assertLess(os.stat(self.log).st_size, 11000000)
        self.assertGreater(os.stat(self.log).st_size, 6000000)
        self.assertEqual(server.log().count("more than keep-mb"), 1, server.log())

    def test_whispers_are_forgotten_as_well(self):
        server = self.serve()
        self.enter(server, "bob").close()
        alice = self.enter(server, "alice")
        self.id = alice.arrival.welcome["id"]
        cid = alice.whisper("bob", "held for too long")
        held = alice.wait_for("4", cid=cid)
        server.stop()
        self.age(10, held.id)
        # Nobody has got it: that has a limit of its own.
        server = self.serve("--keep-days", 5)
        self.assertEqual(self.read_log("SELECT count(*) FROM events"), 1)
        server.stop()
        server = self.serve("--keep-days", 5, "--held-days", 9)
        end = time.monotonic() + 60 * PATIENCE
        while self.enter(server, "bob").arrival.replay:
            self.assertLess(time.monotonic(), end)
        self.assertEqual(self.read_log("SELECT count(*) FROM events"), 0)

    def test_killed_while_the_clock_is_wrong(self):
        """What was stamped by it is not taken for old when the clock is right again, though the server had no time for a last word."""
        clock = Clock(os.path.join(self.directory, "clock"))
        server = self.start_server("--data-dir", self.data, clock=clock)
        self.say(server, ["before"])
        clock.set(-3652 * 86400)
        self.say(server, ["ten years ago", "and then"])
        self.kill(server)
        clock.set(0)
        server = self.start_server("--data-dir", self.data, clock=clock)
        server.stop()  # what it takes away at its start has been taken away by then
        self.assertEqual(self.read_log("SELECT count(*) FROM events"), 3)


if __name__ == "__main__":
    main()
