# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""People who want no good: they send as fast as a server lets them, whatever it says, from an address of their own.

Everything is bounded: how long, how many at a time, how many connections and how many bytes in all. At the end they reset their connections."""

import errno
import itertools
import os
import selectors
import socket
import struct
import subprocess
import sys
import time

from .headings import build
from .process import PATIENCE
from .rawpeer import frame

ABSENT = "somebody-absent"  # must have logged in once
MARK = "flood "
CHUNK = 65536
BYTES_MAX = 256 << 20
CONNECTIONS_MAX = 600

numbers = itertools.count(1)


def full_chunk(one):
    """About CHUNK bytes of what @one makes, as it comes."""
    chunk = bytearray()
    while len(chunk) < CHUNK:
        chunk += one()
    return chunk


def classic_name():
    return frame("1", f"stranger-{os.getpid()}-{next(numbers)}")


def extended_name():
    return build("1", f"stranger-{os.getpid()}-{next(numbers)}", v=2, agent="flood/1.0")


# kind: (how many at a time, the log-in, what is sent over and over, whether it reads)
KINDS = {
    "says": (3, classic_name, lambda: frame("3", f"{MARK}{next(numbers)} " + "z" * 100), True),
    "long says": (3, classic_name, lambda: frame("3", f"{MARK}{next(numbers)} " + "z" * 16000), True),
    "whispers": (2, classic_name, lambda: frame("2", f"{ABSENT},{MARK}{next(numbers)} " + "z" * 1000), True),
    "names": (8, classic_name, None, True),
    "searches": (3, extended_name, lambda: build("H", limit=200, query="a" * 4000 + "b"), True),
    "pings": (20, extended_name, lambda: build("P", n=next(numbers)), False),
    "receipts": (3, extended_name, lambda: build("R", id=1, what="seen"), True),
}


class _Stranger:
    """One connection."""

    def __init__(self, port, source, kind):
        _, log_in, self.one, self.reads = KINDS[kind]
        self.out = bytearray(log_in())
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.bind((source, 0))
        if not self.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        result = self.socket.connect_ex(("127.0.0.1", port))
        if result not in (0, errno.EINPROGRESS):
            self.socket.close()
            raise OSError(result, "connect")

    def wants(self):
        return (selectors.EVENT_READ if self.reads else 0) | (selectors.EVENT_WRITE if self.out or self.one else 0)

    def turn(self, events):
        """Returns how much was sent; an OSError ends it."""
        if events & selectors.EVENT_READ:
            data = self.socket.recv(CHUNK)
            if not data:
                raise ConnectionResetError
            if self.one is None and not self.out:
                raise ConnectionResetError  # all it wanted was the name
        sent = 0
        if events & selectors.EVENT_WRITE:
            if not self.out:
                self.out = full_chunk(self.one)
            sent = self.socket.send(self.out)
            del self.out[:sent]
        return sent

    def end(self):
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.socket.close()


class _Flood:
    def __init__(self, kind, port_path, seconds, source):
        self.kind, self.port_path, self.source = kind, port_path, source
        self.end = time.monotonic() + seconds
        self.sent = self.connections = 0
        self.selector = selectors.DefaultSelector()

    def run(self):
        while time.monotonic() < self.end and self.sent < BYTES_MAX:
            self._fill_up()
            for key, events in self.selector.select(0.05):
                self._attend(key.data, events)
        for key in list(self.selector.get_map().values()):
            key.data.end()

    def _port(self):
        with open(self.port_path, encoding="ascii") as file:
            return int(file.read() or 0)

    def _fill_up(self):
        """As many as there are to be, while there is a server; a few at a time, so that what is refused is asked for again without haste."""
        missing = KINDS[self.kind][0] - len(self.selector.get_map())
        for _ in range(min(missing, 4) if self.connections < CONNECTIONS_MAX else 0):
            self.connections += 1
            try:
                stranger = _Stranger(self._port(), self.source, self.kind)
            except OSError:
                return
            self.selector.register(stranger.socket, stranger.wants(), stranger)

    def _attend(self, stranger, events):
        try:
            self.sent += stranger.turn(events)
        except BlockingIOError:
            pass
        except OSError:
            self.selector.unregister(stranger.socket)
            stranger.end()
            return
        if (wants := stranger.wants()) != self.selector.get_key(stranger.socket).events:
            self.selector.modify(stranger.socket, wants, stranger)


class Flood:
    """Of one of KINDS, for so many seconds, by a process of its own. @port_path: a file with the server's port, since servers come and go."""

    def __init__(self, kind, port_path, seconds, source="127.0.0.2"):
        support = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ahoytest.strangers", kind, port_path, str(seconds), source],
            env={**os.environ, "PYTHONPATH": support},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )

    def running(self):
        return self.process.poll() is None

    def wait(self):
        """To its end. Returns what it has done: (bytes, connections)."""
        return tuple(map(int, self.process.communicate(timeout=60 * PATIENCE)[0].split()))

    def kill(self):
        if self.running():
            self.process.kill()
        self.process.communicate()


def main():
    kind, port_path, seconds, source = sys.argv[1:]
    flood = _Flood(kind, port_path, float(seconds), source)
    flood.run()
    print(flood.sent, flood.connections)


if __name__ == "__main__":
    main()
