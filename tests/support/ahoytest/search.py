# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The client's search, for tests on virtual LANs."""

import os
import re
import subprocess

from .lan import Host, Switch
from .testcase import SystemTest

PORT = 24690
# Where there is something to be found, a busy machine is waited for: for the first reply, and for others that are to come behind it.
GIVE_UP_MS = 30000
WINDOW_MS = 1000
MORE_MS = 3000  # all four attempts fall into it


class Search:
    """One run of find-servers. `servers` and `probes` are dictionaries of text, as printed."""

    def __init__(self, *how, give_up=0, window=0):
        command = [os.environ["FIND_SERVERS"], str(PORT), str(give_up), str(window), *map(str, how)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
        self.text = done.stdout + done.stderr
        lines = done.stdout.splitlines()
        self.servers = [self._fields(line) for line in lines if line.startswith("server ")]
        self.probes = [self._fields(line) for line in lines if line.startswith("probe ")]
        self.end = self._fields(lines[-1])

    @staticmethod
    def _fields(line):
        return dict(re.findall(r"([a-z-]+)=((?<=name=).*|\S*)", line))

    def hosts(self):
        return sorted(server["host"] for server in self.servers)

    def names(self):
        return sorted(server["name"] for server in self.servers)

    def probe(self, interface, kind=None):
        """@kind: None: the one that is neither a sweep nor over IPv6."""
        kinds = ("interface", "this-computer") if kind is None else (kind,)
        [probe] = [probe for probe in self.probes if probe["interface"] == interface and probe["kind"] in kinds]
        return probe

    def sweep(self, subnet):
        [probe] = [probe for probe in self.probes if probe["kind"] == "sweep" and probe["target"] == subnet]
        return probe

    def limited(self):
        [probe] = [probe for probe in self.probes if probe["kind"] == "limited"]
        return probe


class LanTest(SystemTest):
    def host(self, name, ipv6=False):
        host = Host(name, ipv6)
        self.addCleanup(host.close)
        return host

    def switch(self, name, router=None):
        switch = Switch(name, router)
        self.addCleanup(switch.close)
        return switch

    def serve(self, host, *options, port=PORT):
        with host:
            return self.start_server("--discovery-port", PORT, *options, port=port)

    def wall(self, host, chain, table="wall", family="ip"):
        """A firewall on @host, of one chain."""
        with host:
            subprocess.run(["nft", "-f", "-"], input=f"table {family} {table} {{ chain one {{ {chain}; }}; }}\n", text=True, check=True, timeout=20)

    def search(self, host, *how):
        """As people search, where nothing is to be found: that comes to its end by the clock alone."""
        with host:
            return Search(*how)

    def find(self, host, *how, window=WINDOW_MS):
        with host:
            return Search(*how, give_up=GIVE_UP_MS, window=window)

    def find_more(self, host, *how):
        """More than one reply is to come."""
        return self.find(host, *how, window=MORE_MS)

    def assert_found(self, search, *hosts):
        self.assertEqual(search.hosts(), sorted(hosts), search.text)
        self.assertEqual(search.end, {"state": "found", "diagnosis": "none"})

    def assert_none(self, search, diagnosis):
        self.assertEqual(search.end, {"state": "none", "diagnosis": diagnosis}, search.text)
        self.assertEqual(search.servers, [])
