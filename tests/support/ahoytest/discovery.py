# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Somebody who asks for servers, datagram by datagram."""

import re
import socket
import time

CLASSIC_REQUEST = b"REQUEST FOR IP ADDRESS AND SERVERPORT"
US = b"\x1f"
THIS_COMPUTER = "127.255.255.255"


def extended_request(nonce="0123456789abcdef", *more):
    return US.join([CLASSIC_REQUEST, b"v=2", b"nonce=" + nonce.encode(), *more])


def parse_extended(reply):
    """(port, {field: value}) of an extended reply, in order."""
    port, *fields = reply.split(US)
    if not re.fullmatch(rb"[1-9][0-9]*", port):
        raise AssertionError(f"no port at the start of {reply!r}")
    return int(port), dict(field.decode().split("=", 1) for field in fields)


class Asker:
    """One UDP socket."""

    def __init__(self, source="127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self.socket.bind((source, 0))

    def send(self, datagram, port, host="127.0.0.1"):
        self.socket.sendto(datagram, (host, port))

    def receive(self, seconds=20):
        """(datagram, (host, port)) or None when nothing came."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recvfrom(65536)
        except (TimeoutError, BlockingIOError):
            return None

    def receive_all(self, seconds):
        """What comes within so many seconds; 0: what is here already."""
        end = time.monotonic() + seconds
        replies = []
        while (reply := self.receive(max(end - time.monotonic(), 0))) is not None:
            replies.append(reply)
        return replies

    def ask(self, datagram, port, host="127.0.0.1"):
        """The reply's bytes; an AssertionError without one."""
        self.send(datagram, port, host)
        reply = self.receive()
        if reply is None:
            raise AssertionError(f"no reply to {datagram!r}")
        return reply[0]

    def close(self):
        self.socket.close()
