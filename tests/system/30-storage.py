#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What happens when the disk does not do what it should. ahoyd(8), "The log"."""

import os
import sqlite3
import subprocess
import time

from ahoytest import NO_LIMITS, PATIENCE, SystemTest, main, new_cid

LINE = "x" * 4000
LOG = "log.sqlite"
DAMAGED = 3  # how ahoyd exits when its log cannot be the one


class Storage(SystemTest):
    def small_disk(self, size):
        """A file system of its own, in the test's mount namespace; it goes with it."""
        path = os.path.join(self.directory, "disk")
        os.mkdir(path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path], check=True, timeout=20)
        self.addCleanup(subprocess.run, ["umount", "--lazy", path], check=True, timeout=20)
        return path

    def fill(self, path, leave):
        """Leaves so many bytes. Returns the file that takes the room."""
        ballast = os.path.join(path, "ballast")
        state = os.statvfs(path)
        with open(ballast, "wb") as file:
            file.write(b"\0" * max(state.f_bavail * state.f_bsize - leave, 0))
        return ballast

    def say_until_accepted(self, client, text, cid, seconds=60 * PATIENCE):
        """As a client does: again with the same cid, a little later."""
        end = time.monotonic() + seconds
        while True:
            client.say(text, cid)
            answer = client.read()
            if answer.kind == "4":
                self.assertEqual((answer["cid"], answer.body), (cid, text))
                return answer
            self.assertEqual(answer["code"], "storage")
            self.assertLess(time.monotonic(), end, "still refused")
            time.sleep(0.1)


class DiskFull(Storage):
    def setUp(self):
        super().setUp()
        self.disk = self.small_disk("8m")
        self.data = os.path.join(self.disk, "data")
        self.server = self.start_server("--data-dir", self.data)
        self.server.expected = "full|space|disk|log"
        self.alice = self.enter(self.server, "alice")
        self.id = self.alice.arrival.welcome["id"]
        self.accepted = []
        self.ballast = self.fill(self.disk, 300000)

    def until_it_is_full(self):
        """Talks until a message is refused. Returns its cid."""
        for number in range(3000):
            cid = self.alice.say(f"{number} {LINE}")
            answer = self.alice.read()
            if answer.kind == "E":
                self.assertEqual((answer["code"], answer.get("cid")), ("storage", cid))
                return cid
            self.assertEqual(answer["cid"], cid)
            self.accepted.append(answer.said())
        return self.fail("a full disk was never noticed")

    def test_nothing_accepted_is_lost_and_life_goes_on(self):
        refused = self.until_it_is_full()
        self.assertGreater(len(self.accepted), 3)
        # Everything that needs no disk works.
        bob = self.enter(self.server, "bob")
        self.alice.expect_packet("2", "bob")
        bob.send_packet("T")
        self.alice.expect_packet("T", from_="bob")
        messages, _ = bob.history(limit=3)
        self.assertEqual([message.said() for message in messages], self.accepted[-3:])
        # Classic people are told as well.
        carol = self.log_in(self.server, "carol")
        for person in (self.alice, bob):
            person.expect_packet("2", "carol")
        carol.say(LINE * 4)
        carol.expect_notice()
        # Nobody saw any of it.
        self.assertEqual(bob.barrier(), [])
        self.assertEqual(self.alice.barrier(), [])

        os.unlink(self.ballast)
        again = self.say_until_accepted(self.alice, "said at last", refused)
        self.accepted.append(again.said())
        self.assertEqual(bob.read().said(), again.said())
        carol.expect_chat("alice: said at last")
        self.kill(self.server)
        server = self.start_again(self.server)
        replay = self.enter(server, "dave", since=0, since_server=self.id).arrival.replay
        self.assertEqual([message.said() for message in replay], self.accepted)

    def test_killed_while_it_was_full(self):
        """Many in flight when the room ends: each is either in the log or refused, also after a crash."""
        texts = {new_cid(): f"{number} {LINE}" for number in range(400)}
        for cid, text in texts.items():
            self.alice.say(text, cid)
        refused = set()
        for _ in texts:
            answer = self.alice.read()
            if answer.kind == "4":
                self.accepted.append(answer.said())
            else:
                self.assertEqual(answer["code"], "storage")
                refused.add(answer["cid"])
        self.assertTrue(refused and self.accepted)
        self.kill(self.server)
        os.unlink(self.ballast)
        server = self.start_again(self.server)
        dave = self.enter(server, "dave", since=0, since_server=self.id)
        self.assertEqual([message.said() for message in dave.arrival.replay], self.accepted)

    def test_again_and_again(self):
        for _ in range(3):
            refused = self.until_it_is_full()
            os.unlink(self.ballast)
            self.accepted.append(self.say_until_accepted(self.alice, "short", refused).said())
            self.ballast = self.fill(self.disk, 100000)
        dave = self.enter(self.server, "dave", since=0, since_server=self.id)
        self.assertEqual([message.said() for message in dave.arrival.replay], self.accepted)

    def test_a_whisper_and_a_receipt(self):
        bob = self.enter(self.server, "bob")
        self.alice.expect_packet("2", "bob")
        self.until_it_is_full()
        while bob.read().body != f"{len(self.accepted) - 1} {LINE}":
            pass
        cid = self.alice.whisper("bob", LINE)
        self.alice.expect_error("storage", cid=cid)
        bob.receipt(1, "seen")
        self.assertEqual(bob.barrier(), [])


class DiskThatTurns(Storage):
    """What is refused while it lasts is taken as soon as it is over, and all that was echoed is there in the end."""

    def say_until(self, client, kind, text="again", seconds=60 * PATIENCE):
        end = time.monotonic() + seconds
        while True:
            cid = client.say(text)
            answer = client.read()
            if answer.kind == kind:
                return answer
            self.assertEqual(answer.get("code", "storage"), "storage")
            if answer.kind == "4":
                self.said.append(answer.said())
            self.assertEqual(answer["cid"], cid)
            self.assertLess(time.monotonic(), end, "it never turned")

    def assert_all_there(self, server, identity):
        replay = self.enter(server, "dave", since=0, since_server=identity).arrival.replay
        self.assertEqual([message.said() for message in replay], self.said)

    def test_read_only_and_back(self):
        """As the kernel does it when it finds a fault: under files that are open."""
        switch = os.path.join(self.directory, "read-only")
        sanitizer = os.environ.get("ASAN_OPTIONS", "")
        server = self.start_server(
            *NO_LIMITS,
            env={
                "LD_PRELOAD": os.environ["HOLD_DISK"],
                "AHOY_TEST_READ_ONLY": switch,
                "ASAN_OPTIONS": f"{sanitizer}:verify_asan_link_order=0".lstrip(":"),
            },
        )
        server.expected = "log"
        alice = self.enter(server, "alice")
        self.said = [self.say_until(alice, "4", "before").said()]
        with open(switch, "wb"):
            pass
        self.assertEqual(self.say_until(alice, "E")["code"], "storage")
        self.assertIn("Read-only", server.log())
        bob = self.enter(server, "bob")
        alice.expect_packet("2", "bob")
        self.assertEqual([message.said() for message in bob.history(limit=5)[0]], self.said, "what is there can be read")
        os.unlink(switch)
        self.said.append(self.say_until(alice, "4", "after").said())
        bob.expect_chat("alice", "after")
        self.assert_all_there(server, alice.arrival.welcome["id"])

    def limit(self, server, size):
        subprocess.run(["prlimit", "--pid", str(server.pid), f"--fsize={size}:"], check=True, timeout=20)

    def test_a_limit_on_the_size_of_files(self):
        server = self.start_server(*NO_LIMITS)
        server.expected = "log"
        alice = self.enter(server, "alice")
        self.said = [self.say_until(alice, "4", LINE).said()]
        self.limit(server, 4096)
        self.assertEqual(self.say_until(alice, "E", LINE)["code"], "storage")
        self.assertIn("File too large", server.log())
        self.limit(server, "unlimited")
        self.said.append(self.say_until(alice, "4", "after").said())
        self.assert_all_there(server, alice.arrival.welcome["id"])


class AtStart(Storage):
    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "data")
        self.log = os.path.join(self.data, LOG)

    def make_log(self):
        server = self.start_server("--data-dir", self.data)
        alice = self.enter(server, "alice")
        for number in range(50):
            alice.say(f"{number} {LINE}")
            alice.expect_packet("4")
        alice.close()
        server.stop()

    def assert_gives_up(self, *says, status=1):
        before = None
        if os.path.isfile(self.log):
            with open(self.log, "rb") as file:
                before = file.read()
        result = self.run_server("--port", "0", "--data-dir", self.data)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for words in (self.data, *says):
            self.assertIn(words, result.stderr)
        if before is not None:
            with open(self.log, "rb") as file:
                self.assertEqual(file.read(), before, "what cannot be read must not be touched")

    def change(self, *statements):
        with sqlite3.connect(self.log) as database:
            for statement in statements:
                database.execute(statement)
        database.close()

    def test_a_newer_schema(self):
        self.make_log()
        self.change("PRAGMA user_version = 9999")
        self.assert_gives_up("newer")

    def test_another_programs_database(self):
        os.mkdir(self.data, mode=0o700)
        self.change("CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('soup')", "PRAGMA application_id = 77")
        self.assert_gives_up(status=DAMAGED)

    def test_no_database_at_all(self):
        os.mkdir(self.data, mode=0o700)
        with open(self.log, "wb") as file:
            file.write(b"Dear diary, " * 1000)
        self.assert_gives_up(status=DAMAGED)

    def test_a_folder_in_its_place(self):
        os.makedirs(self.log, mode=0o700)
        self.assert_gives_up()

    def test_damaged(self):
        self.make_log()
        with open(self.log, "r+b") as file:
            file.seek(100)
            file.write(b"\xa5" * 4000)
        self.assert_gives_up(status=DAMAGED)

    def test_a_read_only_disk(self):
        disk = self.small_disk("16m")
        self.data = os.path.join(disk, "data")
        self.log = os.path.join(self.data, LOG)
        self.make_log()
        subprocess.run(["mount", "--options-mode", "ignore", "-o", "remount,ro", disk], check=True, timeout=20)
        self.assert_gives_up()

    def test_no_room_to_start(self):
        disk = self.small_disk("1m")
        self.data = os.path.join(disk, "data")
        os.mkdir(self.data, mode=0o700)
        self.fill(disk, 0)
        result = self.run_server("--port", "0", "--data-dir", self.data)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)

    def test_a_full_disk(self):
        """What was said can be read, and when there is room again, talk goes on without a restart."""
        disk = self.small_disk("16m")
        self.data = os.path.join(disk, "data")
        self.log = os.path.join(self.data, LOG)
        self.make_log()
        with sqlite3.connect(self.log) as database:  # as a crash leaves it: the message is there, and what follows from it is not
            database.execute("DELETE FROM people")
        database.close()
        ballast = self.fill(disk, 0)
        server = self.start_server("--data-dir", self.data)
        server.expected = "full|space|log"
        carl = self.enter(server, "carl")
        carl.whisper("alice", "who are you?")
        carl.expect_error("storage")
        server_id = self.enter(server, "alice").arrival.welcome["id"]
        bob = self.enter(server, "bob", since=0, since_server=server_id)
        self.assertEqual([message.body for message in bob.arrival.replay], [f"{number} {LINE}" for number in range(50)])
        self.assertEqual([message.body for message in bob.history(limit=2)[0]], [f"48 {LINE}", f"49 {LINE}"])
        cid = bob.say("not now")
        bob.expect_error("storage", cid=cid)
        bob.whisper("alice", "nor this")
        bob.expect_error("storage")
        # A run that cannot be written is told to nobody: who came up to here in it alone would be taken for somebody from another log.
        self.assertNotIn("run", bob.arrival.welcome)

        os.unlink(ballast)
        said = self.say_until_accepted(bob, "said at last", cid)
        self.assertEqual(bob.history(limit=1)[0][0].said(), said.said())
        self.assertIn("run", self.enter(server, "dora").arrival.welcome)
        self.kill(server)
        server = self.start_again(server)
        carol = self.enter(server, "carol", since=said.id - 1, since_server=server_id)
        self.assertEqual([message.said() for message in carol.arrival.replay], [said.said()])

    def test_a_full_disk_after_a_crash(self):
        """What was in the log's journal only is there, too."""
        disk = self.small_disk("16m")
        self.data = os.path.join(disk, "data")
        server = self.start_server("--data-dir", self.data)
        alice = self.enter(server, "alice")
        cid = alice.say("before")
        alice.expect_echo("before", cid)
        self.kill(server)
        self.fill(disk, 0)
        server = self.start_again(server)
        server.expected = "full|space|log"
        bob = self.enter(server, "bob", since=0, since_server=alice.arrival.welcome["id"])
        self.assertEqual([message.body for message in bob.arrival.replay], ["before"])

    def test_damaged_in_the_middle(self):
        """Who cannot be told what they missed is not told that this was all."""
        self.make_log()
        with sqlite3.connect(self.log) as database:
            pages = [row[0] for row in database.execute(
                "SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY path")]
            size = database.execute("PRAGMA page_size").fetchone()[0]
        database.close()
        with open(self.log, "r+b") as file:
            file.seek((pages[len(pages) // 2] - 1) * size)
            file.write(b"\xa5" * size)
        server = self.start_server("--data-dir", self.data)
        server.expected = "cannot be read|malformed"
        alice = self.enter(server, "alice")
        for _ in range(3):
            bob = self.connect_extended(server)
            bob.send_log_in("bob", since=0, since_server=alice.arrival.welcome["id"])
            kinds = []
            while not kinds or kinds[-1] != "E":
                kinds.append(bob.read().kind)
            self.assertNotIn("C", kinds)
            bob.expect_end()
        alice.send_packet("H", limit=200)
        alice.wait_for("E")
        cid = alice.say("talk goes on")
        alice.wait_for("4", "talk goes on", cid=cid)
        server.stop()
        self.assertEqual(server.log().count("The log cannot be read"), 1)
        self.assertRegex(server.log(), "The log cannot be read.*malformed")

    def test_it_is_nobody_elses(self):
        self.make_log()
        for name in os.listdir(self.data):
            self.assertEqual(os.stat(os.path.join(self.data, name)).st_mode & 0o077, 0, name)

    def test_one_server_at_a_time(self):
        """Two servers on one log would give one id twice."""
        server = self.start_server("--data-dir", self.data)
        self.assert_second_gives_up()
        self.enter(server, "alice")

    def assert_second_gives_up(self):
        result = self.run_server("--port", "0", "--no-discovery", "--data-dir", self.data)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)


if __name__ == "__main__":
    main()
