# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The extended dialect's frames, built and taken apart. PROTOCOL.md, "Frames" and "Extended".

Strict: what the page does not allow a server to send is an AssertionError."""

import re

from .rawpeer import ETX, SOH, STX, US, frame, short, to_bytes

HEADING_MAX = 4 * 1024
BODY_MAX = 16 * 1024

NUMBER = re.compile(r"0|[1-9][0-9]{0,19}")
CID = re.compile(r"[0-9a-f]{16}")
SERVER_ID = re.compile(r"[a-z2-7]{26}")
TEXT = re.compile(r"[^\x00-\x1f\x7f]*")
KEY = re.compile(r"[a-z2-7]{52}")
FLAG = re.compile(r"[01]")
KEPT = re.compile("1")

# type -> (fields that must be there, fields that may, whether it may have a body), server to client
FROM_SERVER = {
    "W": ({"v": NUMBER, "id": SERVER_ID, "self": TEXT, "last": NUMBER, "name": TEXT}, {"keep": NUMBER, "run": CID, "parted": NUMBER}, True),
    "0": ({"reason": re.compile("in-use|invalid|look-alike|owned|banned|full|too-many")}, {}, True),
    "1": ({"since": NUMBER}, {"key": KEY, "kept": KEPT, "away": TEXT}, True),
    "2": ({"since": NUMBER}, {"key": KEY, "kept": KEPT, "away": TEXT}, True),
    "3": ({}, {"since": NUMBER, "key": KEY, "kept": KEPT, "away": TEXT, "reason": TEXT}, True),
    "4": ({"id": NUMBER, "time": NUMBER, "from": TEXT}, {"to": TEXT, "cid": CID, "re": NUMBER, "replay": re.compile("1")}, True),
    "C": ({"last": NUMBER}, {}, False),
    "R": ({"id": NUMBER, "what": re.compile("delivered|seen"), "by": TEXT}, {}, False),
    "h": ({"more": FLAG}, {}, False),
    "T": ({"from": TEXT}, {"to": TEXT}, False),
    "A": ({"from": TEXT}, {}, True),
    "P": ({}, {"n": NUMBER}, False),
    "p": ({}, {"n": NUMBER}, False),
    "N": ({}, {"level": TEXT}, True),
    "E": ({"code": re.compile("[a-z-]+")}, {"cid": CID, "wait": NUMBER}, True),
}


def heading(fields):
    """The bytes between SOH and STX. Fields that are None are left out; "_" in a key stands for "-"."""
    return US.join(to_bytes(key.replace("_", "-")) + b"=" + to_bytes(str(value)) for key, value in fields.items() if value is not None)


def build(kind, body="", **fields):
    """A frame; without fields it has no heading."""
    head = heading({key.rstrip("_"): value for key, value in fields.items()})  # from_= is from=, which Python keeps for itself
    return frame(kind, body, head or None)


class Frame:
    """One that a server sent: `kind` and `body` (text), its fields by key."""

    __slots__ = ("kind", "fields", "body")

    def __init__(self, kind, fields, body):
        self.kind, self.fields, self.body = kind, fields, body

    def __getitem__(self, key):
        return self.fields[key]

    def __contains__(self, key):
        return key in self.fields

    def get(self, key, otherwise=None):
        return self.fields.get(key, otherwise)

    def number(self, key):
        return int(self.fields[key])

    @property
    def id(self):
        return int(self.fields["id"])

    def said(self):
        """What there is to compare of a `4`, whoever got it and however often: all but cid and replay."""
        return (self.id, self.number("time"), self["from"], self.get("to"), self.get("re"), self.body)

    def __eq__(self, other):
        return isinstance(other, Frame) and (self.kind, self.fields, self.body) == (other.kind, other.fields, other.body)

    def __repr__(self):
        fields = " ".join(f"{key}={value}" for key, value in self.fields.items())
        return f"<{self.kind} {fields} {self.body[:80]!r}{'…' if len(self.body) > 80 else ''}>"


def parse(data, from_server=FROM_SERVER):
    """The Frame of exactly these bytes."""

    def wrong(what):
        return AssertionError(f"{what}: {short(data)}")

    fields = {}
    text = data
    if text[:1] == SOH:
        head, stx, text = text[1:].partition(STX)
        if not stx or len(head) > HEADING_MAX or not head:
            raise wrong("no heading")
        for field in head.decode().split("\x1f"):
            key, equals, value = field.partition("=")
            if not equals or not re.fullmatch("[a-z0-9-]+", key) or key in fields or not TEXT.fullmatch(value):
                raise wrong(f"no field: {field!r}")
            fields[key] = value
    elif text[:1] == STX:
        text = text[1:]
    else:
        raise wrong("no frame")
    if text[-1:] != ETX or not 2 <= len(text) <= BODY_MAX + 2 or not 0x20 <= text[0] <= 0x7E:
        raise wrong("no frame")
    kind, body = chr(text[0]), text[1:-1].decode()
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", body):
        raise wrong("control characters in a body")
    if kind not in from_server:
        raise wrong("a type that servers do not send")
    needed, allowed, has_body = from_server[kind]
    for key, value in fields.items():
        shape = needed.get(key) or allowed.get(key)
        if shape is None or not shape.fullmatch(value):
            raise wrong(f"field {key}={value!r} is not one of {kind}'s")
    if missing := needed.keys() - fields.keys():
        raise wrong(f"{kind} without {', '.join(sorted(missing))}")
    if "key" in fields and "kept" in fields:
        raise wrong(f"{kind} of somebody who is held by two things")
    if body and not has_body:
        raise wrong(f"{kind} with a body")
    return Frame(kind, fields, body)
