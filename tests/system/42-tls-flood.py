#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Handshakes by the hundred, and peers who take their time at every step: others go on talking. PROTOCOL.md, "TLS"."""

import re
import socket
import threading
import time

from ahoytest import PATIENCE, STX, RawClient, SystemTest, TlsSocket, client_context, frame, main
from ahoytest.bystanders import Siege
from ahoytest.rawtls import HANDSHAKE, SERVER_HELLO, client_hello, message, record, records

HANDSHAKE_SECONDS = 5
LOGIN_SECONDS = 15


def hello(context):
    """What a client of that context says first."""
    left, right = socket.socketpair()
    with left, right:
        greeting = TlsSocket(left, context)
        try:
            greeting.tls.do_handshake()
        except OSError:
            pass
        return greeting.outgoing.read()


def read_to_the_end(sock):
    """Until the other side ends."""
    sock.settimeout(60 * PATIENCE)
    try:
        while sock.recv(1 << 16):
            pass
    except ConnectionResetError:
        pass


class Timed(Siege):
    """Whose time for a handshake is up is counted as a handshake that failed; whose time for a log-in is up is not. So which of them ended a
    connection is known, however late a busy machine gets to it."""

    time_is_up = None

    def _end_server(self, server):
        super()._end_server(server)
        if self.time_is_up is not None:
            self.assertIn(f" handshakes-failed={self.time_is_up} ", server.log())


class Flood(Timed):
    COUNT = 400

    def connect_many(self, count):
        sockets = []
        for _ in range(count):
            sock = socket.create_connection(("127.0.0.1", self.server.tcp), 30 * PATIENCE)
            self.addCleanup(sock.close)
            sockets.append(sock)
        return sockets

    def test_hellos_that_nothing_follows(self):
        """Each makes the server choose keys and sign, which is dear, and keeps a place until its time is up."""
        for greeting in (hello(client_context(version="1.3")), records(HANDSHAKE, client_hello())):
            sockets = self.connect_many(self.COUNT)
            for sock in sockets:
                sock.sendall(greeting)
            for sock in sockets:
                read_to_the_end(sock)
        self.time_is_up = 2 * self.COUNT

    def test_hellos_and_away(self):
        greeting = hello(client_context())
        for _ in range(self.COUNT):
            with socket.create_connection(("127.0.0.1", self.server.tcp), 30 * PATIENCE) as sock:
                sock.sendall(greeting)

    def test_whole_handshakes(self):
        identity = self.make_identity("mallory")
        problems = []

        def shake(context):
            try:
                for _ in range(self.COUNT // 4):
                    RawClient(self.server.tcp, tls=context).close()
            except OSError as problem:
                problems.append(problem)

        threads = [
            threading.Thread(target=shake, args=(context,))
            for version in ("1.2", "1.3")
            for context in (client_context(None, version), client_context(identity, version))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])

    def test_many_people_come_at_once(self):
        context = client_context(self.make_identity("mallory"))
        clients = [RawClient(self.server.tcp, tls=context) for _ in range(100)]
        for client in clients:
            self.addCleanup(client.close)
            client.expect_refusal("alice")


class Slow(Timed):
    def test_nothing_more_after_a_piece_of_a_hello(self):
        whole = hello(client_context())
        begin = time.monotonic()
        sockets = []
        for piece in (whole[:1], whole[:5], whole[:6], whole[:100], whole[:-1]):
            sock = socket.create_connection(("127.0.0.1", self.server.tcp))
            self.addCleanup(sock.close)
            sock.sendall(piece)
            sockets.append(sock)
        for sock in sockets:
            read_to_the_end(sock)
            self.assertGreater(time.monotonic() - begin, HANDSHAKE_SECONDS / 2)
        self.time_is_up = len(sockets)

    def test_a_hello_byte_by_byte(self):
        """The time is for the whole handshake, not for the next byte."""
        sockets = []
        for version in ("1.2", "1.3"):
            sock = socket.create_connection(("127.0.0.1", self.server.tcp))
            self.addCleanup(sock.close)
            sockets.append((sock, iter(hello(client_context(version=version)))))
        gone = 0
        while gone < len(sockets):
            gone = 0
            for sock, rest in sockets:
                try:
                    sock.sendall(bytes([next(rest)]))  # there are enough for more than ten seconds
                    sock.settimeout(0.05)
                    gone += not sock.recv(1 << 16)
                except TimeoutError:
                    pass
                except (BrokenPipeError, ConnectionResetError):
                    gone += 1
        self.time_is_up = len(sockets)

    def test_log_ins_byte_by_byte(self):
        """Over TLS as in the clear there are so many seconds for the log-in, however busy somebody looks."""
        begin = time.monotonic()
        clients = [self.connect(self.server), self.connect(self.server, tls=True), self.connect(self.server, tls=client_context(version="1.2"))]
        last = begin + LOGIN_SECONDS - 5
        for byte in STX + b"1" + b"x" * 10000:
            if time.monotonic() > last:
                break
            for client in clients:
                client.send(bytes([byte]))
            time.sleep(0.1)
        for client in clients:
            self.assertIn("log in", client.expect_turned_out())
            self.assertGreater(time.monotonic() - begin, LOGIN_SECONDS - 1)
        self.assertLess(time.monotonic() - last, LOGIN_SECONDS, "the time began anew with the last byte")

    def test_messages_byte_by_byte(self):
        """Who is logged in may take any time; the others do not wait."""
        clients = [self.log_in(self.server, f"slow-{i}", tls=tls) for i, tls in enumerate((None, True))]
        for byte in frame("3", "finally"):
            for client in clients:
                client.send(bytes([byte]))
            time.sleep(0.02)
        for client in clients:
            while client.read_frame() != (b"4", f"{client.name}: finally".encode()):
                pass

    def test_a_record_that_stops_in_the_middle(self):
        clients = [self.log_in(self.server, f"half-{i}", tls=True) for i in range(20)]
        for client in clients:
            client.socket.raw.sendall(client.socket.seal(frame("3", "x" * 10000))[:-1])
        self.log_in(self.server, "after", tls=True)
        for client in clients:
            client.reset()

    def test_who_does_not_read(self):
        """What is said to them waits in the kernel, then here, in bounds."""
        deaf = [self.log_in(self.server, f"deaf-{i}", tls=tls, receive_buffer=4096) for i, tls in enumerate((True, None))]
        speaker = self.log_in(self.server, "speaker", tls=True)
        for i in range(400):
            speaker.say(f"{i} " + "x" * 8000)
            while not speaker.read_frame()[1].startswith(f"speaker: {i} ".encode()):
                pass
        for client in deaf:
            client.reset()


class Counted(SystemTest):
    def test_failed_handshakes_are_counted_and_make_no_noise(self):
        server = self.start_server()
        for _ in range(30):
            with socket.create_connection(("127.0.0.1", server.tcp), 30 * PATIENCE) as sock:
                sock.sendall(record(HANDSHAKE, message(SERVER_HELLO, bytes(40))))
                read_to_the_end(sock)
        for i in range(5):
            self.log_in(server, f"alice-{i}", tls=True).close()
        self.assertEqual(server.stop(), 0)
        log = server.log()
        self.assertIn("handshakes-failed=30 ", log)
        self.assertIn("secure=5 ", log)
        self.assertLess(len(log.splitlines()), 8, log)

    def test_one_address_alone_cannot_take_all_places(self):
        server = self.start_server()
        greeting = hello(client_context())
        for _ in range(200):
            sock = socket.create_connection(("127.0.0.1", server.tcp), 30 * PATIENCE)
            self.addCleanup(sock.close)
            sock.sendall(greeting)
        with self.subTest("another address is served"):
            self.log_in(server, "alice", source="127.0.0.2", tls=True)
        self.assertEqual(server.stop(), 0)
        crowded = int(re.search(r"crowded=(\d+)", server.log())[1])
        self.assertGreaterEqual(crowded, 200 - 64)


if __name__ == "__main__":
    main()
