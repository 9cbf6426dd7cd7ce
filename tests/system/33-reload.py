#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""SIGHUP reads the settings anew, and what the service manager is told of it. ahoyd(8), "Signals"."""

import os
import signal
import socket
import time

from ahoytest import PATIENCE, SystemTest, extended_request, main
from ahoytest.discovery import parse_extended

WAIT = 30 * PATIENCE


class Manager:
    """Listens where a service manager does. @name: a path, or a name after an @."""

    def __init__(self, name):
        self.name = name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.socket.settimeout(WAIT)

    def read(self):
        return self.socket.recv(4096).decode().split("\n")

    def read_past_status(self):
        while (lines := self.read())[0].startswith("STATUS="):
            pass
        return lines

    def close(self):
        self.socket.close()


class WithManager(SystemTest):
    def manager(self, name=None):
        manager = Manager(name or os.path.join(self.directory, "notify"))
        self.addCleanup(manager.close)
        return manager


class Readiness(WithManager):
    def assert_told(self, manager):
        server = self.start_server(env={"NOTIFY_SOCKET": manager.name})
        self.assertEqual(manager.read(), [f"STATUS=Port {server.tcp}, people online: 0"])
        self.assertEqual(manager.read(), ["READY=1"])
        server.signal(signal.SIGTERM)
        self.assertEqual(manager.read(), ["STOPPING=1"])
        self.assertEqual(server.wait(WAIT), 0)

    def test_people_come_and_go(self):
        manager = self.manager()
        server = self.start_server(env={"NOTIFY_SOCKET": manager.name})
        self.assertEqual(manager.read_past_status(), ["READY=1"])
        alice = self.log_in(server, "alice")
        self.assertEqual(manager.read(), [f"STATUS=Port {server.tcp}, people online: 1"])
        alice.close()
        self.assertEqual(manager.read(), [f"STATUS=Port {server.tcp}, people online: 0"])

    def test_a_socket_with_a_path(self):
        self.assert_told(self.manager())

    def test_a_socket_in_the_abstract_namespace(self):
        self.assert_told(self.manager("@ahoy/notify-" + os.path.basename(self.directory)))

    def test_a_path_as_long_as_can_be(self):
        name = "@" + "n" * 107
        self.assert_told(self.manager(name))

    def test_who_does_not_listen_is_no_matter(self):
        for name in ("/nonexistent/notify", "@nobody-is-here", "relative", "", "@", "@" + "x" * 300):
            with self.subTest(name=name):
                server = self.start_server(env={"NOTIFY_SOCKET": name})
                server.expected = "service manager"
                self.assert_serving(server)
                server.stop()

    def test_one_that_never_reads_stops_nobody(self):
        manager = self.manager()
        filler = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(filler.close)
        filler.setblocking(False)
        with self.assertRaises(BlockingIOError):
            while True:
                filler.sendto(b"full", manager.name)
        server = self.start_server(env={"NOTIFY_SOCKET": manager.name})
        server.expected = "service manager"
        self.assert_serving(server)


class Reload(WithManager):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.directory, "ahoyd.conf")
        self.notified = self.manager()

    def write(self, *lines):
        """In one step: the server may be reading it."""
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            file.write("\n".join(("[ahoyd]", *lines)) + "\n")
        os.replace(self.path + ".new", self.path)

    def start(self, *options, **more):
        server = self.start_server("--config", self.path, *options, env={"NOTIFY_SOCKET": self.notified.name}, **more)
        self.assertEqual(self.notified.read_past_status(), ["READY=1"])
        return server

    def reload(self, server):
        """Returns what it says of it: lines without their domain."""
        before = len(server.log())
        asked = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
        server.signal(signal.SIGHUP)
        word, when = self.notified.read_past_status()
        self.assertEqual(word, "RELOADING=1")
        self.assertTrue(when.startswith("MONOTONIC_USEC="), when)
        self.assertGreaterEqual(int(when.split("=")[1]), int(asked))
        self.assertEqual(self.notified.read_past_status(), ["READY=1"])
        return server.log()[before:]

    def test_nobody_is_dropped_and_newcomers_get_what_is_new(self):
        self.write("name=Before", "motd=before", "keep-days=30")
        server = self.start()
        alice = self.enter(server, "alice")
        self.assertEqual((alice.arrival.welcome["name"], alice.arrival.welcome["keep"]), ("Before", "30"))
        carol = self.log_in(server, "carol")
        self.assertEqual(carol.expect_notice(), "before")
        alice.expect_packet("2", "carol")
        self.write("name=After", "motd=after", "keep-days=7")
        said = self.reload(server)
        self.assertIn(self.path, said)
        for word in ("name", "motd", "keep-days"):
            self.assertIn(word, said)
        self.assertNotIn("next start", said)
        bob = self.enter(server, "bob")
        self.assertEqual((bob.arrival.welcome["name"], bob.arrival.welcome["keep"]), ("After", "7"))
        alice.expect_packet("2", "bob")
        cid = alice.say("still here")
        alice.expect_echo("still here", cid)
        bob.expect_chat("alice", "still here")
        _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(fields["name"], "After")

    def test_limits(self):
        self.write("max-clients=1", "max-pending-per-address=0")
        server = self.start()
        alice = self.log_in(server, "alice")
        self.connect(server).expect_turned_out()
        self.write("max-clients=3", "max-pending-per-address=1")
        said = self.reload(server)
        self.assertIn("max-clients", said)
        waiting = self.connect(server)
        second = self.connect(server)
        second.expect_turned_out()
        waiting.log_in("bob")
        alice.expect_frame("2", "bob")
        self.write("max-clients=1", "max-pending-per-address=0")
        self.reload(server)
        self.connect(server).expect_turned_out()
        waiting.say("I stay")
        alice.expect_chat("bob: I stay")

    def test_tls_is_required_of_newcomers(self):
        self.write()
        server = self.start()
        alice = self.log_in(server, "alice")
        self.write("require-tls=true")
        self.assertIn("require-tls", self.reload(server))
        self.enter(server, "bob", tls=True)
        alice.expect_frame("2", "bob")
        newcomer = self.connect(server)
        newcomer.send_frame("1", "carol")
        newcomer.expect_turned_out()
        alice.say("I was here before")
        alice.expect_chat("alice: I was here before")

    def test_what_takes_a_start_is_named_and_stays(self):
        self.write("port=0", "discovery-port=31111", "name=n")
        server = self.start(port=None)
        alice = self.log_in(server, "alice")
        self.write("port=1", "discovery-port=31112", "bind=127.0.0.5", "store=memory", "durability=power", "data-dir=/nonexistent",
                   "classic-charset=BIG5", "no-discovery=true", "name=n")
        said = self.reload(server)
        lines = [line for line in said.splitlines() if "next start" in line]
        self.assertEqual(len(lines), 1, said)
        for word in ("port", "discovery-port", "bind", "store", "durability", "no-discovery"):
            self.assertIn(word, lines[0])
        self.assertNotIn("data-dir", lines[0], "the command line beats the file")
        _, fields = parse_extended(self.asker().ask(extended_request(), 31111))
        self.assertEqual(fields["name"], "n")
        alice.say("hello")
        alice.expect_chat("alice: hello")
        self.write("port=0", "discovery-port=31111", "name=n")
        self.assertNotIn("next start", self.reload(server), "as it was")

    def test_a_mistake_changes_nothing_and_says_where(self):
        self.write("name=Before", "motd=before")
        server = self.start()
        server.expected = "stay as they are"
        alice = self.log_in(server, "alice")
        alice.expect_notice()
        for lines, says in (
            (("name=After", "motd=after", "max-clients=many"), f"{self.path}:4: max-clients"),
            (("name=After", "mtod=after"), f"{self.path}:3: unknown key 'mtod'"),
            (("name=After", "what is this"), f"{self.path}:3: "),
            (("name=After", "tls-key=/tmp/k"), "tls-certificate"),
        ):
            with self.subTest(lines=lines):
                self.write(*lines)
                self.assertIn(says, self.reload(server))
                _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
                self.assertEqual(fields["name"], "Before")
        os.unlink(self.path)
        self.assertIn(self.path, self.reload(server), "a file that is gone")
        os.mkdir(self.path)
        self.assertIn(self.path, self.reload(server), "a folder in its place")
        os.rmdir(self.path)
        bob = self.log_in(server, "bob")
        self.assertEqual(bob.expect_notice(), "before")
        alice.expect_frame("2", "bob")
        self.write("motd=mended")
        self.assertNotIn("stay", self.reload(server))

    def test_nothing_changed(self):
        self.write("name=same")
        server = self.start()
        self.assertIn("nothing", self.reload(server))

    def test_without_a_file(self):
        server = self.start_server("--name", "as on the line", env={"NOTIFY_SOCKET": self.notified.name})
        self.assertEqual(self.notified.read_past_status(), ["READY=1"])
        self.assertIn("nothing", self.reload(server))
        self.assert_serving(server)

    def test_less_is_kept_at_once(self):
        self.write("keep-mb=0")
        server = self.start("--rate", "0", "--rate-bytes", "0")
        alice = self.enter(server, "alice")
        for number in range(300):
            cid = alice.say(f"{number} " + "x" * 15000)
            alice.expect_packet("4", cid=cid)
        self.assertEqual(alice.history(before=2, limit=1)[0][0].id, 1)
        self.write("keep-mb=1")
        self.reload(server)
        end = time.monotonic() + WAIT
        while alice.history(before=2, limit=1)[0]:
            self.assertLess(time.monotonic(), end, "the oldest is still kept")

    def test_a_flood_of_hangups(self):
        """Two people talk through it, and what was written last holds."""
        self.write("name=first")
        server = self.start("--rate", "0")
        self.notified.close()
        alice, bob = self.gather_extended(server, "alice", "bob")
        for number in range(40):
            self.write(f"name=number {number}", "motd=hello")
            for _ in range(10):
                server.signal(signal.SIGHUP)
            cid = alice.say(str(number))
            alice.expect_echo(str(number), cid)
            bob.expect_chat("alice", str(number))
        self.assertEqual((alice.barrier(), bob.barrier()), ([], []))
        end = time.monotonic() + WAIT
        visits = 0
        while True:
            visitor = self.enter(server, f"visitor {visits}")
            visitor.close()
            if visitor.arrival.welcome["name"] == "number 39":
                break
            visits += 1
            self.assertLess(time.monotonic(), end)

    def test_it_can_still_be_stopped(self):
        self.write("name=n")
        server = self.start()
        alice = self.log_in(server, "alice")
        server.signal(signal.SIGHUP)
        server.signal(signal.SIGTERM)
        server.signal(signal.SIGHUP)
        alice.expect_notice()
        self.assertEqual(server.wait(WAIT), 0)


if __name__ == "__main__":
    main()
