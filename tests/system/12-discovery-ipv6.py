#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The client's search and real servers on LANs with IPv6, with and without IPv4. PROTOCOL.md, "Discovery"."""

import errno
import socket

from ahoytest import main
from ahoytest.search import PORT, LanTest, Search

GROUP = "ff12::8000:6072"
NO_ONE_MS = 500  # two attempts fall into it: where nothing is to be found, nothing is waited for
FIRST_MS = 20  # where one reply is as good as all


class Ipv6(LanTest):
    def search_in_vain(self, host, diagnosis):
        with host:
            search = Search(give_up=NO_ONE_MS)
        self.assert_none(search, diagnosis)
        return search

    def find_first(self, host, *how):
        return self.find(host, *how, window=FIRST_MS)

    def assert_connects(self, host, address, port):
        with host:
            socket.create_connection((address, port), timeout=20).close()

    def test_a_lan_without_ipv4(self):
        lan = self.switch("lan")
        alice = self.host("alice", ipv6=True).plug(lan, "fe80::a/64")
        box = self.host("box", ipv6=True).plug(lan, "fe80::b/64")

        # Nobody is there: that has a row which tells it, and the page does not say that there is no address.
        search = self.search_in_vain(alice, "no-ipv4")
        eth0 = search.probe("eth0", "multicast")
        self.assertEqual((eth0["address"], eth0["target"], eth0["error"], eth0["echo"]), ("fe80::a", GROUP, "0", "1"))
        self.assertGreater(int(eth0["sent"]), 0)
        self.assertEqual(search.probe("eth0", "interface")["sent"], "0")

        server = self.serve(box, "--name", "The Library")
        self.assertIn(f"It is found on UDP port {PORT}, over IPv4 and over IPv6 ({GROUP} on eth0)", server.log())
        search = self.find_first(alice)
        self.assert_found(search, "fe80::b%eth0")
        self.assertEqual((search.servers[0]["id"], search.servers[0]["extended"]), (server.id, "1"))
        self.assertGreater(int(search.probe("eth0", "multicast")["replies"]), 0)
        self.assertEqual((search.probe("lo")["replies"], search.limited()["replies"]), ("0", "0"))
        self.assert_connects(alice, search.servers[0]["host"], server.tcp)

        # Remembered, on an interface that has another name now, or under the number it had: it is known again by its id.
        for remembered in ("fe80::b%wlan9", "fe80::b%99", "fe80::b%eth0"):
            search = self.find_first(alice, "last", remembered, server.tcp, server.id)
            self.assert_found(search, "fe80::b%eth0")
            self.assertEqual(search.servers[0]["last-used"], "1", remembered)
        self.assert_found(self.find_first(alice, "at", f"[fe80::b%eth0]:{server.tcp}"), "fe80::b%eth0")

        # On its own computer 127.0.0.1 is the better address, and the others are the same server.
        self.assert_found(self.find(box), "127.0.0.1")

        self.wall(alice, f"type filter hook output priority 0; udp dport {PORT} drop", family="ip6")
        search = self.search_in_vain(alice, "send-blocked")
        self.assertEqual((search.probe("eth0", "multicast")["sent"], search.probe("eth0", "multicast")["error"]), ("0", str(errno.EPERM)))

    def test_one_address_on_two_lans_is_two_servers(self):
        office, lab = self.switch("office"), self.switch("lab")
        alice = self.host("alice", ipv6=True).plug(office, "fe80::a/64").plug(lab, "fe80::a/64", "eth1")
        box1 = self.host("box1", ipv6=True).plug(office, "fe80::b/64")
        box2 = self.host("box2", ipv6=True).plug(lab, "fe80::b/64")
        servers = {"eth0": self.serve(box1), "eth1": self.serve(box2)}

        search = self.find_more(alice, "until", 2)
        self.assertEqual(search.hosts(), ["fe80::b%eth0", "fe80::b%eth1"], search.text)
        for interface, server in servers.items():
            self.assertEqual([each["id"] for each in search.servers if each["host"] == f"fe80::b%{interface}"], [server.id])
            self.assertGreater(int(search.probe(interface, "multicast")["replies"]), 0, search.text)
            typed = self.find_first(alice, "at", f"[fe80::b%{interface}]:{server.tcp}")
            self.assertEqual([each["id"] for each in typed.servers], [server.id])
            server.stop()

        # And one server may serve its address on both.
        both = self.serve(alice, "--bind", "fe80::a%eth0", "--bind", "fe80::a%eth1")
        for box in (box1, box2):
            self.assert_found(self.find_first(box), "fe80::a%eth0")
            self.assert_connects(box, "fe80::a%eth0", both.tcp)

    def test_both_families_are_one_server(self):
        lan = self.switch("lan")
        alice = self.host("alice", ipv6=True).plug(lan, "10.77.1.1/24")
        alice.ip("addr", "add", "fe80::a/64", "dev", "eth0", "nodad")
        box = self.host("box", ipv6=True).plug(lan, "10.77.1.2/24")
        box.ip("addr", "add", "fe80::b/64", "dev", "eth0", "nodad")
        box.ip("addr", "add", "fd77::b/64", "dev", "eth0", "nodad")
        both = self.serve(box)

        # An address that can be told to others is the better one.
        search = self.find(alice)
        self.assert_found(search, "10.77.1.2")
        for kind in ("interface", "multicast"):
            self.assertGreater(int(search.probe("eth0", kind)["replies"]), 0, search.text)
        both.stop()

        # One that serves IPv6 alone is found, and answers from where it can be connected to.
        server = self.serve(box, "--bind", "fe80::b%eth0")
        search = self.find_first(alice)
        self.assert_found(search, "fe80::b%eth0")
        self.assert_connects(alice, "fe80::b%eth0", server.tcp)
        self.assertEqual(search.probe("eth0", "interface")["replies"], "0")


if __name__ == "__main__":
    main()
