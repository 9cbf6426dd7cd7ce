#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Records that are cut, too long, forged, endless, or no records at all, in the handshake and after it. PROTOCOL.md, "TLS"."""

import os
import random
import socket
import struct
import subprocess
import time

from ahoytest import PATIENCE, RawClient, client_context, frame, main
from ahoytest.bystanders import Siege
from ahoytest.rawtls import (
    ALERT,
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    CLIENT_HELLO,
    HANDSHAKE,
    RawTls,
    client_hello,
    extension,
    message,
    record,
    records,
)

SEED = 20240301
WARNING, FATAL = 1, 2
CLOSE_NOTIFY, UNEXPECTED_MESSAGE, USER_CANCELED, NO_RENEGOTIATION = 0, 10, 90, 100


def alert(level, description):
    return record(ALERT, bytes([level, description]))


class Raw(Siege):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def throw(self, data, deadline=20 * PATIENCE):
        """Sends what is taken of it, finishes sending, and reads what comes until the end. Returns the records."""
        peer = RawTls(self.server.tcp, deadline)
        try:
            try:
                peer.send(data)
                peer.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it hung up in between
            return peer.read_to_the_end()
        finally:
            peer.close()

    def assert_refused(self, data):
        """No application data ever, and an end."""
        came = self.throw(data)
        self.assertNotIn(APPLICATION_DATA, [kind for kind, _ in came])


class Handshakes(Raw):
    def test_random_bytes(self):
        for _ in range(200):
            self.throw(b"\x16" + self.random.randbytes(self.random.randrange(0, 20000)))

    def test_records_of_random_bytes(self):
        for _ in range(200):
            self.throw(record(HANDSHAKE, self.random.randbytes(self.random.randrange(0, 4000)), self.random.choice((0x0301, 0x0303))))

    def test_hellos_with_wrong_bytes(self):
        for _ in range(300):
            data = bytearray(records(HANDSHAKE, client_hello()))
            for _ in range(self.random.randrange(1, 4)):
                data[self.random.randrange(1, len(data))] = self.random.randrange(256)
            self.throw(bytes(data))

    def test_hellos_that_are_cut(self):
        data = records(HANDSHAKE, client_hello())
        for length in range(1, len(data)):
            self.throw(data[:length])

    def test_garbage_after_a_hello(self):
        for garbage in (
            b"x" * 100,
            os.urandom(1000),
            frame("1", "mallory"),
            record(HANDSHAKE, os.urandom(100)),
            record(APPLICATION_DATA, os.urandom(100)),
            record(99, b"?"),
            record(CHANGE_CIPHER_SPEC, b"\2"),
            records(HANDSHAKE, client_hello()),
            records(HANDSHAKE, client_hello()) * 50,
            b"GET / HTTP/1.1\r\n\r\n",
        ):
            with self.subTest(garbage=garbage[:20]):
                self.assert_refused(records(HANDSHAKE, client_hello()) + garbage)

    def test_lengths_that_lie(self):
        for data in (
            b"\x16\x03\x01\xff\xff" + bytes(70000),
            b"\x16\x03\x01\x48\x01" + bytes(20000),
            b"\x16\x03\x01\x00\x00" * 5000,
            record(HANDSHAKE, b"\x01\xff\xff\xff" + bytes(16000)) + record(HANDSHAKE, bytes(16000)) * 200,
            record(HANDSHAKE, b"\x01\x00\xff\xff" + bytes(16000)) * 10,
            records(HANDSHAKE, client_hello(extension(0xFFAB, bytes(60000)))),
            records(HANDSHAKE, client_hello(*[extension(number, b"") for number in range(0x1000, 0x3000)])),
            b"".join(record(HANDSHAKE, client_hello()[i : i + 1]) for i in range(20)),
        ):
            with self.subTest(begin=data[:16]):
                self.assert_refused(data)

    def test_a_hello_in_records_of_one_byte(self):
        """That is allowed, up to a point."""
        hello = client_hello()
        peer = RawTls(self.server.tcp)
        self.addCleanup(peer.close)
        peer.send(b"".join(record(HANDSHAKE, hello[i : i + 1]) for i in range(len(hello))))
        kind, _ = peer.read_record()
        self.assertIn(kind, (HANDSHAKE, ALERT))

    def test_old_and_odd_versions(self):
        for version in (0x0002, 0x0200, 0x0300, 0x0301, 0x0302, 0x0305, 0x7F1C, 0xFFFF):
            with self.subTest(version=hex(version)):
                hello = bytearray(client_hello())
                hello[4:6] = struct.pack("!H", version)
                came = self.throw(record(HANDSHAKE, bytes(hello), 0x0301))
                if version < 0x0303:
                    self.assertNotIn(HANDSHAKE, [kind for kind, _ in came])

    def test_alerts(self):
        hello = records(HANDSHAKE, client_hello())
        for data in (
            alert(WARNING, USER_CANCELED) * 5000,
            alert(WARNING, CLOSE_NOTIFY),
            alert(FATAL, UNEXPECTED_MESSAGE),
            hello + alert(WARNING, USER_CANCELED) * 5000,
            hello + alert(WARNING, NO_RENEGOTIATION) * 5000,
            hello + alert(WARNING, CLOSE_NOTIFY) * 5000,
            hello + alert(FATAL, UNEXPECTED_MESSAGE) * 5000,
            hello + record(ALERT, b"\1") * 100,
            hello + record(ALERT, b""),
            hello + alert(77, 77) * 1000,
        ):
            with self.subTest(data=data[-7:], length=len(data)):
                # The first byte decides: an alert is no hello, and no frame either.
                came = self.throw(data)
                self.assertLess(len(came), 20)

    def test_change_cipher_specs(self):
        self.assert_refused(records(HANDSHAKE, client_hello()) + record(CHANGE_CIPHER_SPEC, b"\1") * 10000)

    def test_messages_in_a_wrong_order(self):
        for kind in (0, 2, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 24, 254):
            with self.subTest(kind=kind):
                self.assert_refused(record(HANDSHAKE, message(kind, os.urandom(64))))
                self.assert_refused(records(HANDSHAKE, client_hello()) + record(HANDSHAKE, message(kind, os.urandom(64))))
        self.assert_refused(record(HANDSHAKE, message(CLIENT_HELLO, b"")))

    def test_a_point_that_is_not_on_the_curve(self):
        for point in (b"", b"\x04", b"\x04" + bytes(64), b"\x04" + os.urandom(64), b"\x02" + os.urandom(32), os.urandom(255)):
            with self.subTest(point=point[:4]):
                peer = RawTls(self.server.tcp)
                self.addCleanup(peer.close)
                peer.greet()
                peer.send(record(HANDSHAKE, message(11, bytes(3))))
                peer.send(record(HANDSHAKE, message(16, bytes([len(point)]) + point)))
                try:
                    peer.finish()
                except OSError:
                    pass
                self.assertNotIn(APPLICATION_DATA, [kind for kind, _ in peer.read_to_the_end()])


class Sessions(Raw):
    """After a handshake that went well."""

    def people(self):
        for version in ("1.2", "1.3"):
            yield version, lambda name, version=version: self.log_in(self.server, name, tls=client_context(version=version))

    @staticmethod
    def send_to_the_end(raw, data):
        """What is taken of it; until the server ends it, in whichever way."""
        raw.settimeout(20 * PATIENCE)
        try:
            raw.sendall(data)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(1 << 16):
                pass
        except TimeoutError:
            raise
        except OSError:
            pass

    def check(self, data, name):
        """What follows a good log-in. The server ends it, and never takes it for a message."""
        for version, come in self.people():
            with self.subTest(version=version, data=data[:8], length=len(data)):
                client = come(name)
                self.send_to_the_end(client.socket.raw, data)
                client.close()

    def test_forged_records(self):
        self.check(record(APPLICATION_DATA, os.urandom(500)), "forger")
        self.check(record(APPLICATION_DATA, bytes(17)), "forger")

    def test_a_changed_byte(self):
        for version, come in self.people():
            for position in (0, 1, 3, 5, 12, 30, -1):
                with self.subTest(version=version, position=position):
                    client = come("flipper")
                    sealed = bytearray(client.socket.seal(frame("3", "this is never heard")))
                    sealed[position] ^= 0x55
                    self.send_to_the_end(client.socket.raw, sealed)
                    client.close()

    def test_the_same_record_twice(self):
        for version, come in self.people():
            with self.subTest(version=version):
                client = come("parrot")
                sealed = client.socket.seal(frame("3", "once"))
                client.socket.raw.sendall(sealed + sealed)
                heard = []
                try:
                    while True:
                        heard.append(client.read_frame())
                except (AssertionError, OSError):
                    pass
                self.assertLessEqual(heard.count((b"4", b"parrot: once")), 1)
                client.close()

    def test_records_that_are_too_long(self):
        for length in (16384 + 256 + 1, 16384 + 2048 + 1, 40000, 65535):
            self.check(record(APPLICATION_DATA, os.urandom(length)), "long")

    def test_records_of_nothing(self):
        self.check(record(APPLICATION_DATA, b"") * 5000, "nobody")

    def test_records_that_are_cut(self):
        for length in (1, 4, 5, 6, 30):
            self.check(record(APPLICATION_DATA, os.urandom(100))[:length], "cut")

    def test_alerts_in_the_clear(self):
        self.check(alert(WARNING, USER_CANCELED) * 5000, "crier")
        self.check(alert(FATAL, UNEXPECTED_MESSAGE), "crier")
        self.check(alert(WARNING, CLOSE_NOTIFY), "crier")

    def test_change_cipher_specs(self):
        self.check(record(CHANGE_CIPHER_SPEC, b"\1") * 5000, "changer")

    def test_a_new_handshake_in_the_clear(self):
        self.check(records(HANDSHAKE, client_hello()), "again")

    def test_plain_frames_after_the_handshake(self):
        self.check(frame("3", "in the clear"), "plain")


class OfOpenssl(Siege):
    """What openssl's own client can be told to do while it is connected."""

    def s_client(self, *options):
        process = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.tcp}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.addCleanup(self.end, process)
        self.read_until(process, b"Verify return code")
        return process

    @staticmethod
    def end(process):
        process.kill()
        process.stdout.close()
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.wait()

    @staticmethod
    def read_until(process, what):
        os.set_blocking(process.stdout.fileno(), False)
        end = time.monotonic() + 30 * PATIENCE
        got = b""
        while what not in got:
            data = process.stdout.read()
            if data:
                got += data
            elif process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"no {what!r} in {got[-1000:]!r}")
            else:
                time.sleep(0.01)
        return got

    def tell(self, process, command):
        process.stdin.write(command)
        process.stdin.flush()

    def log_in_with(self, process, name):
        # One line without a letter that is a command in front.
        self.tell(process, frame("1", name) + b"\n")
        self.read_until(process, frame("1", name))

    def test_renegotiation(self):
        process = self.s_client("-tls1_2")
        self.log_in_with(process, "again")
        watcher = self.log_in(self.server, "watcher")
        self.tell(process, b"R\n")
        # The server ends it: there is one handshake in the life of a connection.
        while watcher.read_frame() != (b"3", b"again"):
            pass
        process.wait(30 * PATIENCE)

    def test_renegotiation_before_the_log_in(self):
        process = self.s_client("-tls1_2")
        self.tell(process, b"R\n")
        process.wait(30 * PATIENCE)

    def test_key_updates(self):
        process = self.s_client("-tls1_3")
        self.log_in_with(process, "updater")
        # GnuTLS takes eight a second from a peer, and more for an attack.
        for _ in range(3):
            for command in (b"K\n", b"k\n"):
                self.tell(process, command)
                self.read_until(process, b"KEYUPDATE")
        self.tell(process, frame("3", "still the same") + b"\n")
        self.read_until(process, b"updater: still the same")

    def test_a_storm_of_key_updates(self):
        process = self.s_client("-tls1_3")
        self.log_in_with(process, "updater")
        try:
            for _ in range(1000):
                self.tell(process, b"K\n")
                self.read_until(process, b"KEYUPDATE")
        except (BrokenPipeError, AssertionError):
            pass  # the server may well end that


if __name__ == "__main__":
    main()
