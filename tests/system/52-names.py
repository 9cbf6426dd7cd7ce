#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""`ahoyd names`, while the server runs and while it does not, and what is left for whoever has a name next. ahoyd(8), "Names"."""

import datetime
import fcntl
import hashlib
import os
import re
import socket
import stat
import subprocess
import time

from ahoytest import NO_LIMITS, SystemTest, main
from ahoytest.ahoyd import program

WORDS = os.path.join(os.path.dirname(__file__), "../../src/wire/four-words.txt")
HEADER = "NAME\tWORDS\tKEY\tSINCE\tLAST SEEN"


class Names(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(*NO_LIMITS)
        self.data = self.server.data_dir
        self.ours = self.make_identity("ours")
        self.theirs = self.make_identity("theirs")

    def names(self, *words, env=None, **options):
        options = options or {"data_dir": self.data}
        line = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
        return self.run_server("names", *words, *line, env=env)

    def ask(self, *words, **options):
        result = self.names(*words, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def rows(self, **options):
        """name: the other columns."""
        header, *rows = self.ask(**options).splitlines()
        self.assertEqual(header, HEADER)
        columns = [row.split("\t") for row in rows]
        self.assertTrue(all(len(row) == 5 for row in columns), rows)
        return {row[0]: row[1:] for row in columns}

    def assert_fails(self, result, status, says):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertRegex(result.stderr, rf"\Aahoyd: [^\n]*{says}[^\n]*\.\n\Z")
        self.assertEqual(result.stdout, "")

    def end_server(self, kill=False):
        if kill:
            self.kill(self.server)
        else:
            self.server.stop()

    def start(self):
        self.server = self.start_again(self.server, *NO_LIMITS)

    def visit(self, name, identity, **options):
        client = self.enter(self.server, name, tls=identity, **options)
        client.close()
        return client.arrival

    def refuse(self, name, identity, reason="owned"):
        self.connect_extended(self.server, tls=identity).expect_refusal(name, reason)


class Listing(Names):
    def assert_time(self, text, since):
        moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()
        self.assertTrue(int(since) <= moment <= time.time(), (since, text))

    def test_what_is_said_of_each(self):
        before = time.time()
        self.assertEqual(self.rows(), {})
        self.visit("bob", self.theirs)
        alice = self.enter(self.server, "小明 and Ann", tls=self.ours)
        self.enter(self.server, "nobody's")
        rows = self.rows()
        self.assertEqual(list(rows), ["bob", "小明 and Ann"])
        words, key, since, seen = rows["bob"]
        self.assertEqual(key, self.theirs.fingerprint)
        self.assertRegex(words, r"\A[a-z]+ [a-z]+ [a-z]+ [a-z]+\Z")
        self.assert_time(since, before)
        self.assert_time(seen, before)
        self.assertEqual(rows["小明 and Ann"][3], "now")
        self.assertEqual(rows, self.rows())
        self.assertEqual(self.ask("list"), self.ask())

        alice.close()
        self.end_server()
        later = self.rows()
        self.assertEqual(later["bob"], rows["bob"])
        self.assertEqual(later["小明 and Ann"][:3], rows["小明 and Ann"][:3])
        self.assert_time(later["小明 and Ann"][3], before)

    def test_a_full_disk_behind_a_pipe(self):
        """Whoever reads the list must know when it ends early."""
        self.visit("alice", self.ours)
        with open("/dev/full", "wb") as full:
            result = subprocess.run(
                [program(), "names", "--data-dir", self.data], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
            )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, rb"\Aahoyd: Cannot write the answer: [^\n]+\.\n\Z")

    def test_in_any_locale(self):
        self.visit("小明", self.ours)
        for locale in ("C", "C.UTF-8"):
            self.assertIn("小明", self.rows_in(locale))

    def rows_in(self, locale):
        result = self.names("list", env={"LC_ALL": locale})
        self.assertEqual(result.returncode, 0)
        return result.stdout

    def test_the_words(self):
        """By a second way of making them. PROTOCOL.md, "Four words"."""
        self.visit("alice", self.ours)
        with open(WORDS, encoding="ascii") as file:
            words = file.read().split()
        stretched = hashlib.pbkdf2_hmac("sha256", self.ours.fingerprint[:26].encode(), b"ahoy four words", 65536)
        bits = int.from_bytes(stretched[:8], "big") >> 20
        expected = [words[bits >> shift & 2047] for shift in (33, 22, 11, 0)]
        self.assertEqual(self.rows()["alice"][0].split(" "), expected)


class Where(Names):
    """Which folder is meant, and what is said where there is none."""

    def setUp(self):
        super().setUp()
        self.visit("alice", self.ours)

    def test_a_key_file(self):
        path = os.path.join(self.directory, "ahoyd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"[ahoyd]\ndata-dir={self.data}\nname=The Workshop\n")
        self.assertIn("alice", self.rows(config=path))
        self.end_server()
        self.assertIn("alice", self.rows(config=path))

    def test_the_folder_that_systemd_gives(self):
        for running in (True, False):
            result = self.run_server("names", env={"STATE_DIRECTORY": self.data})
            self.assertIn("alice", result.stdout)
            if running:
                self.end_server()

    def test_a_path_longer_than_a_socket_takes(self):
        folder = os.path.join(self.directory, *["d" * 60] * 3)
        self.server = self.start_server("--data-dir", folder)
        self.visit("bob", self.theirs)
        self.assertEqual(list(self.rows(data_dir=folder)), ["bob"])

    def test_no_such_folder(self):
        missing = os.path.join(self.directory, "missing")
        self.assert_fails(self.names(data_dir=missing), 1, "No server has ever used the folder '.*missing'")
        self.assertFalse(os.path.exists(missing))
        empty = os.path.join(self.directory, "empty")
        os.mkdir(empty)
        self.assert_fails(self.names(data_dir=empty), 1, "No server has ever used the folder '.*empty'")
        self.assertEqual(os.listdir(empty), [])

    def test_a_server_that_keeps_nothing(self):
        self.server = self.start_server("--store", "memory", *NO_LIMITS)
        folder = self.server.data_dir
        self.visit("bob", self.theirs)
        self.assertEqual(list(self.rows(data_dir=folder)), ["bob"])
        self.ask("release", "bob", data_dir=folder)
        self.assertEqual(self.rows(data_dir=folder), {})
        self.end_server()
        self.assert_fails(self.names(data_dir=folder, store="memory"), 1, "store=memory")
        self.assert_fails(self.names(data_dir=folder), 1, "no log")

    def test_usage(self):
        for words in (("steal", "alice"), ("release",), ("release", "alice", "bob"), ("list", "alice")):
            self.assert_fails(self.names(*words), 2, "'ahoyd names release NAME'")
        self.assert_fails(self.run_server("name"), 2, "'name' is neither an option nor a command")
        self.assertIn("names release NAME", self.run_server("--help").stdout)

    def test_a_folder_in_use_by_nobody_who_answers(self):
        self.end_server()
        with open(os.path.join(self.data, "lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assert_fails(self.names(), 1, "in use, but nobody there answers")
            # A server that starts or stops is waited for.
            with subprocess.Popen([program(), "names", "--data-dir", self.data], stdout=subprocess.PIPE, text=True) as waiting:
                fcntl.flock(lock, fcntl.LOCK_UN)
                self.assertIn("alice", waiting.communicate(timeout=30)[0])

    def test_nothing_is_left_behind(self):
        self.end_server()
        before = sorted(os.listdir(self.data))
        self.rows()
        self.ask("release", "alice")
        self.assertEqual(sorted(os.listdir(self.data)), before)
        self.start()
        self.visit("alice", self.theirs)


class Releasing(Names):
    def test_while_it_runs(self):
        self.visit("alice", self.ours)
        self.refuse("alice", self.theirs)
        self.assertIn("'ALICE'", self.ask("release", "ALICE"))
        self.assertEqual(self.rows(), {})
        self.visit("alice", self.theirs)
        self.refuse("alice", self.ours)
        # For good.
        self.end_server(kill=True)
        self.start()
        self.refuse("alice", self.ours)

    def test_while_it_does_not(self):
        self.visit("alice", self.ours)
        self.end_server()
        self.ask("release", "alice")
        self.assertEqual(self.rows(), {})
        self.start()
        self.visit("alice", self.theirs)
        self.refuse("alice", self.ours)

    def test_nobody_has_it(self):
        self.enter(self.server, "bob").close()
        for running in (True, False):
            for name in ("bob", "never seen"):
                self.assert_fails(self.names("release", name), 1, f"Nobody owns the name '{name}'")
            for name in ("*", "", "a,b", "a\nb"):
                self.assert_fails(self.names("release", name), 1, "not a name that anybody can have")
            if running:
                self.end_server()

    def test_killed_right_after_it(self):
        self.visit("alice", self.ours)
        self.ask("release", "alice")
        self.end_server(kill=True)
        self.assertEqual(self.rows(), {})
        self.start()
        self.enter(self.server, "alice")

    def test_whoever_is_here_stays(self):
        alice = self.enter(self.server, "alice", tls=self.ours)
        self.ask("release", "alice")
        cid = alice.say("still here")
        alice.expect_echo("still here", cid)
        self.refuse("alice", self.theirs, "in-use")
        alice.close()
        bob = self.enter(self.server, "bob")
        self.assertNotIn("alice", bob.arrival.names())
        self.visit("alice", self.theirs)

    def test_after_a_kill(self):
        """The socket that a killed server leaves is in nobody's way."""
        self.visit("alice", self.ours)
        self.end_server(kill=True)
        self.assertTrue(stat.S_ISSOCK(os.stat(os.path.join(self.data, "control")).st_mode))
        self.assertIn("alice", self.rows())
        self.ask("release", "alice")
        self.start()
        self.assertEqual(self.rows(), {})


class WhatIsLeft(Names):
    """Nothing that was whispered to or by one owner is shown to the next."""

    def setUp(self):
        super().setUp()
        self.bob = self.enter(self.server, "bob")
        self.id = self.bob.arrival.welcome["id"]
        self.alice = self.enter(self.server, "alice", tls=self.ours)
        self.bob.wait_for("2", "alice")
        cid = self.alice.say("for everyone")
        self.alice.expect_echo("for everyone", cid)
        cid = self.alice.whisper("bob", "from the old one")
        old = self.alice.wait_for("4", "from the old one", cid=cid)
        self.bob.receipt(old.id, "seen")
        self.alice.wait_for("R", id=old.id, what="seen")
        self.bob.wait_for("4", "from the old one")
        self.alice.close()
        self.bob.wait_for("3", "alice")
        self.held = self.whisper("for the old one")

    def whisper(self, text):
        cid = self.bob.whisper("alice", text)
        return self.bob.wait_for("4", text, cid=cid)

    def test_whoever_stayed_has_it_until_they_leave(self):
        alice = self.enter(self.server, "alice", tls=self.ours)
        self.bob.wait_for("2", "alice")
        self.ask("release", "alice")
        cid = alice.whisper("bob", "the old one is still here")
        said = alice.wait_for("4", "the old one is still here", cid=cid)
        self.bob.receipt(said.id, "seen")
        alice.wait_for("R", id=said.id, what="seen")
        self.whisper("still for the old one")
        alice.close()
        self.bob.wait_for("3", "alice")
        self.bob.whisper("alice", "for nobody")
        self.bob.wait_for("E", code="not-here")
        self.assert_clean()

    def assert_clean(self):
        for options in ({}, {"since": 0, "since_server": self.id}):
            alice = self.enter(self.server, "alice", tls=self.theirs, **options)
            self.assertEqual([text for text in alice.arrival.texts() if "old one" in text], [])
            self.assertEqual(alice.arrival.receipts(), [])
            self.assertEqual(alice.history(with_="bob"), ([], False))
            self.assertEqual(alice.history(with_="bob", query="old")[0], [])
            self.assertEqual([message.body for message in alice.history()[0]], ["for everyone"])
            # Nobody is told that they have read what they have not.
            alice.receipt(self.held.id, "seen")
            alice.barrier()
        self.assertNotIn("R", [got.kind for got in self.bob.barrier()])
        return alice

    def assert_new_ones_are_seen(self, alice):
        new = self.whisper("for the new one")
        alice.wait_for("4", "for the new one")
        alice.receipt(new.id, "seen")
        self.bob.wait_for("R", id=new.id, what="seen", by="alice")
        self.assertEqual([message.body for message in alice.history(with_="bob")[0]], ["for the new one"])
        alice.close()
        self.bob.wait_for("3", "alice")
        self.whisper("held for the new one")
        self.assertEqual(self.visit("alice", self.theirs).texts(), ["held for the new one"])

    def test_while_it_runs(self):
        self.ask("release", "alice")
        self.assert_new_ones_are_seen(self.assert_clean())

    def test_while_it_does_not(self):
        self.end_server()
        self.ask("release", "alice")
        self.start()
        self.bob = self.enter(self.server, "bob")
        self.assert_new_ones_are_seen(self.assert_clean())

    def test_across_a_crash(self):
        self.ask("release", "alice")
        self.end_server(kill=True)
        self.start()
        self.bob = self.enter(self.server, "bob")
        self.assert_new_ones_are_seen(self.assert_clean())

    def test_for_a_classic_program(self):
        self.ask("release", "alice")
        alice = self.log_in(self.server, "alice")
        alice.say("first words")
        alice.expect_chat("alice: first words")

    def test_in_memory(self):
        """The same of a server whose messages all are in memory."""
        self.server = self.start_server("--store", "memory", *NO_LIMITS)
        self.data = self.server.data_dir
        self.bob = self.enter(self.server, "bob")
        self.id = self.bob.arrival.welcome["id"]
        alice = self.enter(self.server, "alice", tls=self.ours)
        cid = alice.say("for everyone")
        alice.expect_echo("for everyone", cid)
        alice.close()
        self.bob.wait_for("3", "alice")
        self.held = self.whisper("for the old one")
        self.ask("release", "alice")
        self.assert_new_ones_are_seen(self.assert_clean())

    def test_nobody_of_that_name_is_known(self):
        self.ask("release", "alice")
        cid = self.bob.whisper("alice", "hello?")
        self.bob.expect_error("unknown-name", cid=cid)

    def test_the_others_keep_theirs(self):
        self.ask("release", "alice")
        messages, _ = self.bob.history(with_="alice")
        self.assertEqual([message.body for message in messages], ["from the old one", "for the old one"])


class Door(Names):
    """The control socket itself, with bytes that no program of ours sends."""

    def knock(self, data=b""):
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(door.close)
        door.connect(os.path.join(self.data, "control"))
        door.settimeout(30)
        door.sendall(data)
        return door

    @staticmethod
    def answer(door):
        answer = b""
        while data := door.recv(1 << 16):
            answer += data
        return answer

    def test_only_its_owner(self):
        mode = os.stat(os.path.join(self.data, "control")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_garbage(self):
        self.visit("alice", self.ours)
        long = b"x" * 2000 + b"\n"
        for data in (b"\n", b"\xff\n", b"release \xff\n", b"release\n", long, b"release " + long, b"\0\n", b"LIST\n"):
            self.assertRegex(self.answer(self.knock(data)), rb"\Ano [^\n]+\n\Z")
        for _ in range(100):
            self.knock(b"release ali").close()
        self.assertRegex(self.answer(self.knock(b"list\n")), re.compile(rb"\Aalice\t[^\n]*\nok\n\Z"))
        self.assert_serving(self.server)

    def test_a_question_in_pieces(self):
        door = self.knock()
        for byte in b"list\n":
            door.sendall(bytes([byte]))
        self.assertEqual(self.answer(door), b"ok\n")

    def test_those_who_say_nothing_are_sent_away(self):
        silent = [self.knock() for _ in range(8)]
        for door in silent:
            self.assertEqual(self.answer(door), b"")
        self.assertEqual(self.answer(self.knock(b"list\n")), b"ok\n")


if __name__ == "__main__":
    main()
