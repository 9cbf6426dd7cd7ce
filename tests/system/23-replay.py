#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Who comes back gets what they missed, all of it and nothing else, in order. PROTOCOL.md, "Coming back"."""

import os
import socket
import threading
import time

from ahoytest import PATIENCE, SystemTest, build, frame, main

MANY = 100000
LINE = "x" * 200
# AddressSanitizer makes everything slow, and puts room around everything.
SANITIZED = "ASAN_OPTIONS" in os.environ
# How much the kernel holds for somebody who hardly reads. With much less it sends by its timers only, and in the end gives up on who took something
# all the time.
LITTLE = 64 << 10
# What the server may take more for somebody who has 100,000 messages to read and hardly reads any: pages and queues, not the log.
REPLAY_MEMORY = (48 if SANITIZED else 16) << 20


class Talkative(SystemTest):
    """Very much is said: AddressSanitizer is not to look back far at every allocation, nor to keep for long what was freed."""

    def start_server(self, *options, **more):
        if SANITIZED:
            hurry = ":fast_unwind_on_malloc=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
            more.setdefault("env", {"ASAN_OPTIONS": os.environ["ASAN_OPTIONS"] + hurry})
        return super().start_server(*options, **more)


class Replay(Talkative):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.alice = self.enter(self.server, "alice")
        self.id = self.alice.arrival.welcome["id"]

    def say_all(self, client, texts):
        """Their messages as their sender saw them."""
        said = []
        for first in range(0, len(texts), 500):  # who sends without reading is cut off
            batch = texts[first : first + 500]
            client.send(b"".join(build("3", text) for text in batch))
            said += [client.wait_for("4", text, from_=client.name) for text in batch]
        return said

    def come_back(self, name, since, server=None, **options):
        return self.enter(server or self.server, name, since=since, since_server=self.id, **options)

    def test_everything_since(self):
        said = self.say_all(self.alice, [f"{i}" for i in range(20)])
        for since in (0, 1, 7, 19, 20):
            with self.subTest(since=since):
                bob = self.come_back("bob", said[since - 1].id if since else 0)
                self.assertEqual([message.said() for message in bob.arrival.replay], [message.said() for message in said[since:]])
                self.assertTrue(all("cid" not in message for message in bob.arrival.replay))
                self.assertEqual(bob.arrival.caught_up.number("last"), said[-1].id)
                bob.close()
                self.alice.wait_for("3", "bob")

    def test_without_since_nothing_of_everyones(self):
        self.say_all(self.alice, ["one", "two"])
        self.assertEqual(self.enter(self.server, "bob").arrival.replay, [])

    def test_since_of_another_server_counts_for_nothing(self):
        self.say_all(self.alice, ["one", "two"])
        for number, other in enumerate(("a" * 26, "", None)):
            with self.subTest(other=other):
                self.assertEqual(self.enter(self.server, f"bob{number}", since=1, since_server=other).arrival.replay, [])

    def test_since_from_before_the_server_lost_its_log(self):
        said = self.say_all(self.alice, ["one", "two"])
        bob = self.come_back("bob", said[-1].id + 1000)
        self.assertEqual(bob.arrival.replay, [])
        self.assertEqual(bob.arrival.welcome.number("last"), said[-1].id)

    def test_only_what_one_may_see(self):
        bob, carol = self.enter(self.server, "bob"), self.enter(self.server, "carol")
        self.alice.whisper("bob", "for bob")
        self.alice.whisper("carol", "for carol")
        self.alice.whisper("alice", "for alice")
        self.alice.say("for all")
        bob.wait_for("4", "for all")
        cid = bob.whisper("carol", "from bob")
        bob.wait_for("4", "from bob")
        carol.wait_for("4", "from bob")
        for person in (bob, carol):
            person.close()
            self.alice.wait_for("3", person.name)
        expected = {
            "bob": [("for bob", "bob"), ("for all", None), ("from bob", "carol")],
            "Carol": [("for carol", "carol"), ("for all", None), ("from bob", "carol")],
            "dave": [("for all", None)],
        }
        for name, messages in expected.items():
            with self.subTest(name=name):
                back = self.come_back(name, 0).arrival.replay
                self.assertEqual([(message.body, message.get("to")) for message in back], messages)
                self.assertEqual(back[-1].get("cid"), cid if name == "bob" else None)

    def test_after_restarts_and_from_the_disk(self):
        """More than the server can have in memory: it has just started."""
        texts = [f"{i}" for i in range(1500)]
        said = self.say_all(self.alice, texts)
        self.kill(self.server)
        server = self.start_again(self.server)
        self.assertEqual(self.come_back("bob", 0, server).arrival.texts(), texts)
        server.stop()
        server = self.start_again(server)
        self.assertEqual(self.come_back("bob", said[699].id, server).arrival.texts(), texts[700:])

    def test_what_is_said_meanwhile_is_neither_lost_nor_doubled(self):
        """Five people come back, again and again, while alice never stops talking."""
        stop = threading.Event()
        said = []

        def talk():
            number = 0
            while not stop.is_set():
                said.extend(self.say_all(self.alice, [f"{number + i}" for i in range(50)]))
                number += 50

        self.say_all(self.alice, [f"before {i}" for i in range(1500)])
        talker = threading.Thread(target=talk)
        talker.start()
        try:
            heard = {}
            since = {}
            for turn in range(10):
                name = f"p{'abcde'[turn % 5]}"
                person = self.come_back(name, since.get(name, 0))
                got = list(person.arrival.replay)
                for _ in range(30):
                    live = person.wait_for("4")
                    self.assertNotIn("replay", live)
                    got.append(live)
                person.reset()
                heard.setdefault(name, []).extend(got)
                since[name] = got[-1].id
        finally:
            stop.set()
            talker.join()
        everything = [message.id for message in self.come_back("zed", 0).arrival.replay]
        self.assertEqual(everything[-len(said) :], [message.id for message in said])
        for name, messages in heard.items():
            ids = [message.id for message in messages]
            self.assertEqual(ids, everything[: len(ids)], name)

    def test_a_burst_while_the_last_page_is_read(self):
        """All of it is committed together, after the page was asked for and before it is handed over. The server has just started: what
        is replayed comes from its disk."""
        said = self.say_all(self.alice, ["before"])
        server, identity = self.server, self.id
        for turn in range(10):
            self.kill(server)
            server = self.start_again(server)
            alice, bob = self.enter(server, "alice"), self.connect_extended(server)
            alice.send(b"".join(build("3", f"{turn} {i} {LINE}") for i in range(150)))
            bob.send_log_in("bob", since=said[-1].id - 1, since_server=identity)
            bob.read_roster()
            got = bob.read_until_caught_up().replay
            while got[-1].body != f"{turn} 149 {LINE}":
                got.append(bob.wait_for("4"))
            self.assertEqual([message.body for message in got], [said[-1].body, *(f"{turn} {i} {LINE}" for i in range(150))])
            said = got

    def test_presence_goes_on_meanwhile(self):
        self.say_all(self.alice, [LINE * 5 for _ in range(8000)])
        bob = self.connect_extended(self.server, receive_buffer=LITTLE)
        bob.send_log_in("bob", since=0, since_server=self.id)
        bob.read_roster()
        self.alice.wait_for("2", "bob")
        self.enter(self.server, "carol").close()
        self.alice.wait_for("3", "carol")
        self.alice.say("live")
        live = self.alice.wait_for("4", "live")
        arrival = bob.read_until_caught_up()
        self.assertEqual([(other.kind, other.body) for other in arrival.others], [("2", "carol"), ("3", "carol")])
        self.assertEqual(arrival.replay[-1].said(), live.said())
        self.assertEqual(len(arrival.replay), 8001)


# At this pace, a hundred thousand messages take more than a minute.
TRICKLE_SIZE, TRICKLE_SECONDS = 1 << 16, 0.2


class Trickle(threading.Thread):
    """Takes a little now and then of what @peer is sent, into its buffer, until it is stopped: as slow as can be, and alive."""

    def __init__(self, peer):
        super().__init__(daemon=True)
        self.peer = peer
        self.over = threading.Event()
        self.start()

    def run(self):
        self.peer.socket.settimeout(PATIENCE)
        while not self.over.wait(TRICKLE_SECONDS):
            try:
                self.peer.buffer += self.peer.socket.recv(TRICKLE_SIZE)
            except TimeoutError:
                pass

    def stop(self):
        self.over.set()
        self.join()


class AHundredThousand(Talkative):
    def memory(self, server, key):
        with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key + ":"))

    def forget_the_peak(self, server):
        with open(f"/proc/{server.pid}/clear_refs", "w", encoding="ascii") as knob:
            knob.write("5")

    def fill(self, server):
        """Many in flight: several people talk at once, each hears them all."""
        talker = self.log_in(server, "talker")
        step = 2000
        batch = frame("3", LINE) * step
        echo = len(frame("4", f"talker: {LINE}"))
        for _ in range(MANY // step):
            talker.send(batch)
            left = echo * step
            while left > 0:
                left -= len(talker.socket.recv(1 << 20)) or self.fail("closed")
        talker.close()

    def test_replay_to_a_slow_reader(self):
        server = self.start_server()
        self.fill(server)
        alice = self.enter(server, "alice")
        identity = alice.arrival.welcome["id"]
        self.forget_the_peak(server)
        before = self.memory(server, "VmHWM")

        slow = self.connect_extended(server, receive_buffer=LITTLE)
        slow.send_log_in("slow", since=0, since_server=identity)
        slow.read_roster()
        trickle = Trickle(slow)
        self.addCleanup(trickle.stop)
        alice.wait_for("2", "slow")
        began = time.monotonic()
        for i in range(100):
            cid = alice.say(f"live {i}")
            alice.expect_echo(f"live {i}", cid)
        undisturbed = time.monotonic() - began

        with self.attended(alice) as came:
            quick = self.enter(server, "quick", since=0, since_server=identity)
        self.assertEqual(len(quick.arrival.replay), MANY + 100)
        self.assertEqual([(got.kind, got.body) for got in came[alice]], [("2", "quick")])
        self.assertLess(self.memory(server, "VmHWM") - before, REPLAY_MEMORY)
        self.assertLess(undisturbed, MANY * len(LINE) / TRICKLE_SIZE * TRICKLE_SECONDS, "they had to wait for the slow one")

        trickle.stop()
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 << 20)  # slow no more
        with self.attended(alice, quick):
            read = slow.read_until_caught_up().replay
        self.assertEqual(len(read), MANY + 100)
        self.assertEqual([message.body for message in read[MANY:]], [f"live {i}" for i in range(100)])
        self.assertEqual({message.body for message in read[:MANY]}, {LINE})
        self.assertLess(self.memory(server, "VmHWM") - before, REPLAY_MEMORY)
        cid = alice.say("and on")
        alice.expect_echo("and on", cid)
        for person in (slow, quick):
            person.wait_for("4", "and on")

    def test_to_somebody_who_hangs_up(self):
        """Pages that are on their way to somebody who has gone."""
        server = self.start_server()
        alice = self.enter(server, "alice")
        identity = alice.arrival.welcome["id"]
        alice.send(build("3", LINE) * 5000)
        for _ in range(5000):
            alice.expect_packet("4", LINE)
        for turn in range(40):
            bob = self.connect_extended(server)
            bob.send_log_in("bob", since=turn, since_server=identity)
            if turn % 2:
                bob.read_roster()
            bob.reset()
            alice.wait_for("3", "bob")
        self.assertEqual(len(self.enter(server, "bob", since=0, since_server=identity).arrival.replay), 5000)


if __name__ == "__main__":
    main()
