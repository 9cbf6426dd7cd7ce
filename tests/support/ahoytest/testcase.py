# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What every system test begins and ends with."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest

from . import ahoyd, isolation
from .ahoyd import Ahoyd
from .discovery import Asker
from .extendedclient import ExtendedClient
from .process import PATIENCE
from .rawclient import RawClient
from .tls import Identity


class SystemTest(unittest.TestCase):
    """Servers, clients and askers that go away with the test. A server must end with status 0 and without a complaint on stderr."""

    longMessage = True
    maxDiff = 2000

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="ahoy-system-")
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.servers = []

    def start_server(self, *options, **more):
        server = Ahoyd(self.directory, *options, name=f"ahoyd-{len(self.servers)}", **more)
        self.servers.append(server)
        self.addCleanup(self._end_server, server)
        return server

    def _end_server(self, server):
        status = server.stop()
        complaints = [line for line in server.complaints() if not server.expected or not re.search(server.expected, line)]
        self.assertEqual(complaints, [], server.log())
        self.assertEqual(status, 0, server.log())

    def kill(self, server):
        """SIGKILL. Its data directory stays, and its end is not held against it."""
        server.kill()
        server.stop = lambda: 0

    def start_again(self, server, *options, **more):
        """A server on the data directory and the port of one that has ended."""
        directory = server.command[server.command.index("--data-dir") + 1]
        return self.start_server("--data-dir", directory, *options, port=server.tcp, **more)

    def run_server(self, *options, env=None, seconds=60 * PATIENCE):
        """Runs an ahoyd that is expected to end by itself. Returns the CompletedProcess."""
        return subprocess.run(
            [ahoyd.program(), *map(str, options)],
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def make_identity(self, name, kind="P-256", *more):
        """A key and its certificate, to be shown with `tls=`."""
        return Identity(self.directory, name, kind, *more)

    def connect(self, server, **options):
        client = RawClient(server.tcp, **options)
        self.addCleanup(client.close)
        return client

    def log_in(self, server, name, **options):
        client = self.connect(server, **options)
        client.log_in(name)
        return client

    def connect_extended(self, server, **options):
        client = ExtendedClient(server.tcp, **options)
        self.addCleanup(client.close)
        return client

    def enter(self, server, name, since=None, since_server=None, **options):
        """An extended client that has caught up; `arrival` is what came until then."""
        client = self.connect_extended(server, **options)
        client.log_in(name, since=since, since_server=since_server)
        return client

    def gather_extended(self, server, *names):
        """As gather(), in the extended dialect."""
        people = []
        for name in names:
            newcomer = self.enter(server, name)
            for person in people:
                person.expect_packet("2", name)
            people.append(newcomer)
        return people

    @contextlib.contextmanager
    def attended(self, *people):
        """Extended people whom a test leaves alone for as long as its machine takes for something: they answer the server's questions meanwhile, or
        it would give them up. Yields {person: what came}, whole when it is over."""
        over = threading.Event()
        came = {person: [] for person in people}
        problems = []

        def attend():
            try:
                while True:
                    last = over.wait(1)
                    for person in people:
                        came[person] += person.barrier()
                    if last:
                        break
            except (AssertionError, OSError) as problem:
                problems.append(problem)

        attendant = threading.Thread(target=attend)
        attendant.start()
        try:
            yield came
        finally:
            over.set()
            attendant.join()
        self.assertEqual(problems, [])

    def gather(self, server, *names):
        """People who logged in one after the other, each seen coming by those before."""
        people = []
        for name in names:
            newcomer = self.log_in(server, name)
            for person in people:
                person.expect_frame("2", name)
            people.append(newcomer)
        return people

    def asker(self, **options):
        asker = Asker(**options)
        self.addCleanup(asker.close)
        return asker

    def assert_serving(self, server, name="still-here"):
        """The server takes another log-in and answers it."""
        client = self.log_in(server, name)
        client.say("yes")
        while client.read_frame() != (b"4", f"{name}: yes".encode()):
            pass
        client.close()


def main():
    isolation.enter()
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
