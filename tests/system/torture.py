#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The torture chamber: people talk while everything breaks, and at the end nothing is missing and nothing is there twice.

    meson test -C build torture                                          a short set
    tests/system/torture.py --seed 7 --rounds 20 --seconds 30            any number, with what is in build/

Classic and extended clients and our own one talk through a bad network, over TLS and with identities of their own or plain, while the server and
the clients are killed again and again and thieves try the names of others. Then all becomes quiet, and what everyone has is compared. The
seed decides what is done; when exactly is up to the machine. A round that fails keeps its folder and says where it is."""

import argparse
import itertools
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
os.environ.setdefault("AHOYD", os.path.join(ROOT, "build", "server", "ahoyd"))
os.environ.setdefault("TORTURE_CLIENT", os.path.join(ROOT, "build", "tests", "support", "torture-client"))

from ahoytest import ExtendedClient, Identity, RawClient, client_context, extended_request, isolate
from ahoytest.ahoyd import NO_LIMITS, Ahoyd
from ahoytest.breakingproxy import BreakingProxy
from ahoytest.discovery import Asker, parse_extended
from ahoytest.modelclient import ModelClient
from ahoytest.process import COMPLAINT, PATIENCE
from ahoytest.realclient import RealClient

MODELS = ("ann", "bert", "cleo")
REAL = ("rita", "ralf")
CLASSIC = ("old-tom", "old-ida")
QUIET_SECONDS = 60 * PATIENCE
# No round is over before so much was said: on a slow machine its seconds may pass with restarts.
SAID_AT_LEAST = 100
# How many of those who can speak TLS do, by seed.
SHARES = (0, 1, 0.5, 1)


class Violation(Exception):
    pass


class ClassicClient:
    """It promises nothing, but what came back to it is in the log: `echoed` texts, `sent` texts."""

    def __init__(self, name, port, tls=None):
        self.name, self.port, self.tls = name, port, tls
        self.sent, self.echoed = set(), set()
        self.complaints = []
        self.peer = None
        self.dead = False
        self.thread = threading.Thread(target=self._live, daemon=True)
        self.thread.start()

    def say(self, text, to=None):
        peer = self.peer
        if peer is None:
            return
        self.sent.add(text)
        try:
            if to is None:
                peer.say(text)
            else:
                peer.whisper(to, text)
        except OSError:
            pass

    def _live(self):
        while not self.dead:
            try:
                peer = RawClient(self.port, deadline=20, tls=self.tls)
                try:
                    peer.log_in(self.name)
                    self.peer = peer
                    self._listen(peer)
                finally:
                    self.peer = None
                    peer.close()
            except OSError:
                pass
            except AssertionError as error:  # cut off, or the name is not free yet
                if "was refused" in str(error) if self.tls else not any(words in str(error) for words in ("closed where", "no frame in", "was refused")):
                    self.complaints.append(f"{self.name}: {error}")
            time.sleep(0.05)

    def _listen(self, peer):
        heard = set()
        while not self.dead:
            kind, body = peer.read_frame()
            if kind != b"4" or body.startswith(b"* "):
                continue
            line = body.decode()
            if line in heard and ": live " in line:
                raise AssertionError(f"twice on one connection, closed nothing: {line}")
            heard.add(line)
            for lead in (f"{self.name}: ", f"[whisper] {self.name} to "):
                if line.startswith(lead):
                    self.echoed.add(line.partition(": ")[2])

    def stop(self):
        self.dead = True
        peer = self.peer
        if peer is not None:
            try:
                peer.finish_sending()
            except OSError:
                pass  # it has just ended by itself
        self.thread.join(30)


class Round:
    def __init__(self, seed, seconds, directory):
        self.random = random.Random(seed)
        self.seconds, self.directory = seconds, directory
        self.proxy = BreakingProxy(seed)
        self.numbers = itertools.count(1)
        self.kills = self.thefts = self.said = 0
        self.server = None
        self.start_server()
        asker = Asker()
        self.server_id = parse_extended(asker.ask(extended_request(), self.server.udp))[1]["id"]
        asker.close()
        share = SHARES[seed % len(SHARES)]
        secure = self.random.sample((*MODELS, *REAL), round(share * len((*MODELS, *REAL))))
        self.thief = self.new_identity("thief")
        self.contexts = {name: self.new_identity(name) for name in secure if name in MODELS}
        if share:  # there are old programs behind a TLS tunnel
            self.contexts[CLASSIC[0]] = self.new_identity(CLASSIC[0])
        self.secure = {*secure, *self.contexts}
        more = self.proxy.port, self.server_id
        self.models = [ModelClient(name, *more, os.path.join(directory, name + ".journal"), self.contexts.get(name)) for name in MODELS]
        self.real = [RealClient(name, *more, os.path.join(directory, name), name in self.secure) for name in REAL]
        self.classic = [ClassicClient(name, self.proxy.port, self.contexts.get(name)) for name in CLASSIC]
        self.everyone = [*self.models, *self.real, *self.classic]
        self.surely_owed = {}  # text: whose outbox it was in when they were killed

    def new_identity(self, name):
        return client_context(Identity(self.directory, name))

    def context_of(self, name):
        """None for those who have nothing to show."""
        for client in self.real:
            if client.name == name and client.secure:
                context = client_context()
                context.load_cert_chain(client.identity)
                return context
        return self.contexts.get(name)

    # What happens

    def start_server(self):
        self.server = Ahoyd(self.directory, "--data-dir", os.path.join(self.directory, "data"), *NO_LIMITS, name="ahoyd")
        self.proxy.target = self.server.tcp

    def kill_server(self):
        self.kills += 1
        self.proxy.target = None
        self.server.kill()
        if self.random.random() < 0.3:
            time.sleep(self.random.random() * 0.5)
        self.start_server()

    def talk(self):
        for _ in range(self.random.choice((1, 1, 1, 3, 30))):
            client = self.random.choice(self.everyone)
            number = self.said = next(self.numbers)
            to = None
            if self.random.random() < 0.3:
                to = self.random.choice([other.name for other in self.everyone])
            client.say(f"live {number} {client.name}" + " x" * self.random.choice((0, 0, 10, 1000)), to)

    def kill_client(self):
        client = self.random.choice([*self.models, *self.real])
        if isinstance(client, RealClient):
            self.assert_alive(client)
            client.kill()
            self.note_owed(client)
            client.start_process()
        else:
            client.restart()

    def steal(self):
        """Whoever has come with a key has the name for good: a log-in that was answered is on the disk."""
        name = self.random.choice(sorted(self.secure) or [None])
        if name is None:
            return
        tls = self.random.choice((None, True, self.thief))
        if self.random.random() < 0.5:
            thief = ExtendedClient(self.server.tcp, tls=tls)
            thief.send_log_in(name)
            answer = thief.read()
            stolen = answer.kind != "0" or answer["reason"] != "owned"
        else:
            thief = RawClient(self.server.tcp, tls=tls)
            thief.send_frame("1", name)
            answer = thief.read_frame()
            stolen = answer != (b"0", name.encode())
        thief.close()
        if stolen:
            raise Violation(f"the name {name} was not refused to a thief: {answer}")
        self.thefts += 1

    def note_owed(self, client):
        if os.path.exists(client.path):
            for text in client.owed().values():
                self.surely_owed[text] = client.name

    @staticmethod
    def assert_alive(client):
        if not client.alive():
            raise Violation(f"{client.name} ended by itself with {client.process.returncode}; see {client.log}")

    def run(self):
        self.known = set()
        self.wait("everyone who is to be whispered to has been here once", self.all_known)
        end = time.monotonic() + self.seconds
        deeds = [self.talk] * 60 + [self.kill_client] * 2 + [self.kill_server] * 2 + [lambda: self.proxy.break_some(0.5)] * 2 + [self.steal] * 2
        while time.monotonic() < end or self.said < SAID_AT_LEAST:
            self.random.choice(deeds)()
            time.sleep(self.random.choice((0, 0.002, 0.01, 0.05)))
        self.calm()
        self.compare()

    def all_known(self):
        auditor = ExtendedClient(self.server.tcp)
        try:
            names = set(auditor.log_in("auditor").names())
        finally:
            auditor.close()
        self.known |= names
        return [name for name in (*MODELS, *REAL, *CLASSIC) if name not in self.known]

    def wait(self, what, still_missing):
        end = time.monotonic() + QUIET_SECONDS
        while missing := still_missing():
            if time.monotonic() > end:
                raise Violation(f"{what}: not within {QUIET_SECONDS} s, because of {missing}")
            time.sleep(0.1)

    # The end

    def calm(self):
        self.proxy.transparent = True
        for client in self.real:
            self.assert_alive(client)
        self.wait("all outboxes are empty", lambda: [f"{client.name}: {client.memory.outbox}" for client in self.models if client.memory.outbox]
                  + [f"{client.name}: {client.owed()}" for client in self.real if client.owed()])
        for client in self.classic:
            client.stop()
        auditor = ExtendedClient(self.server.tcp)
        auditor.log_in("auditor")
        auditor.say("that was all")
        last = auditor.wait_for("4", "that was all")
        auditor.close()
        self.wait("everyone has the last message", lambda: [client.name for client in self.models if last.id not in client.memory.seen]
                  + [client.name for client in self.real if last.id not in [said[0] for said in client.seen()]])
        for client in self.models:
            client.kill()
        for client in self.real:
            if client.stop() != 0:
                raise Violation(f"{client.name} ended with {client.process.returncode}; see {client.log}")

    def truth(self, name):
        """All that this person may see, as the server tells somebody who has nothing."""
        end = time.monotonic() + QUIET_SECONDS
        while True:
            client = ExtendedClient(self.server.tcp, tls=self.context_of(name))
            try:
                return [message.said() for message in client.log_in(name, since=0, since_server=self.server_id).replay]
            except AssertionError as error:
                if "was refused" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.05)  # they are still on their way out
            finally:
                client.close()

    def history(self):
        """The same for what was said to everyone, page by page, backwards."""
        client = ExtendedClient(self.server.tcp)
        client.log_in("auditor")
        everything, before, more = [], None, True
        while more:
            page, more = client.history(before=before, limit=200)
            everything[:0] = [message.said() for message in page]
            before = page[0].id if page else None
        client.close()
        return everything

    def compare(self):
        problems = [complaint for client in [*self.models, *self.classic] for complaint in client.complaints]
        public = self.truth("auditor")
        problems += difference("what H tells", self.history(), public)
        all_said = {said[0]: said for said in public}
        for client in [*self.models, *self.real]:
            truth = self.truth(client.name)
            all_said.update((said[0], said) for said in truth)
            if isinstance(client, ModelClient):
                own, expected = sorted(client.memory.seen.values()), truth
            else:
                own, start = client.seen(), client.start()
                older = {said[0] for said in own if said[0] < start}
                expected = [said for said in truth if said[0] >= start or said[0] in older]
            problems += difference(f"what {client.name} has", own, expected)
            if [said for said in truth if said[3] is None] != public:
                problems.append(f"{client.name} is told other public messages than the auditor")
        for client in self.classic:
            all_said.update((said[0], said) for said in self.truth(client.name))
        problems += self.check_clients()
        problems += self.check_texts([said[5] for _, said in sorted(all_said.items())])
        if complaints := self.server.complaints():
            problems += complaints
        if self.server.stop() != 0:
            problems.append(f"the server ended with {self.server.returncode}")
        if problems:
            raise Violation("\n".join(problems[:40]))
        self.report = (
            f"{len(all_said)} messages, {len(self.secure)} over TLS, {self.kills} servers killed, {self.proxy.broken} connections broken, "
            f"{self.thefts} thefts tried"
        )
        if len(all_said) < 20:
            raise Violation(f"hardly anything was said: {self.report}")

    def check_clients(self):
        """Ours are at home with this server all the time: a broken connection is none that was tampered with, and their names are theirs."""
        problems = []
        for client in self.real:
            with open(client.log, encoding="utf-8", errors="replace") as log:
                lines = log.read().splitlines()
            problems += [f"{client.name}: {line}" for line in lines if line.startswith("stopped ") or COMPLAINT.search(line)]
            problems += [f"{client.name}: {line}, with a key" for line in lines if line.startswith("refused ") and client.secure]
            if client.secure and "secure" not in lines:
                problems.append(f"{client.name} never was on an encrypted connection")
        return problems

    def check_texts(self, texts):
        problems = [f"stored {texts.count(text)} times: {text[:60]}" for text in {text for text in texts if texts.count(text) > 1}]
        stored = set(texts)
        for client in self.models:
            problems += [f"{client.name} owed it, and it is lost: {text[:60]}" for text in client.memory.mine.values() if text not in stored]
        problems += [f"{name}'s outbox had it, and it is lost: {text[:60]}" for text, name in self.surely_owed.items() if text not in stored]
        for client in self.classic:
            problems += [f"{client.name} saw its echo, and it is lost: {text[:60]}" for text in client.echoed - stored]
        return problems

    def close(self):
        for client in self.classic:
            client.dead = True
        for client in self.models:
            if not client.dead:
                client.kill()
        for client in self.real:
            if client.alive():
                client.kill()
        self.proxy.close()
        if self.server.alive():
            self.server.kill()


def difference(what, got, expected):
    """Sentences."""
    if got == expected:
        return []
    missing = [said for said in expected if said not in set(got)]
    extra = [said for said in got if said not in set(expected)]
    if not missing and not extra:
        return [f"{what} is in another order, or something twice"]
    return [f"{what} differs: {len(missing)} missing, {len(extra)} too many of {len(expected)}"] + [
        f"    {sign} {said[0]} {said[2]} to {said[3]}: {said[5][:50]}" for sign, some in (("-", missing), ("+", extra)) for said in some[:8]
    ]


def torture(seed, seconds):
    """Returns whether all was well."""
    directory = tempfile.mkdtemp(prefix=f"ahoy-torture-{seed}-")
    began = time.monotonic()
    chamber = Round(seed, seconds, directory)
    try:
        chamber.run()
    except (Violation, AssertionError) as error:
        print(f"seed {seed}: FAILED\n{error if isinstance(error, Violation) else traceback.format_exc()}\nAll that is left is in {directory}", flush=True)
        return False
    finally:
        chamber.close()
    shutil.rmtree(directory)
    print(f"seed {seed}: {chamber.report}, {time.monotonic() - began:.1f} s", flush=True)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=None, help="the first round's; the next one's is one more (default: 1, 2, 3: the short set)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="how long each round breaks things")
    options = parser.parse_args()
    isolate()
    first = 1 if options.seed is None else options.seed
    results = [torture(seed, options.seconds) for seed in range(first, first + options.rounds)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
