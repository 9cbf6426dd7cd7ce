#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Servers that are published by a real Avahi, and searches that ask another. DISCOVERY.md, "Discovery by DNS"."""

import os
import re
import subprocess
import time

from ahoytest import PATIENCE, SystemTest, main
from ahoytest.avahi import Avahi
from ahoytest.lan import Host, Switch

PORT = 24690
SECONDS = 60 * PATIENCE
GIVE_UP_MS = 30000  # where there is something to be found, a busy machine is waited for
WINDOW_MS = 100
NAME = 'The "Library", 图书馆.'
PUBLISHED = "It is published by mDNS as '{}'"


class Mdns(SystemTest):
    def host(self, name):
        host = Host(name)
        self.addCleanup(host.close)
        return host

    def switch(self, name, router=None):
        switch = Switch(name, router)
        self.addCleanup(switch.close)
        return switch

    def avahi(self, host, **how):
        with host:
            avahi = Avahi(self.directory, host.name, **how)
        self.addCleanup(avahi.close)
        return avahi

    def publish(self, host, avahi, name):
        with host:
            return self.start_server("--discovery-port", PORT, "--name", name, port=0, env=avahi.environment())

    def wait_for_log(self, server, text):
        end = time.monotonic() + SECONDS
        while text not in server.log():
            self.assertLess(time.monotonic(), end, f"'{text}' is not in the log:\n{server.log()}")
            self.assertTrue(server.alive(), server.log())
            time.sleep(0.02)

    def search(self, host, avahi):
        """The servers, and the row of mDNS."""
        command = [os.environ["FIND_SERVERS"], str(PORT), str(GIVE_UP_MS), str(WINDOW_MS)]
        with host:
            done = subprocess.run(
                command,
                env={**os.environ, **avahi.environment()},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=True,
            )
        lines = [(line.split()[0], dict(re.findall(r"([a-z-]+)=((?<=name=).*|\S*)", line))) for line in done.stdout.splitlines()]
        [row] = [fields for what, fields in lines if what == "probe" and fields["kind"] == "mdns"]
        return [fields for what, fields in lines if what == "server"], row

    def test_a_server_that_no_datagram_reaches(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        box = self.host("box").plug(lan, "10.77.1.2/24")
        with alice:
            wall = f"table ip wall {{ chain out {{ type filter hook output priority 0; udp dport {PORT} drop; }}; }}\n"
            subprocess.run(["nft", "-f", "-"], input=wall, text=True, check=True, timeout=20)
        here, there = self.avahi(alice), self.avahi(box)
        server = self.publish(box, there, NAME)
        self.wait_for_log(server, PUBLISHED.format(NAME))

        [found], row = self.search(alice, here)
        self.assertEqual((found["host"], found["port"], found["extended"], found["users"]), ("10.77.1.2", str(server.tcp), "1", "-1"))
        self.assertRegex(found["name"], r'^The "Library", ')
        self.assertIn(found["id"], self.run_server("--show-id", "--data-dir", server.data_dir).stdout)
        self.assertEqual((row["sent"], row["error"]), ("1", "0"))
        self.assertGreaterEqual(int(row["replies"]), 1)

        # Another of the same name is published under the next.
        other = self.publish(box, there, NAME)
        self.wait_for_log(other, PUBLISHED.format(NAME + " #2"))

    def test_a_reflector_between_two_networks(self):
        office, lab = self.switch("office", router="10.77.1.254/24"), self.switch("lab", router="10.77.2.254/24")
        alice = self.host("alice").plug(office, "10.77.1.1/24")
        alice.ip("route", "add", "default", "via", "10.77.1.254")
        box = self.host("box").plug(lab, "10.77.2.2/24")
        box.ip("route", "add", "default", "via", "10.77.2.254")
        middle = self.host("middle").plug(office, "10.77.1.3/24").plug(lab, "10.77.2.3/24", "eth1")
        self.avahi(middle, reflector=True)
        here, there = self.avahi(alice), self.avahi(box)
        server = self.publish(box, there, "The Lab")
        self.wait_for_log(server, PUBLISHED.format("The Lab"))

        [found], _ = self.search(alice, here)
        self.assertEqual((found["host"], found["port"], found["name"]), ("10.77.2.2", str(server.tcp), "The Lab"))


if __name__ == "__main__":
    main()
