#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The orderly end, and what systemd is told. Issue "The server"; PROTOCOL.md, "The end of a server"."""

import os
import signal
import socket
import time

from ahoytest import STX, SystemTest, main

# It waits two seconds for those who do not take their last words. This leaves a busy machine its time, and is less than it takes the kernel to give
# up on somebody.
END_SECONDS = 20


class Shutdown(SystemTest):
    def end(self, server, number):
        start = time.monotonic()
        server.signal(number)
        return start

    def assert_ended(self, server, start):
        self.assertEqual(server.wait(30), 0, server.log())
        self.assertLess(time.monotonic() - start, END_SECONDS)

    def test_everyone_is_told(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                server = self.start_server()
                people = self.gather(server, "alice", "bob", "carol")
                start = self.end(server, number)
                for person in people:
                    person.expect_turned_out()
                self.assert_ended(server, start)

    def test_what_was_said_before_is_still_delivered(self):
        server = self.start_server()
        alice, bob = self.gather(server, "alice", "bob")
        text = "x" * 16000
        for i in range(30):
            alice.say(f"{i} {text}")
        alice.expect_chat(f"alice: 0 {text}")
        start = self.end(server, signal.SIGTERM)
        heard = 0
        while (frame := bob.read_frame()) == (b"4", f"alice: {heard} {text}".encode()):
            heard += 1
        self.assertTrue(frame[0] == b"4" and frame[1].startswith(b"* "), frame)
        self.assertGreaterEqual(heard, 1)
        bob.expect_end()
        self.assert_ended(server, start)

    def test_peers_that_do_not_read_do_not_hold_it_up(self):
        server = self.start_server()
        alice = self.log_in(server, "alice")
        deaf = self.log_in(server, "deaf", receive_buffer=4096)
        alice.expect_frame("2", "deaf")
        for i in range(300):  # more than the kernels' buffers, less than the queue's limit
            alice.say("x" * 10000)
            alice.expect_chat("alice: " + "x" * 10000)
        silent = self.connect(server)
        silent.send(STX + b"1half")
        start = self.end(server, signal.SIGTERM)
        alice.expect_turned_out()
        self.assert_ended(server, start)
        self.assertTrue(deaf.socket.fileno() >= 0)

    def test_with_nobody_there(self):
        server = self.start_server()
        self.assert_ended(server, self.end(server, signal.SIGTERM))

    def test_a_second_signal_does_no_harm(self):
        server = self.start_server()
        alice = self.log_in(server, "alice")
        start = self.end(server, signal.SIGTERM)
        alice.expect_turned_out()
        server.signal(signal.SIGTERM)
        server.wait(30)
        self.assertLess(time.monotonic() - start, END_SECONDS)

    def test_nobody_new_is_let_in(self):
        server = self.start_server()
        deaf = self.log_in(server, "deaf")
        start = self.end(server, signal.SIGTERM)
        deaf.expect_turned_out()
        try:
            late = self.connect(server)
            late.send_frame("1", "late")
            late.socket.settimeout(5)
            self.assertEqual(late.socket.recv(100)[:2].replace(b"\x024", b""), b"")
        except OSError:
            pass  # refused or reset: the port is closed
        self.assert_ended(server, start)

    def test_the_port_is_free_at_once(self):
        server = self.start_server()
        alice = self.log_in(server, "alice")
        server.signal(signal.SIGTERM)
        alice.expect_turned_out()
        server.wait(30)
        again = self.start_server(port=server.tcp)
        self.assertEqual(again.tcp, server.tcp)

    def test_a_killed_servers_port_is_free_at_once(self):
        server = self.start_server()
        self.log_in(server, "alice")
        port = server.tcp
        server.kill()
        server.stop = lambda: 0  # it was ended on purpose
        again = self.start_server("--data-dir", server.command[server.command.index("--data-dir") + 1], port=port)
        self.assertEqual(again.tcp, port)


class Systemd(SystemTest):
    def test_ready_status_and_stopping(self):
        path = os.path.join(self.directory, "notify")
        inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(inbox.close)
        inbox.bind(path)
        inbox.settimeout(30)
        server = self.start_server(env={"NOTIFY_SOCKET": path})
        told = inbox.recv(4096).decode().splitlines()
        while "READY=1" not in told:
            told += inbox.recv(4096).decode().splitlines()
        while not any(line.startswith("STATUS=") for line in told):
            told += inbox.recv(4096).decode().splitlines()
        self.assertNotIn("STOPPING=1", told)
        server.signal(signal.SIGTERM)
        while "STOPPING=1" not in told:
            told += inbox.recv(4096).decode().splitlines()
        self.assertEqual(told.count("READY=1"), 1)
        self.assertEqual(server.wait(30), 0)


if __name__ == "__main__":
    main()
