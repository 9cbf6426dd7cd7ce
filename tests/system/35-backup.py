#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""ahoyd backup and ahoyd restore. ahoyd(8), "The log"."""

import os
import signal
import sqlite3
import subprocess

from ahoytest import NO_LIMITS, PATIENCE, SystemTest, main
from ahoytest.ahoyd import program

LOG = "log.sqlite"
GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server", "golden")


class Backups(SystemTest):
    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "data")
        self.file = os.path.join(self.directory, "backup")

    def start(self, *options):
        return self.start_server("--data-dir", self.data, *NO_LIMITS, *options)

    def say(self, client, *texts):
        """Returns what was echoed."""
        said = []
        for text in texts:
            cid = client.say(text)
            said.append(client.expect_packet("4", text, cid=cid))
        return said

    def visit(self, server, *texts):
        """Somebody says that, and goes."""
        alice = self.enter(server, "alice")
        self.say(alice, *texts)
        alice.close()

    def run_command(self, command, file=None, *options):
        result = self.run_server(command, file or self.file, "--data-dir", self.data, *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def assert_refused(self, *words, says, status=1):
        before = sorted(os.listdir(self.directory)), sorted(os.listdir(self.data)) if os.path.isdir(self.data) else None
        result = self.run_server(*words)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for each in (says,) if isinstance(says, str) else says:
            self.assertIn(each, result.stderr)
        after = sorted(os.listdir(self.directory)), sorted(os.listdir(self.data)) if os.path.isdir(self.data) else None
        self.assertEqual(after, before, "nothing is left behind")

    def texts(self, path):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            texts = [text for text, in database.execute("SELECT text FROM events ORDER BY id")]
        database.close()
        return texts


class Backup(Backups):
    def test_while_it_runs_and_while_it_does_not(self):
        server = self.start()
        alice = self.enter(server, "alice")
        self.say(alice, "one", "two")
        self.assertIn("2 messages", self.run_command("backup"))
        self.assertEqual(self.texts(self.file), ["one", "two"])
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o600)
        self.say(alice, "three")
        alice.close()
        server.stop()
        files = sorted(os.listdir(self.data))
        second = self.file + "-2"
        self.run_command("backup", second)
        self.assertEqual(self.texts(second), ["one", "two", "three"])
        self.assertEqual(sorted(os.listdir(self.data)), files)
        self.assertEqual(self.texts(self.file), ["one", "two"], "the first is as it was")
        self.assertEqual(sorted(name for name in os.listdir(self.directory) if name.startswith("backup")), ["backup", "backup-2"])

    def test_after_a_crash(self):
        server = self.start()
        self.visit(server, "one", "two")
        self.kill(server)
        self.run_command("backup")
        self.assertEqual(self.texts(self.file), ["one", "two"])

    def test_talk_goes_on_meanwhile(self):
        """Each backup holds a beginning of what was said, without a hole, and nobody is refused or disturbed."""
        server = self.start()
        alice, bob = self.gather_extended(server, "alice", "bob")
        said = []
        for number in range(6):
            path = f"{self.file}-{number}"
            backup = subprocess.Popen([program(), "backup", path, "--data-dir", self.data], stdout=subprocess.DEVNULL)
            self.addCleanup(backup.wait, 60 * PATIENCE)
            before = len(said)
            while backup.poll() is None or len(said) == before:
                text = f"{len(said)} " + "x" * 4000
                self.say(alice, text)
                bob.expect_chat("alice", text)
                said.append(text)
            self.assertEqual(backup.returncode, 0)
            texts = self.texts(path)
            self.assertEqual(texts, said[: len(texts)])
            self.assertGreaterEqual(len(texts), before)

    def test_what_is_there_is_not_overwritten(self):
        self.start().stop()
        with open(self.file, "w", encoding="ascii") as file:
            file.write("mine")
        self.assert_refused("backup", self.file, "--data-dir", self.data, says=(self.file, "already"))
        with open(self.file, encoding="ascii") as file:
            self.assertEqual(file.read(), "mine")

    def test_what_cannot_be(self):
        there = ("--data-dir", self.data)
        self.assert_refused("backup", *there, status=2, says="ahoyd backup FILE")
        self.assert_refused("backup", self.file, "more", *there, status=2, says="ahoyd backup FILE")
        self.assert_refused("backup", self.file, *there, says=self.data)
        self.start("--store", "memory").stop()
        self.assert_refused("backup", self.file, *there, says=LOG)
        self.assert_refused("backup", self.file, "--store=memory", *there, says="store=memory")
        self.start().stop()
        self.assert_refused("backup", self.directory + "/nowhere/b", *there, says="nowhere")

    def test_a_damaged_log(self):
        server = self.start()
        self.visit(server, *(f"{number} " + "x" * 3000 for number in range(50)))
        server.stop()
        with open(os.path.join(self.data, LOG), "r+b") as file:
            file.seek(-4096 * 10, os.SEEK_END)
            file.write(b"\xa5" * 4096 * 5)
        self.assert_refused("backup", self.file, "--data-dir", self.data, says=LOG)

    def test_no_room(self):
        server = self.start()
        self.visit(server, *("x" * 15000 for _ in range(20)))
        limited = subprocess.run(
            ["prlimit", "--fsize=100000", "--", program(), "backup", self.file, "--data-dir", self.data],
            capture_output=True, text=True, timeout=60 * PATIENCE, check=False,
        )
        self.assertEqual((limited.returncode, limited.stdout), (1, ""), limited.stderr)
        self.assertFalse([name for name in os.listdir(self.directory) if name.startswith("backup")])
        self.assert_serving(server)


class Restore(Backups):
    def test_what_older_versions_made(self):
        for number, name in enumerate(sorted(os.listdir(GOLDEN))):
            with self.subTest(name=name):
                file = f"{self.file}-{number}"
                self.data = os.path.join(self.directory, f"data-{number}")
                with open(os.path.join(GOLDEN, name), encoding="utf-8") as sql, sqlite3.connect(file) as database:
                    database.executescript(sql.read())
                    n = database.execute(f"SELECT count(*) FROM {'events' if name >= 'log-3' else 'messages'}").fetchone()[0]
                database.close()
                os.mkdir(self.data)
                self.assertIn(f"{n} messages", self.run_command("restore", file))
                server = self.start()
                carol = self.enter(server, "carol", since=0, since_server=server.id)
                self.assertEqual([message.body for message in carol.arrival.replay], ["hello"])
                self.assertEqual(server.stop(), 0)

    def test_there_and_back(self):
        server = self.start()
        alice = self.enter(server, "alice")
        identity = alice.arrival.welcome["id"]
        kept = self.say(alice, "one", "two")
        bob = self.make_identity("bob")
        self.enter(server, "bob", tls=bob).close()
        self.run_command("backup")
        alice.barrier()
        self.say(alice, "lost", "lost too")
        alice.close()
        server.stop()
        files = set(os.listdir(self.data))
        answer = self.run_command("restore")
        self.assertIn("2 messages", answer)
        aside = sorted(name for name in set(os.listdir(self.data)) - files)
        self.assertEqual(len(aside), 1, aside)
        self.assertRegex(aside[0], r"\Alog\.sqlite\.old-\d{8}-\d{6}\Z")
        self.assertIn(aside[0], answer)
        self.assertEqual(self.texts(os.path.join(self.data, aside[0])), ["one", "two", "lost", "lost too"])
        self.assertEqual(os.stat(os.path.join(self.data, LOG)).st_mode & 0o777, 0o600)

        server = self.start_again(server)
        self.connect_extended(server, tls=self.make_identity("other")).expect_refusal("bob", "owned")
        carol = self.enter(server, "carol", since=0, since_server=identity)
        self.assertEqual([message.said() for message in carol.arrival.replay], [message.said() for message in kept])
        self.assertEqual(self.say(carol, "new")[0].id, kept[-1].id + 1)

    def test_clients_are_told_where_the_histories_part(self):
        server = self.start()
        alice = self.enter(server, "alice")
        welcome = alice.arrival.welcome
        last = self.say(alice, "one", "two")[-1]
        self.run_command("backup")
        lost = self.say(alice, "three", "four")[-1]
        alice.close()
        server.stop()
        self.run_command("restore")
        server = self.start_again(server)
        again = self.connect_extended(server)
        again.log_in("alice", since=lost.id, since_server=welcome["id"], since_runs=f"{welcome['run']}:{lost.id}")
        self.assertEqual(int(again.arrival.welcome["parted"]), last.id + 1)

    def test_after_a_loss(self):
        server = self.start()
        self.visit(server, "one")
        server.stop()
        self.run_command("backup")
        os.unlink(os.path.join(self.data, LOG))
        result = self.run_server("--port", "0", "--data-dir", self.data)
        self.assertIn("ahoyd restore", result.stderr)
        self.run_command("restore")
        self.assertEqual(self.enter(self.start(), "bob").history(limit=5)[0][0].body, "one")

    def test_into_a_folder_that_is_only_there(self):
        server = self.start()
        self.visit(server, "one")
        self.run_command("backup")
        server.stop()
        self.data = os.path.join(self.directory, "new")
        os.mkdir(self.data, mode=0o700)
        self.run_command("restore")
        self.assertEqual(self.enter(self.start(), "bob").history(limit=5)[0][0].body, "one")

    def test_what_cannot_be(self):
        there = ("--data-dir", self.data)
        server = self.start()
        self.visit(server, *(f"{number} " + "x" * 3000 for number in range(30)))
        self.run_command("backup")
        server.signal(signal.SIGSTOP)  # or files of its own might come meanwhile: when nobody talks, it makes the search index
        self.assert_refused("restore", self.file, *there, says=(self.data, "stop it first"))
        server.signal(signal.SIGCONT)
        self.assert_serving(server)
        server.stop()
        self.assert_refused("restore", *there, status=2, says="ahoyd restore FILE")
        self.assert_refused("restore", self.file + "-not", *there, says=self.file + "-not")
        self.assert_refused("restore", self.directory, *there, says=self.directory)
        self.assert_refused("restore", os.path.join(self.data, "server.pem"), *there, says="server.pem")
        self.assert_refused("restore", self.file, "--data-dir", self.directory + "/nowhere", says="nowhere")
        self.assert_refused("restore", self.file, "--store=memory", *there, says="store=memory")
        for damage, says in (
            ("PRAGMA user_version = 9999", "newer"),
            ("PRAGMA application_id = 7", "not a log"),
            ("PRAGMA user_version = 0", "not a log"),
        ):
            with self.subTest(damage=damage):
                with sqlite3.connect(self.file) as database:
                    kept = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
                    database.execute(damage)
                self.assert_refused("restore", self.file, *there, says=(self.file, says))
                database.execute(f"PRAGMA user_version = {kept[0]}")
                database.execute(f"PRAGMA application_id = {kept[1]}")
                database.close()
        empty = self.file + "-empty"
        with open(empty, "wb"):
            pass
        self.assert_refused("restore", empty, *there, says=(empty, "not a log"))
        with open(self.file, "r+b") as file:
            file.seek(-4096 * 10, os.SEEK_END)
            file.write(b"\xa5" * 4096 * 5)
        self.assert_refused("restore", self.file, *there, says=self.file)
        self.assert_serving(self.start())

    def test_the_write_ahead_log_of_a_plain_copy_comes_with_it(self):
        server = self.start()
        self.visit(server, "one", "two")
        self.kill(server)
        for end in ("", "-wal"):
            with open(os.path.join(self.data, LOG + end), "rb") as source, open(self.file + end, "wb") as target:
                target.write(source.read())
        self.assertIn("2 messages", self.run_command("restore"))


if __name__ == "__main__":
    main()
