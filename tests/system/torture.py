#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The torture chamber: people talk while everything breaks, and at the end nothing is missing and nothing is there twice.

    meson test -C build torture                                          a short set
    tests/system/torture.py --seed 7 --rounds 20 --seconds 30            any number, with what is in build/

Classic and extended clients and our own one talk through a bad network, over TLS and with identities of their own or plain, while the server and
the clients are killed again and again and thieves try the names of others. The server's clock jumps, its disk fills up, its log is set back, strangers
flood it; which of these, the seed says. Then all becomes quiet, and what everyone has is compared: nothing that came back to anybody is lost but
with a log that was set back, and then those who had it keep it; nothing is there twice, and there is one order. The seed decides what is done; when
exactly is up to the machine. A round that fails keeps its folder and says where it is."""

import argparse
import collections
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
from ahoytest.ahoyd import NO_LIMITS
from ahoytest.breakingproxy import BreakingProxy
from ahoytest.discovery import Asker, parse_extended
from ahoytest.modelclient import ModelClient
from ahoytest.process import COMPLAINT, PATIENCE
from ahoytest.realclient import RealClient
from ahoytest.strangers import ABSENT, KINDS, MARK, Flood
from ahoytest.torturedserver import TorturedServer

MODELS = ("ann", "bert", "cleo")
REAL = ("rita", "ralf")
CLASSIC = ("old-tom", "old-ida")
QUIET_SECONDS = 60 * PATIENCE
# No round is over before so much was said: on a slow machine its seconds may pass with restarts.
SAID_AT_LEAST = 100
# How many of those who can speak TLS do, by seed.
SHARES = (0, 1, 0.5, 1)
# What happens to the server besides, by seed: each at least once in its round.
TROUBLES = (("clocks", "disk"), ("clocks", "restores"), ("disk", "restores"), ("floods",), ())
# With floods the limits are those that a server has from the start, but where one address is everybody.
ONE_ADDRESS = ("--failed-logins-per-minute", "0", "--names-per-key", "0")
FLOOD_SECONDS = 1
FLOODS_AT_ONCE = 4
# A message that is stamped by the machine's own clock is stamped between two looks at it.
CLOCK_MS = 1


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
                usual = ("closed where", "no frame in", "4* This server is stopping") + (() if self.tls else ("was refused",))
                if not any(words in str(error) for words in usual):
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
    def __init__(self, seed, seconds, troubles, directory):
        self.random = random.Random(seed)
        self.seconds, self.directory = seconds, directory
        self.proxy = BreakingProxy(seed)
        self.numbers = itertools.count(1)
        self.thefts = self.said = 0
        self.troubles = TROUBLES[seed % len(TROUBLES)] if troubles is None else troubles
        self.floods = []
        self.port_path = os.path.join(directory, "port")
        self.strangers = {}  # kinds of floods: how many there were
        self.server = TorturedServer(directory, self.random, self.troubles, ONE_ADDRESS if "floods" in self.troubles else NO_LIMITS, self.tell)
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
        # Nothing is kept for those whose names nothing holds: what is whispered to them is asked for by nobody afterwards. Models have secrets.
        self.held_names = sorted({*MODELS, *self.secure})
        more = self.proxy.port, self.server_id
        self.models = [ModelClient(name, *more, os.path.join(directory, name + ".journal"), self.contexts.get(name)) for name in MODELS]
        self.real = [RealClient(name, *more, os.path.join(directory, name), name in self.secure) for name in REAL]
        self.classic = [ClassicClient(name, self.proxy.port, self.contexts.get(name)) for name in CLASSIC]
        self.everyone = [*self.models, *self.real, *self.classic]
        self.surely_owed = {}  # text: whose outbox it was in when they were killed
        self.held = {}  # of each model: what it had seen when the log was set back

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

    def tell(self, port):
        self.proxy.target = port
        with open(self.port_path + ".new", "w", encoding="ascii") as file:
            file.write(str(port or 0))
        os.rename(self.port_path + ".new", self.port_path)

    def restore(self):
        self.server.restore()
        for client in self.models:
            self.held.setdefault(client.name, set()).update([*client.memory.seen.values()])
        for client in self.real:
            self.held.setdefault(client.name, set()).update(client.seen())

    def flood(self):
        self.floods = [flood for flood in self.floods if flood.running()]
        if len(self.floods) < FLOODS_AT_ONCE:
            kind = min(KINDS, key=lambda kind: (self.strangers.get(kind, 0), self.random.random()))
            self.strangers[kind] = self.strangers.get(kind, 0) + 1
            self.floods.append(Flood(kind, self.port_path, FLOOD_SECONDS))

    def talk(self):
        # Where there are limits, people talk like people, or they would only wait.
        for _ in range(self.random.choice((1, 1, 1, 3) if "floods" in self.troubles else (1, 1, 1, 3, 30))):
            client = self.random.choice(self.everyone)
            number = self.said = next(self.numbers)
            to = None
            if self.random.random() < 0.3:
                to = self.random.choice(self.held_names)
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
        # A name without a key is remembered for what it said.
        for client in self.everyone:
            client.say(f"hello from {client.name}")
        self.wait("everyone has said something", self.all_said)
        if "restores" in self.troubles:  # no copy and no end of a journal is from before that
            self.server.stop()
            self.server.start()
        end = time.monotonic() + self.seconds
        deeds = [self.talk] * 60 + [self.kill_client] * 2 + [self.server.end_and_start] * 2 + [lambda: self.proxy.break_some(0.5)] * 2 + [self.steal] * 2
        deeds += [deed for more in self.more_deeds().values() for deed in more] * 2
        while True:
            late = time.monotonic() > end
            missing = self.missing_deeds()
            if late and self.said >= SAID_AT_LEAST and not missing:
                break
            self.random.choice([self.talk] * 9 + missing if late else deeds)()
            time.sleep(self.random.choice((0, 0.002, 0.01, 0.05)))
            if "floods" in self.troubles:
                time.sleep(0.02)
        self.calm()
        self.compare()

    def more_deeds(self):
        """Of each kind of trouble that there is in this round."""
        server = self.server
        deeds = {"clocks": [server.jump], "disk": [server.fill_disk] * 2, "restores": [server.take_copy, self.restore], "floods": [self.flood] * 2}
        return {trouble: deeds[trouble] for trouble in self.troubles}

    def missing_deeds(self):
        """What has not happened yet."""
        server = self.server
        done = {"clocks": server.jumps, "disk": server.full_disks, "restores": server.restores, "floods": len(self.strangers) == len(KINDS)}
        return [deed for trouble, deeds in self.more_deeds().items() if not done[trouble] for deed in deeds]

    def all_known(self):
        if "floods" in self.troubles and ABSENT not in self.known:
            absent = ExtendedClient(self.server.tcp)
            absent.log_in(ABSENT)
            absent.close()
            self.known.add(ABSENT)
        auditor = ExtendedClient(self.server.tcp)
        try:
            names = set(auditor.log_in("auditor").names())
        finally:
            auditor.close()
        self.known |= names
        return [name for name in (*MODELS, *REAL, *CLASSIC) if name not in self.known]

    def all_said(self):
        for client in self.classic:  # they do not know by themselves that it was lost on the way
            if not client.echoed:
                client.say(f"hello from {client.name} {next(self.numbers)}")
        return [client.name for client in self.models if client.memory.outbox] + [client.name for client in self.real if client.owed()] + [
            client.name for client in self.classic if not client.echoed
        ]

    def wait(self, what, still_missing):
        end = time.monotonic() + QUIET_SECONDS
        while missing := still_missing():
            if time.monotonic() > end:
                complaints = [complaint for client in [*self.models, *self.classic] for complaint in client.complaints]
                raise Violation(f"{what}: not within {QUIET_SECONDS} s; complaints: {complaints[-3:]}; because of {missing}")
            time.sleep(0.1)

    # The end

    def calm(self):
        for flood in self.floods:
            flood.wait()
        if self.floods:  # what they said and nobody has heard yet is not waited for
            self.server.stop()
            self.server.start()
        self.server.empty_disk()
        self.server.clock.set(0)
        self.proxy.transparent = True
        for client in self.real:
            self.assert_alive(client)
        self.wait("all outboxes are empty", lambda: [f"{client.name}: {client.memory.outbox}" for client in self.models if client.memory.outbox]
                  + [f"{client.name}: {client.owed()}" for client in self.real if client.owed()])
        for client in self.classic:
            client.stop()
        auditor = ExtendedClient(self.server.tcp)
        auditor.log_in("auditor")
        before = int(time.time() * 1000)
        auditor.say("that was all")
        last = auditor.wait_for("4", "that was all")
        if not before - CLOCK_MS <= last.number("time") <= time.time() * 1000 + CLOCK_MS:
            raise Violation(f"the clock is right again, and a message is stamped {last.number('time') - before} ms ahead")
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
            client.send_packet("H", before=before, limit=200)
            page = []
            while (got := client.read()).kind != "h":
                if got.kind not in "423":  # some are still on their way out
                    raise Violation(f"the answer to H: {got}")
                page += [got] if got.kind == "4" else []
            more = got["more"] == "1"
            everything[:0] = [message.said() for message in page]
            before = page[0].id if page else None
        client.close()
        return everything

    def compare(self):
        problems = [complaint for client in [*self.models, *self.classic] for complaint in client.complaints]
        public = self.truth("auditor")
        problems += difference("what H tells", self.history(), public)
        all_said = {said[0]: said for said in public}
        truths = {name: self.truth(name) for name in self.held_names}
        for truth in truths.values():
            all_said.update((said[0], said) for said in truth)
        for client in [*self.models, *self.real]:
            truth = truths.get(client.name) or [said for _, said in sorted(all_said.items()) if said[3] is None or said[2] == client.name]
            if isinstance(client, ModelClient):
                own, expected = sorted(client.memory.seen.values()), truth
            else:
                own, start = client.seen(), client.start()
                older = {said[0] for said in own if said[0] < start}
                expected = [said for said in truth if said[0] >= start or said[0] in older]
            problems += difference(f"what {client.name} has", own, expected)
            if [said for said in truth if said[3] is None] != public:
                problems.append(f"{client.name} is told other public messages than the auditor")
        for name in (*REAL, *CLASSIC):
            if name not in self.held_names and self.truth(name) != public:
                problems.append(f"whoever comes as {name} is told what is not theirs")
        problems += self.check_clients()
        problems += self.check_held()
        problems += self.check_texts([said[5] for _, said in sorted(all_said.items())])
        self.server.stop()
        problems += self.server.complaints()
        if problems:
            raise Violation("\n".join(problems[:40]))
        server = self.server
        self.report = (
            f"{len(all_said)} messages, {len(self.secure)} over TLS, {server.kills} servers killed and {server.stops} ended, {self.proxy.broken} connections broken, "
            f"{self.thefts} thefts tried, {server.jumps} clock jumps, {server.full_disks} full disks, {server.restores} restores with {len(server.lost)} messages lost, "
            f"{sum(self.strangers.values())} floods, {server.peak >> 20} MiB"
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

    def check_held(self):
        """What a log lost, those who had it keep."""
        problems = []
        for client in (*self.models, *self.real):
            if isinstance(client, ModelClient):
                has, kept = [*client.memory.seen.values()], client.memory.kept
            else:
                has, kept = client.seen(), client.kept()
            if len(set(kept)) != len(kept):
                problems.append(f"{client.name} keeps something twice")
            has = {*has, *kept}
            problems += [f"{client.name} had it and no longer has: {said[5][:60]}" for said in self.held.get(client.name, set()) - has]
        return problems

    def check_texts(self, texts):
        problems = [f"stored {n} times: {text[:60]}" for text, n in collections.Counter(texts).items() if n > 1 and not text.startswith(MARK)]
        stored = {*texts, *self.server.lost}
        for client in self.models:
            problems += [f"{client.name} owed it, and it is lost: {text[:60]}" for text in client.memory.mine.values() if text not in stored]
        problems += [f"{name}'s outbox had it, and it is lost: {text[:60]}" for text, name in self.surely_owed.items() if text not in stored]
        for client in self.classic:
            problems += [f"{client.name} saw its echo, and it is lost: {text[:60]}" for text in client.echoed - stored]
        return problems

    def close(self):
        for flood in self.floods:
            flood.kill()
        for client in self.classic:
            client.dead = True
        for client in self.models:
            if not client.dead:
                client.kill()
        for client in self.real:
            if client.alive():
                client.kill()
        self.proxy.close()
        self.server.close()


def difference(what, got, expected):
    """Sentences."""
    if got == expected:
        return []
    all_got, all_expected = set(got), set(expected)
    missing = [said for said in expected if said not in all_got]
    extra = [said for said in got if said not in all_expected]
    if not missing and not extra:
        return [f"{what} is in another order, or something twice"]
    return [f"{what} differs: {len(missing)} missing, {len(extra)} too many of {len(expected)}"] + [
        f"    {sign} {said[0]} {said[2]} to {said[3]}: {said[5][:50]}" for sign, some in (("-", missing), ("+", extra)) for said in some[:8]
    ]


def torture(seed, seconds, troubles):
    """Returns whether all was well."""
    directory = tempfile.mkdtemp(prefix=f"ahoy-torture-{seed}-")
    began = time.monotonic()
    chamber = Round(seed, seconds, troubles, directory)
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
    parser.add_argument("--troubles", type=str.split, help="which of clocks, disk, restores and floods, instead of what the seed says")
    options = parser.parse_args()
    isolate()
    first = 1 if options.seed is None else options.seed
    results = [torture(seed, options.seconds, options.troubles) for seed in range(first, first + options.rounds)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
