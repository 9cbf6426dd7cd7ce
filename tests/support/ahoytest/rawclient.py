# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A classic peer made of bytes: written from the protocol page alone, so that nothing of ours can make its own mistakes look right.

Every wait has a deadline, and what is expected is compared byte for byte."""

from .rawpeer import SOH, STX, RawPeer, Refused, frame, to_bytes


class RawClient(RawPeer):
    # Sending

    def say(self, text):
        self.send_frame("3", text)

    def whisper(self, name, text):
        self.send_frame("2", to_bytes(name) + b"," + to_bytes(text))

    # Receiving

    def read_frame(self):
        """(type, body) of the next frame; an AssertionError when the connection ends or something else comes."""
        data = self._read_until_etx()
        if data[:1] != STX or len(data) < 3 or STX in data[1:] or SOH in data:
            raise AssertionError(f"{self}: no classic frame: {data!r}")
        return data[1:2], data[2:-1]

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
            if body == to_bytes(name):
                self.name = name
                return others
            others.append(body.decode())

    def expect_refusal(self, name, answer=None):
        """Asks for the name and is refused with `0` and that name."""
        self.send_frame("1", name)
        self.expect_frame("0", name if answer is None else answer)
