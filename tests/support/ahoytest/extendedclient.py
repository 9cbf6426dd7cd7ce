# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""An extended peer made of bytes, as strict as the protocol page. It keeps nothing and promises nothing: see modelclient.py for one that does."""

import hashlib
import secrets

from .headings import build, parse
from .rawpeer import RawPeer, Refused, to_bytes


def new_cid():
    return secrets.token_hex(8)


def secret_of(name):
    """What the client of whoever has that name keeps for this one server: the same each time they come."""
    return hashlib.sha256(b"secret of " + to_bytes(name).lower()).hexdigest()


OWN = object()  # secret_of() the name


class Arrival:
    """What a log-in brought: `welcome`, `roster` (the `1` frames, oneself last), `replay` (`4` frames), `others` (what else came before
    the `C`, in order), `caught_up`."""

    def __init__(self, welcome, roster):
        self.welcome, self.roster = welcome, roster
        self.replay, self.others = [], []
        self.caught_up = None

    def names(self):
        """Who was there before."""
        return [person.body for person in self.roster[:-1]]

    def texts(self):
        return [message.body for message in self.replay]

    def receipts(self):
        return [(other["by"], other["what"], other.id) for other in self.others if other.kind == "R"]


class ExtendedClient(RawPeer):
    def __init__(self, *args, answer_pings=True, **options):
        super().__init__(*args, **options)
        self.answer_pings = answer_pings
        self.arrival = None

    # Sending

    def send_packet(self, kind, body="", **fields):
        self.send(build(kind, body, **fields))

    def say(self, text, cid=None, **fields):
        """Returns the cid, which is a fresh one unless given; "" sends none."""
        return self._talk("3", text, cid, fields)

    def whisper(self, name, text, cid=None, **fields):
        return self._talk("2", to_bytes(name) + b"," + to_bytes(text), cid, fields)

    def _talk(self, kind, body, cid, fields):
        cid = new_cid() if cid is None else cid
        self.send_packet(kind, body, cid=cid or None, **fields)
        return cid

    def receipt(self, message_id, what):
        self.send_packet("R", id=message_id, what=what)

    # Receiving

    def read(self):
        """The next Frame. Pings are answered and passed over, unless answer_pings is False."""
        while True:
            got = parse(self._read_until_etx())
            if got.kind != "P" or not self.answer_pings:
                return got
            self.send_packet("p", **got.fields)

    def expect_packet(self, kind, body=None, without=(), **fields):
        """The next frame has this type, body and (at least) these fields, and none of @without."""
        return self._check(self.read(), kind, body, without, fields)

    def _check(self, got, kind, body, without, fields):
        fields = {key.rstrip("_").replace("_", "-"): str(value) for key, value in fields.items()}
        if (
            got.kind != kind
            or (body is not None and got.body != body)
            or any(got.get(key) != value for key, value in fields.items())
            or any(key in got for key in without)
        ):
            raise AssertionError(f"{self}: expected {kind} {fields} {body!r} without {without}, got {got}")
        return got

    def expect_chat(self, sender, text, **fields):
        """A live message of somebody else's."""
        return self.expect_packet("4", text, ("cid", "replay"), from_=sender, **fields)

    def expect_echo(self, text, cid, **fields):
        """A live message of one's own."""
        return self.expect_packet("4", text, ("replay",), from_=self.name, cid=cid, **fields)

    def expect_error(self, code, **fields):
        """An `E` with this code and a sentence."""
        got = self.expect_packet("E", code=code, **fields)
        if len(got.body) < 3:
            raise AssertionError(f"{self}: an error without a sentence: {got}")
        return got

    def expect_turned_out(self, code):
        got = self.expect_error(code)
        self.expect_end()
        return got

    def wait_for(self, kind, body=None, **fields):
        """The first such frame; what comes before it is passed over. Returns it."""
        fields = {key.rstrip("_").replace("_", "-"): str(value) for key, value in fields.items()}
        while True:
            got = self.read()
            if got.kind == kind and body in (None, got.body) and all(got.get(key) == value for key, value in fields.items()):
                return got

    def barrier(self):
        """Asks for a pong and returns what came before it."""
        number = secrets.randbelow(1 << 62)
        self.send_packet("P", n=number)
        came = []
        while (got := self.read()).kind != "p" or got.get("n") != str(number):
            came.append(got)
        return came

    # Whole steps

    def send_log_in(self, name, since=None, since_server=None, since_runs=None, agent="test/1.0", secret=OWN):
        """@secret None: the name is theirs for this session alone, unless a key is shown."""
        secret = secret_of(name) if secret is OWN else secret
        self.send_packet("1", name, v=2, agent=agent, since=since, since_server=since_server, since_runs=since_runs, secret=secret)

    def read_roster(self):
        """`W`, then the roster. Raises Refused."""
        got = self.read()
        if got.kind == "0":
            raise Refused(f"{self}: {got} was refused")
        self._check(got, "W", None, (), {"v": 2})
        self.name = got["self"]
        roster = []
        while not roster or roster[-1].body != self.name:
            roster.append(self.expect_packet("1"))
        self.arrival = Arrival(got, roster)
        return self.arrival

    def read_until_caught_up(self):
        """What is replayed, in id order, and what else happens meanwhile; then `C`."""
        arrival = self.arrival
        while (got := self.read()).kind != "C":
            if got.kind == "4":
                if got.get("replay") != "1" or (arrival.replay and got.id <= arrival.replay[-1].id):
                    raise AssertionError(f"{self}: not a replay in order: {got} after {arrival.replay[-1:]}")
                arrival.replay.append(got)
            elif got.kind in "23ATRN":
                arrival.others.append(got)
            else:
                raise AssertionError(f"{self}: {got} before `C`")
        arrival.caught_up = got
        return arrival

    def log_in(self, name, **options):
        """To the `C`. Returns the Arrival. Raises Refused."""
        self.send_log_in(name, **options)
        self.read_roster()
        return self.read_until_caught_up()

    def expect_refusal(self, name, reason):
        self.send_log_in(name, secret=None)
        self.expect_packet("0", reason=reason)

    def history(self, **question):
        """Asks `H`; returns ([messages], more)."""
        self.send_packet("H", **question)
        messages = []
        while (got := self.read()).kind != "h":
            messages.append(self._check(got, "4", None, (), {"replay": 1}))
        return messages, got["more"] == "1"
