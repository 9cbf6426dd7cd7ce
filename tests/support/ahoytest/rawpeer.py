# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What raw clients of both dialects share: a socket, its bytes, and a deadline on every wait."""

import socket
import struct
import time

from .process import PATIENCE
from .tls import TlsSocket, context_for

SOH, STX, ETX, US = b"\x01", b"\x02", b"\x03", b"\x1f"
DEADLINE_SECONDS = 30 * PATIENCE


class Refused(AssertionError):
    """The server answered a log-in with `0`."""


def to_bytes(text):
    return text.encode() if isinstance(text, str) else text


def frame(kind, body=b"", heading=None):
    """STX type body ETX, with a heading in front where one is given. Text is UTF-8."""
    kind, body = to_bytes(kind), to_bytes(body)
    return (b"" if heading is None else SOH + to_bytes(heading)) + STX + kind + body + ETX


def short(data, limit=400):
    data = bytes(data)
    return repr(data) if len(data) <= limit else f"{data[:limit]!r}… ({len(data)} bytes)"


class RawPeer:
    """@tls: None for a plain connection; True, an Identity to show, or an SSLContext for one over TLS. All else is the same over both.
    @connected: something like a socket that is connected already; the rest is not looked at then."""

    def __init__(self, port, host="127.0.0.1", receive_buffer=None, source=None, deadline=DEADLINE_SECONDS, tls=None, connected=None):
        self.deadline = deadline
        self.name = None
        self.buffer = bytearray()
        self.socket = connected or self._connect((host, port), receive_buffer, source)
        if tls is not None:
            self.socket = TlsSocket(self.socket, context_for(tls))
            try:
                self.socket.handshake()
            except OSError:
                self.socket.close()
                raise

    def _connect(self, address, receive_buffer, source):
        sock = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            sock.bind((source, 0))
        sock.settimeout(self.deadline)
        sock.connect(address)
        return sock

    # Sending

    def send(self, data):
        self.socket.settimeout(self.deadline)
        self.socket.sendall(data)

    def send_bytewise(self, data):
        """Every byte in a segment of its own."""
        for i in range(len(data)):
            self.send(data[i : i + 1])

    def send_frame(self, kind, body=b"", heading=None):
        self.send(frame(kind, body, heading))

    # Receiving

    def _fill(self, end, what):
        left = end - time.monotonic()
        if left <= 0:
            raise AssertionError(f"{self}: no {what} in {self.deadline} s; got {short(self.buffer)}")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(1 << 18)
        except TimeoutError:
            return True
        self.buffer += data
        return bool(data)

    def _take(self, length):
        data = bytes(self.buffer[:length])
        del self.buffer[:length]
        return data

    def _read_until_etx(self):
        """The bytes of the next frame, its ETX among them."""
        end = time.monotonic() + self.deadline
        searched = 0
        while (stop := self.buffer.find(ETX, searched)) < 0:
            searched = len(self.buffer)
            if not self._fill(end, "frame"):
                raise AssertionError(f"{self}: closed where a frame was expected; got {short(self.buffer)}")
        return self._take(stop + 1)

    def expect(self, data):
        """These bytes come next."""
        end = time.monotonic() + self.deadline
        while len(self.buffer) < len(data):
            if not data.startswith(self.buffer):
                break
            if not self._fill(end, repr(data)):
                raise AssertionError(f"{self}: closed after {short(self.buffer)}, expected {data!r}")
        if not self.buffer.startswith(data):
            raise AssertionError(f"{self}: expected {short(data)}, got {short(self.buffer)}")
        del self.buffer[: len(data)]

    def expect_end(self):
        """The server closes in an orderly way and sends nothing more before."""
        end = time.monotonic() + self.deadline
        while self._fill(end, "end of the connection"):
            if self.buffer:
                break
        if self.buffer:
            raise AssertionError(f"{self}: expected the end, got {short(self.buffer)}")

    # The end

    def close(self):
        self.socket.close()

    def reset(self):
        """Ends the connection with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def __str__(self):
        return f"client {self.name!r}"
