#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A log that is gone, empty or damaged is not taken for one that never was. ahoyd(8), "The log"."""

import hashlib
import os
import sqlite3

from ahoytest import SystemTest, main

LOG = "log.sqlite"
COMPANIONS = ("", "-wal", "-shm")


class WithLog(SystemTest):
    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "data")
        self.log = os.path.join(self.data, LOG)

    def talk(self, *options, kill=False):
        server = self.start_server("--data-dir", self.data, *options)
        alice = self.enter(server, "alice")
        for number in range(20):
            cid = alice.say(f"{number} " + "x" * 2000)
            alice.expect_packet("4", cid=cid)
        alice.close()
        if kill:
            self.kill(server)
        else:
            server.stop()

    def found(self):
        """name: a hash of the contents, of all that is or was a log."""
        found = {}
        for name in os.listdir(self.data):
            if name.startswith(LOG) and ".search" not in name:
                with open(os.path.join(self.data, name), "rb") as file:
                    found[name] = hashlib.sha256(file.read()).hexdigest()
        return found

    def assert_refuses(self, *options, says=("--new-log", "ahoyd restore"), touched=False, status=3):
        before = self.found()
        result = self.run_server("--port", "0", "--data-dir", self.data, *options)
        self.assertEqual((result.returncode, result.stdout), (status, ""), result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for words in (self.log, *says):
            self.assertIn(words, result.stderr)
        after = self.found()
        self.assertEqual(sorted(after), sorted(before))
        if not touched:
            self.assertEqual(after.get(LOG), before.get(LOG))

    def assert_begins_anew(self, *options, touched=False):
        """Returns the names of the set-aside files."""
        before = self.found()
        server = self.start_server("--port", "0", "--data-dir", self.data, "--new-log", *options)
        alice = self.enter(server, "alice", since=0)
        self.assertEqual(alice.arrival.texts(), [])
        cid = alice.say("anew")
        self.assertEqual(alice.expect_packet("4", cid=cid).id, 1)
        alice.close()
        server.stop()
        aside = {name: text for name, text in self.found().items() if ".old-" in name and "-shm" not in name}
        if not touched:
            self.assertEqual(sorted(aside.values()), sorted(text for name, text in before.items() if "-shm" not in name))
        for name in aside:
            self.assertRegex(name, r"\Alog\.sqlite\.old-\d{8}-\d{6}(-\d+)?(-wal|-shm)?\Z")
        # And it goes on from there, without being asked again.
        server = self.start_server("--data-dir", self.data)
        bob = self.enter(server, "bob")
        self.assertEqual(bob.history(limit=2)[0][-1].body, "anew")
        bob.close()
        server.stop()
        return list(aside)

    def remove(self):
        for end in COMPANIONS:
            if os.path.exists(self.log + end):
                os.unlink(self.log + end)

    def damage(self, offset, contents, end=""):
        with open(self.log + end, "r+b") as file:
            file.seek(offset)
            file.write(contents)

    def damage_table(self, name):
        """Its first page."""
        with sqlite3.connect(self.log) as database:
            page, size = database.execute(
                "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        database.close()
        self.damage((page - 1) * size, b"\xa5" * size)


class LostLog(WithLog):
    def test_it_is_gone(self):
        self.talk()
        self.remove()
        # Whoever hosts in a window does not know the folder.
        self.assert_refuses(says=("gone", f"--data-dir '{self.data}'", "--new-log", "ahoyd restore"))
        self.assertEqual(self.assert_begins_anew(), [])

    def test_it_is_empty(self):
        self.talk()
        with open(self.log, "wb"):
            pass
        self.assert_refuses(says=("empty", "--new-log"))
        self.assertEqual(len(self.assert_begins_anew()), 1)

    def test_its_write_ahead_log_was_all_there_was(self):
        """As after a copy of the one file, made while a young server ran."""
        self.talk(kill=True)
        os.unlink(self.log + "-wal")
        os.unlink(self.log + "-shm")
        with sqlite3.connect(self.log) as database:
            self.assertEqual(database.execute("PRAGMA user_version").fetchone(), (0,))
        database.close()
        self.assert_refuses(says=("empty", "--new-log"))

    def test_its_header_is_damaged(self):
        self.talk()
        self.damage(0, b"Dear diary")
        self.assert_refuses()
        self.assertEqual(len(self.assert_begins_anew()), 1)

    def test_its_schema_is_damaged(self):
        self.talk()
        self.damage(100, b"\xa5" * 4000)
        self.assert_refuses()
        self.assert_begins_anew()

    def test_what_is_read_at_start_is_damaged(self):
        self.talk()
        self.damage_table("people")
        self.assert_refuses(touched=True)  # its schema could be read, and was brought up to date
        self.assertEqual(len(self.assert_begins_anew(touched=True)), 1)

    def test_what_is_written_only_is_damaged(self):
        """It is read as before, but nobody can say anything; whoever asks for a new log gets one."""
        self.talk()
        self.damage_table("said")
        server = self.start_server("--data-dir", self.data)
        server.expected = "malformed"
        alice = self.enter(server, "alice")
        self.assertEqual(alice.history(limit=1)[0][0].id, 20)
        alice.expect_error("storage", cid=alice.say("is this kept?"))
        alice.close()
        server.stop()
        self.assertEqual(len(self.assert_begins_anew(touched=True)), 1)

    def test_it_is_elsewhere_and_that_is_gone(self):
        """A link to another disk, which is not there."""
        self.talk()
        elsewhere = os.path.join(self.directory, "elsewhere")
        os.rename(self.log, elsewhere)
        os.symlink(elsewhere, self.log)
        self.talk()
        os.unlink(elsewhere)
        result = self.run_server("--port", "0", "--data-dir", self.data)
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn("gone", result.stderr)
        self.assertFalse(os.path.exists(elsewhere))
        server = self.start_server("--data-dir", self.data, "--new-log")
        server.stop()
        self.assertFalse(os.path.exists(elsewhere))

    def test_what_others_write_is_not_ours(self):
        os.mkdir(self.data, mode=0o700)
        with sqlite3.connect(self.log) as database:
            database.execute("CREATE TABLE recipes (name TEXT)")
        database.close()
        self.assert_refuses()
        self.assert_begins_anew()

    def test_a_newer_one_is_not_lost(self):
        self.talk()
        with sqlite3.connect(self.log) as database:
            database.execute("PRAGMA user_version = 9999")
        database.close()
        self.assert_refuses(says=("newer",), status=1)

    def test_its_companions_go_with_it(self):
        self.talk(kill=True)
        self.assertIn(LOG + "-wal", os.listdir(self.data))
        self.damage(0, b"Dear diary")
        self.damage(0, b"Dear diary", "-wal")
        aside = self.assert_begins_anew()
        self.assertEqual(sum(name.endswith("-wal") for name in aside), 1)

    def test_nothing_set_aside_is_overwritten(self):
        self.talk()
        contents = set()
        for number in range(3):
            with open(self.log, "wb") as file:
                file.write(b"%d" % number * 4000)
            contents.add(self.found()[LOG])
            self.start_server("--data-dir", self.data, "--new-log").stop()
        self.assertEqual({text for name, text in self.found().items() if ".old-" in name}, contents)

    def test_one_in_order_stays(self):
        self.talk()
        server = self.start_server("--data-dir", self.data, "--new-log")
        alice = self.enter(server, "alice")
        self.assertEqual(alice.history(limit=1)[0][0].id, 20)
        self.assertIn("as it is", server.log())
        self.assertFalse([name for name in self.found() if ".old-" in name])

    def test_a_key_from_before_there_were_marks(self):
        """A folder of an older version, whose log is gone."""
        self.talk()
        self.remove()
        os.unlink(os.path.join(self.data, "log.mark"))
        self.assert_refuses(says=("gone",))

    def test_a_log_from_before_there_were_marks(self):
        self.talk()
        os.unlink(os.path.join(self.data, "log.mark"))
        server = self.start_server("--data-dir", self.data)
        server.stop()
        self.remove()
        self.assert_refuses(says=("gone",))

    def test_a_key_of_the_operators_own(self):
        identity = self.make_identity("server")
        own = ("--tls-key", identity.key, "--tls-certificate", identity.certificate)
        self.talk(*own)
        self.assertNotIn("server.pem", os.listdir(self.data))
        self.remove()
        self.assert_refuses(*own, says=("gone",))
        self.assert_begins_anew(*own)

    def test_a_first_start_that_came_half_way(self):
        """The key was made, and then the machine stopped."""
        self.talk()
        self.remove()
        with open(os.path.join(self.data, "log.mark"), "w", encoding="ascii") as file:
            file.write("none yet\n")
        self.start_server("--data-dir", self.data)

    def test_memory_first_and_a_log_later(self):
        server = self.start_server("--data-dir", self.data, "--store", "memory")
        server.stop()
        self.talk()
        self.remove()
        self.assert_refuses(says=("gone",))
        self.start_server("--data-dir", self.data, "--store", "memory")

    def test_a_command_makes_no_log_either(self):
        self.talk()
        with open(self.log, "wb"):
            pass
        result = self.run_server("names", "--data-dir", self.data)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assert_refuses(says=("empty",))


class AsRoot(WithLog):
    """Where the folder is not root's, nothing of root's may be left in it."""

    def give_away(self):
        for name in (".", *os.listdir(self.data)):
            os.chown(os.path.join(self.data, name), self.owner, self.owner)

    def setUp(self):
        super().setUp()
        with open("/proc/self/uid_map", encoding="ascii") as file:
            n = int(file.read().split()[2])
        # Where we are root of a single user's namespace there is nobody to give it to but ourselves.
        self.owner = 1234 if n > 1234 else 0
        os.chmod(self.directory, 0o755)

    def owners(self):
        return {os.stat(os.path.join(self.data, name)).st_uid for name in os.listdir(self.data)}

    def test_a_new_log(self):
        self.talk()
        self.remove()
        self.begin_anew()

    def test_a_new_log_for_one_that_can_be_opened(self):
        self.talk()
        self.damage_table("said")
        self.begin_anew()

    def begin_anew(self):
        self.give_away()
        if self.owner != 0:
            result = self.run_server("--data-dir", self.data, "--new-log")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(self.data, result.stdout)
        self.assertEqual(self.owners(), {self.owner})
        self.start_server("--data-dir", self.data, *([] if self.owner else ["--new-log"]))

    def test_backup_and_restore(self):
        self.talk(kill=True)
        self.give_away()
        backup = os.path.join(self.directory, "backup")
        for words in (("backup", backup), ("names",), ("restore", backup), ("names",)):
            result = self.run_server(*words, "--data-dir", self.data)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(self.owners(), {self.owner}, words)
        self.assertEqual((os.stat(backup).st_uid, os.stat(backup).st_mode & 0o777), (0, 0o600))


if __name__ == "__main__":
    main()
