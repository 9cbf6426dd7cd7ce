# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A classic peer made of bytes: written from the protocol page alone, so that nothing of ours can make its own mistakes look right.

Every wait has a deadline, and what is expected is compared byte for byte."""

import socket
import struct
import time

SOH, STX, ETX, US = b"\x01", b"\x02", b"\x03", b"\x1f"
DEADLINE_SECONDS = 30


class Refused(AssertionError):
    """The server answered a log-in with `0`."""


def frame(kind, body=b"", heading=None):
    """STX type body ETX, with a heading in front where one is given. Text is UTF-8."""
    kind, body = _bytes(kind), _bytes(body)
    return (b"" if heading is None else SOH + _bytes(heading)) + STX + kind + body + ETX


def _bytes(text):
    return text.encode() if isinstance(text, str) else text


class RawClient:
    def __init__(self, port, host="127.0.0.1", receive_buffer=None, source=None, deadline=DEADLINE_SECONDS):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.deadline = deadline
        self.name = None
        self.buffer = b""
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(deadline)
        self.socket.connect((host, port))

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

    def say(self, text):
        self.send_frame("3", text)

    def whisper(self, name, text):
        self.send_frame("2", _bytes(name) + b"," + _bytes(text))

    # Receiving

    def _fill(self, end, what):
        left = end - time.monotonic()
        if left <= 0:
            raise AssertionError(f"{self}: no {what} in {self.deadline} s; got {self.buffer!r}")
        self.socket.settimeout(left)
        try:
            data = self.socket.recv(1 << 18)
        except TimeoutError:
            return True
        self.buffer += data
        return bool(data)

    def read_frame(self):
        """(type, body) of the next frame; an AssertionError when the connection ends or something else comes."""
        end = time.monotonic() + self.deadline
        while (stop := self.buffer.find(ETX)) < 0:
            if not self._fill(end, "frame"):
                raise AssertionError(f"{self}: closed where a frame was expected; got {self.buffer!r}")
        data, self.buffer = self.buffer[:stop], self.buffer[stop + 1 :]
        if data[:1] != STX or len(data) < 2 or STX in data[1:] or SOH in data:
            raise AssertionError(f"{self}: no classic frame: {data + ETX!r}")
        return data[1:2], data[2:]

    def expect(self, data):
        """These bytes come next."""
        end = time.monotonic() + self.deadline
        while len(self.buffer) < len(data):
            if not data.startswith(self.buffer):
                break
            if not self._fill(end, repr(data)):
                raise AssertionError(f"{self}: closed after {self.buffer!r}, expected {data!r}")
        if not self.buffer.startswith(data):
            raise AssertionError(f"{self}: expected {_short(data)}, got {_short(self.buffer)}")
        self.buffer = self.buffer[len(data) :]

    def expect_frame(self, kind, body=b""):
        self.expect(frame(kind, body))

    def expect_chat(self, text):
        self.expect_frame("4", text)

    def expect_notice(self):
        """A `4` that begins with "* " and goes on. Returns its text without that."""
        kind, body = self.read_frame()
        if kind != b"4" or not body.startswith(b"* ") or len(body) < 3:
            raise AssertionError(f"{self}: expected a notice, got {kind + body!r}")
        return body[2:].decode()

    def expect_end(self):
        """The server closes in an orderly way and sends nothing more before."""
        end = time.monotonic() + self.deadline
        while self._fill(end, "end of the connection"):
            if self.buffer:
                break
        if self.buffer:
            raise AssertionError(f"{self}: expected the end, got {_short(self.buffer)}")

    def expect_turned_out(self):
        """One notice that says why, then the end."""
        why = self.expect_notice()
        self.expect_end()
        return why

    # Whole steps

    def log_in(self, name):
        """Returns the names that were online before. Raises Refused."""
        self.send_frame("1", name)
        return self.read_roster(name)

    def read_roster(self, name):
        others = []
        while True:
            kind, body = self.read_frame()
            if kind == b"0":
                raise Refused(f"{self}: {body!r} was refused")
            if kind != b"1":
                raise AssertionError(f"{self}: expected the roster, got {kind + body!r}")
            if body == _bytes(name):
                self.name = name
                return others
            others.append(body.decode())

    def expect_refusal(self, name, answer=None):
        """Asks for the name and is refused with `0` and that name."""
        self.send_frame("1", name)
        self.expect_frame("0", name if answer is None else answer)

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


def _short(data, limit=400):
    return repr(data) if len(data) <= limit else f"{data[:limit]!r}… ({len(data)} bytes)"
