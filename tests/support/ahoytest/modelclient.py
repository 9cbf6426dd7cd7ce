# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""An extended client that does what the protocol page asks of one, and checks that the server does its part: an outbox and what it has seen
in a file, the same cid until the echo comes, everything since the newest id it has without a gap, and how far it came in each run of the
server's log. Where the histories part it keeps what only it has.

kill() ends it between any two lines of its code; all that the next one knows is the file."""

import json
import os
import socket
import threading
import time

from .extendedclient import ExtendedClient, new_cid

RETRY_SECONDS = 0.05
STORAGE_SECONDS = 0.2
RUNS_MAX = 1024  # bytes of a heading value


class Killed(Exception):
    pass


class Memory:
    """What is in the file: `outbox` (cid: [to, text]), `seen` (id: what was said), `position`, `mine` (every cid ever owed: its text), `runs`
    (run: how far we came in it, the newest last), `kept` (what the server no longer has, in the order it was lost), `partings` (first ids)."""

    def __init__(self, path):
        self.outbox, self.seen, self.mine, self.runs = {}, {}, {}, {}
        self.kept, self.partings = [], []
        self.position = 0
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if line.endswith("\n"):  # else: killed while writing it
                        self.apply(json.loads(line))

    def apply(self, entry):
        kind, *rest = entry
        if kind == "owe":
            cid, to, text = rest
            self.outbox[cid] = [to, text]
            self.mine[cid] = text
        elif kind == "run":
            self.runs.pop(rest[0], None)
            self.runs[rest[0]] = self.position
        elif kind == "parted":
            self.part(rest[0])
        else:
            said, cid, in_order = rest
            said = tuple(said)
            if said[0] in self.seen and self.seen[said[0]] != said:
                raise AssertionError(f"one id, two messages: {said} and {self.seen[said[0]]}")
            self.seen[said[0]] = said
            if said in self.kept:  # it is the server's after all
                self.kept.remove(said)
            if in_order:
                self.position = max(self.position, said[0])
                if self.runs:  # the last one is the one we are in
                    self.runs[next(reversed(self.runs))] = self.position
            self.outbox.pop(cid, None)

    def part(self, parted):
        """From id @parted on the server's log is not what it was."""
        self.partings.append(parted)
        self.kept += [self.seen.pop(id) for id in sorted(self.seen) if id >= parted]
        self.position = min(self.position, parted - 1)
        self.runs = {run: min(id, parted - 1) for run, id in self.runs.items()}

    def since_runs(self):
        """The newest first, as many as fit."""
        value = ",".join(f"{run}:{id}" for run, id in reversed(self.runs.items()))
        return value if len(value) <= RUNS_MAX else value[:RUNS_MAX].rpartition(",")[0]


class ModelClient:
    """@tls: None, or an SSLContext that shows an identity: then the name is this person's own, and is never refused."""

    def __init__(self, name, port, server_id, path, tls=None):
        self.name, self.port, self.server_id, self.path, self.tls = name, port, server_id, path, tls
        self.complaints = []
        self.keys = {}  # of everybody who was ever met
        self.log_ins = 0
        self.online = False
        self.lock = threading.Lock()
        self._start()

    def _start(self):
        self.dead = False
        self.memory = Memory(self.path)
        if os.path.exists(self.path):  # half a line at the end is none
            with open(self.path, "rb+") as file:
                data = file.read()
                file.truncate(data.rfind(b"\n") + 1)
        self.file = open(self.path, "a", encoding="utf-8")
        self.peer = None
        self.thread = threading.Thread(target=self._live, daemon=True)
        self.thread.start()

    def kill(self):
        self.dead = True
        peer = self.peer
        if peer is not None:
            try:
                peer.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join()
        self.file.close()

    def restart(self):
        self.kill()
        self._start()

    def _keep(self, *entry):
        with self.lock:
            self.memory.apply(entry)
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()

    # What a person does

    def say(self, text, to=None):
        cid = new_cid()
        self._keep("owe", cid, to, text)
        peer = self.peer
        if self.online and peer is not None:
            try:
                self._send(peer, cid, to, text)
            except OSError:
                pass

    @staticmethod
    def _send(peer, cid, to, text):
        if to is None:
            peer.say(text, cid)
        else:
            peer.whisper(to, text, cid)

    # The connection

    def _live(self):
        while not self.dead:
            try:
                self._connect()
            except (OSError, EOFError):
                pass
            except AssertionError as error:
                self.complaints.append(f"{self.name}: {error}")
            except Killed:
                return
            self.online = False
            time.sleep(RETRY_SECONDS)

    def _read(self, peer):
        if self.dead:
            raise Killed
        try:
            return peer.read()
        except AssertionError as error:
            if "closed where" in str(error) or "no frame in" in str(error):
                raise EOFError from None
            raise

    def _connect(self):
        peer = ExtendedClient(self.port, deadline=20, tls=self.tls)
        self.peer = peer
        try:
            if self.tls is not None and not peer.socket.peer_fingerprint().startswith(self.server_id):
                raise AssertionError(f"another server: {peer.socket.peer_fingerprint()}")
            since = self.memory.position
            runs = self.memory.since_runs()
            peer.send_log_in(self.name, since=since, since_server=self.server_id, since_runs=runs or None)
            try:
                got = self._read(peer)
            except AssertionError as error:
                if "x024* " in str(error):  # a notice for everybody: it was on its way out, and had not read our log-in
                    return
                raise
            if got.kind == "0" and got["reason"] == "in-use" and self.tls is None:
                return  # the server has not noticed yet that the last connection broke
            if got.kind != "W" or got["id"] != self.server_id:
                raise AssertionError(f"no welcome after since={since}: {got}")
            since = self._note_run(got, since)
            peer.name = got["self"]
            self.log_ins += 1
            self._listen(peer, since)
        finally:
            self.online = False
            self.peer = None
            peer.close()

    def _send_owed(self, peer):
        """Not before the replay is over: an echo that came in it would have an id beyond what is held without a gap."""
        with self.lock:
            owed = list(self.memory.outbox.items())
            self.online = True  # what is said from here on is sent by say()
        for cid, (to, text) in owed:
            self._send(peer, cid, to, text)

    def _note_run(self, welcome, since):
        """Returns: the last id that we and the server share."""
        if "parted" in welcome:
            parted = welcome.number("parted")
            if not 0 < parted <= since:
                raise AssertionError(f"parted where there is nothing to part, after since={since}: {welcome}")
            self._keep("parted", parted)
            since = parted - 1
        if welcome.number("last") < since:
            raise AssertionError(f"set back without a word, after since={since}: {welcome}")
        if "run" in welcome:
            self._keep("run", welcome["run"])
        return since

    def _listen(self, peer, position):
        """Before `C` what is in order bears replay=1; after it all that is new is in order, and what is not is the answer to a repeat."""
        caught_up = False
        present = set()
        while True:
            got = self._read(peer)
            if got.kind in "123":
                self._note(got, present)
            elif got.kind == "C":
                caught_up = True
                self._send_owed(peer)
            elif got.kind == "E":
                if got["code"] == "slow-down":  # nothing is lost, and nothing is to be done
                    continue
                if got["code"] != "storage":
                    raise AssertionError(f"refused: {got}")
                if got["cid"] in self.memory.outbox:  # else another try has been echoed: what was sent twice may be refused once
                    time.sleep(STORAGE_SECONDS)
                    to, text = self.memory.outbox[got["cid"]]
                    self._send(peer, got["cid"], to, text)
            elif got.kind == "4":
                in_order = caught_up or "replay" in got
                if in_order and got.id <= position:
                    if "replay" in got or got.get("cid") is None:
                        raise AssertionError(f"again or out of order, after {position}: {got}")
                    in_order = False
                if "replay" in got and caught_up:
                    raise AssertionError(f"replay after it was over: {got}")
                if in_order:
                    position = got.id
                self._keep("got", got.said(), got.get("cid"), in_order)

    def _note(self, got, present):
        """Nobody comes who is there, or goes who is not: a ghost that is taken over is no coming and going. And nobody comes under another key."""
        if (got.body in present) != (got.kind == "3"):
            raise AssertionError(f"{got}, while {sorted(present)} are there")
        (present.discard if got.kind == "3" else present.add)(got.body)
        key = got.get("key")
        if self.keys.setdefault(got.body, key) != key:
            raise AssertionError(f"{got}, who had the key {self.keys[got.body]}")
