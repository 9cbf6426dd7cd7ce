#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A name is somebody's before anybody can log in: --claim. PROTOCOL.md, "Owning a name"."""

import os
import socket
import threading

from ahoytest import RawClient, Refused, SystemTest, main

STARTS = 8
# In another alphabet, so that it is another name, and looks the same.
MIKE = "\u041c\u0406\u041a\u0415"


class Poller:
    """A small program that polls a port and logs in as @name as soon as there is anybody. `answers`: what each start of the server answered it."""

    def __init__(self, port, name):
        self.port, self.name, self.answers = port, name, []
        self.round = threading.Semaphore(0)
        self.answered = threading.Semaphore(0)
        self.over = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while self.round.acquire() and not self.over:
            self.answers.append(self._try())
            self.answered.release()

    def _try(self):
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) != 0:
                    continue
            client = RawClient(self.port)
            try:
                client.log_in(self.name)
                return "accepted"
            except Refused:
                return "refused"
            finally:
                client.close()

    def begin(self):
        self.round.release()

    def wait(self):
        assert self.answered.acquire(timeout=60), "the poller got no answer"

    def end(self):
        self.over = True
        self.round.release()
        self.thread.join()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Claims(SystemTest):
    def setUp(self):
        super().setUp()
        self.ours = self.make_identity("ours")
        self.theirs = self.make_identity("theirs")
        self.port = free_port()

    def start(self, number, *claims):
        options = [option for claim in claims for option in ("--claim", claim)]
        return self.start_server("--data-dir", os.path.join(self.directory, f"data-{number}"), "--failed-logins-per-minute", "0", *options, port=self.port)

    def claim(self, name, identity=None):
        return f"{name}={(identity or self.ours).fingerprint}"

    def refuse(self, server, name, reason, **options):
        client = self.connect_extended(server, **options)
        client.expect_refusal(name, reason)
        client.close()

    def owners(self, server):
        listed = self.run_server("names", "--data-dir", server.data_dir)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return {line.split("\t")[2] for line in listed.stdout.splitlines()[1:]}

    def race(self, word, starts, *claims):
        """A fresh server each time, and somebody waiting at its port. Returns what they were answered."""
        poller = Poller(self.port, "Alice")
        try:
            for number in range(starts):
                poller.begin()
                server = self.start(f"{word}-{number}", *claims)
                poller.wait()
                server.stop()
        finally:
            poller.end()
        return poller.answers

    def test_nobody_is_faster(self):
        self.assertEqual(self.race("claimed", STARTS, self.claim("Alice")), ["refused"] * STARTS)
        self.assertEqual(self.race("free", 2), ["accepted"] * 2, "they would be in time")

    def test_it_is_theirs_and_stays_theirs(self):
        server = self.start(0, self.claim("Alice"))
        self.assertEqual(self.owners(server), {self.ours.fingerprint})
        for options in ({}, {"tls": True}, {"tls": self.theirs}):
            self.refuse(server, "alice", "owned", **options)
            self.refuse(server, "A1ice", "look-alike", **options)
        self.enter(server, "Alice", tls=self.ours).close()
        self.kill(server)
        server = self.start(0)
        self.refuse(server, "Alice", "owned", tls=self.theirs)
        self.enter(server, "Alice", tls=self.ours)

    def test_it_is_on_the_disk_before_they_come(self):
        self.kill(self.start(0, self.claim("Alice")))
        server = self.start(0)
        self.refuse(server, "Alice", "owned", tls=self.theirs)

    def test_what_is_somebody_elses_stays_so(self):
        server = self.start(0)
        self.enter(server, "Alice", tls=self.theirs).close()
        self.enter(server, "mike", tls=self.theirs).close()
        server.stop()
        server = self.start(0, *map(self.claim, ("alice", "A1ice", MIKE, "Bob")))
        self.assertIn("'alice' stays whose it is", server.log())
        self.assertIn("'A1ice' stays whose it is", server.log())
        self.assertIn(f"'{MIKE}' cannot be claimed", server.log())
        self.refuse(server, "alice", "owned", tls=self.ours)
        self.refuse(server, "A1ice", "look-alike", tls=self.ours)
        self.refuse(server, "Bob", "owned", tls=self.theirs)
        self.enter(server, "Bob", tls=self.ours)
        self.enter(server, "Alice", tls=self.theirs)

    def test_what_waits_for_somebody_without_a_key_is_not_for_them(self):
        """It was whispered to whoever had the name, and not to who claims it."""
        server = self.start(0)
        carol = self.enter(server, "carol", tls=self.theirs)
        alice = self.connect_extended(server)
        alice.send_log_in("Alice", secret="a" * 22)
        carol.wait_for("2", "Alice")
        alice.close()
        carol.wait_for("3", "Alice")
        carol.whisper("Alice", "for the one I know")
        carol.wait_for("4", "for the one I know")
        server.stop()
        server = self.start(0, self.claim("Alice"))
        ours = self.enter(server, "Alice", since=0, tls=self.ours)
        self.assertEqual(ours.arrival.texts(), [])
        carol = self.enter(server, "carol", tls=self.theirs)
        carol.whisper("Alice", "for the one who is here")
        ours.wait_for("4", "for the one who is here")

    def test_of_two_claims_the_first_counts(self):
        server = self.start(0, self.claim("Alice"), self.claim("Alice", self.theirs))
        self.refuse(server, "Alice", "owned", tls=self.theirs)
        self.enter(server, "Alice", tls=self.ours)

    def test_not_in_vain_without_a_disk(self):
        server = self.start_server("--store", "memory", "--claim", self.claim("Alice"))
        self.refuse(server, "Alice", "owned", tls=self.theirs)
        self.enter(server, "Alice", tls=self.ours)


if __name__ == "__main__":
    main()
