#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The options of the log. ahoyd(8)."""

import os

from ahoytest import SystemTest, main

LOG = "log.sqlite"


class LogOptions(SystemTest):
    def data(self, server):
        return server.command[server.command.index("--data-dir") + 1]

    def talk(self, server):
        alice = self.enter(server, "alice")
        for i in range(20):
            cid = alice.say(f"{i}")
            alice.expect_echo(f"{i}", cid)
        return alice.arrival.welcome

    def test_help_names_them(self):
        result = self.run_server("--help")
        for option in ("--durability", "--held-days", "--keep-days", "--keep-mb", "--store"):
            self.assertIn(option, result.stdout)

    def test_bad_values(self):
        for option, value in (
            ("--durability", "never"),
            ("--durability", ""),
            ("--keep-days", "-1"),
            ("--keep-days", "x"),
            ("--keep-days", "99999999999"),
            ("--held-days", "-1"),
            ("--keep-mb", "-1"),
            ("--keep-mb", "1.5"),
            ("--store", "cloud"),
        ):
            with self.subTest(option=option, value=value):
                result = self.run_server("--data-dir", os.path.join(self.directory, "data"), option, value)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
                self.assertIn(option.removeprefix("--"), result.stderr)

    def test_the_defaults(self):
        server = self.start_server()
        self.assertEqual(self.talk(server)["keep"], "365")
        self.assertIn(LOG, os.listdir(self.data(server)))

    def test_in_the_key_file(self):
        path = os.path.join(self.directory, "ahoyd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("[ahoyd]\ndurability=power\nkeep-days=30\nkeep-mb=50\nstore=sqlite\n")
        server = self.start_server("--config", path)
        self.assertEqual(self.talk(server)["keep"], "30")
        server.stop()
        server = self.start_again(server, "--config", path, "--keep-days", "7")
        self.assertEqual(self.talk(server)["keep"], "7")

    def test_both_durabilities_survive_a_kill(self):
        for durability in ("process", "power"):
            with self.subTest(durability=durability):
                server = self.start_server("--durability", durability)
                welcome = self.talk(server)
                self.kill(server)
                server = self.start_again(server, "--durability", durability)
                bob = self.enter(server, "bob", since=0, since_server=welcome["id"])
                self.assertEqual(bob.arrival.texts(), [f"{i}" for i in range(20)])
                server.stop()

    def test_memory_leaves_nothing_behind(self):
        server = self.start_server("--store", "memory")
        welcome = self.talk(server)
        bob = self.enter(server, "bob", since=0, since_server=welcome["id"])
        self.assertEqual(bob.arrival.texts(), [f"{i}" for i in range(20)])
        self.assertFalse([name for name in os.listdir(self.data(server)) if name.startswith(LOG)])


if __name__ == "__main__":
    main()
