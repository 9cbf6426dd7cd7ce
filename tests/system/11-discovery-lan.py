#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The client's search and real servers on LANs of several shapes. PROTOCOL.md, "Discovery"."""

import errno
import os
import subprocess

from ahoytest import main
from ahoytest.search import PORT, LanTest


class Lan(LanTest):
    def test_one_lan(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        box = self.host("box").plug(lan, "10.77.1.2/24")
        server = self.serve(box, "--name", "The Library")

        search = self.find(alice)
        self.assert_found(search, "10.77.1.2")
        self.assertEqual(search.servers[0]["port"], str(server.tcp))
        self.assertEqual(search.names(), ["The Library"])
        self.assertEqual(search.servers[0]["extended"], "1")
        eth0 = search.probe("eth0")
        self.assertEqual((eth0["address"], eth0["target"], eth0["error"], eth0["echo"]), ("10.77.1.1", "10.77.1.255", "0", "1"))
        self.assertGreater(int(eth0["replies"]), 0)
        self.assertEqual(search.probe("lo")["replies"], "0")

    def test_no_default_route_and_one(self):
        lan = self.switch("lan", router="10.77.1.254/24")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))

        search = self.find(alice)
        self.assert_found(search, "10.77.1.2")
        self.assertEqual((search.limited()["sent"], search.limited()["error"]), ("0", str(errno.ENETUNREACH)))

        alice.ip("route", "add", "default", "via", "10.77.1.254")
        search = self.find(alice)
        self.assert_found(search, "10.77.1.2")
        self.assertGreater(int(search.limited()["sent"]), 0)
        self.assertEqual(search.limited()["error"], "0")

    def test_two_interfaces_on_two_subnets(self):
        office, lab = self.switch("office"), self.switch("lab")
        alice = self.host("alice").plug(office, "10.77.1.1/24").plug(lab, "10.77.2.1/24", "eth1")
        self.serve(self.host("box1").plug(office, "10.77.1.2/24"), "--name", "Office")
        self.serve(self.host("box2").plug(lab, "10.77.2.2/24"), "--name", "Lab")

        search = self.find_more(alice)
        self.assert_found(search, "10.77.1.2", "10.77.2.2")
        self.assertEqual(search.names(), ["Lab", "Office"])
        for interface in ("eth0", "eth1"):
            self.assertGreater(int(search.probe(interface)["replies"]), 0, search.text)

    def test_one_server_seen_over_two_interfaces(self):
        office, lab = self.switch("office"), self.switch("lab")
        alice = self.host("alice").plug(office, "10.77.1.1/24").plug(lab, "10.77.2.1/24", "eth1")
        self.serve(self.host("box").plug(office, "10.77.1.2/24").plug(lab, "10.77.2.2/24", "eth1"))

        search = self.find_more(alice)
        self.assertEqual(len(search.servers), 1, search.text)
        self.assertIn(search.hosts()[0], ("10.77.1.2", "10.77.2.2"))
        for interface in ("eth0", "eth1"):
            self.assertGreater(int(search.probe(interface)["replies"]), 0, search.text)

    def test_two_interfaces_on_one_lan(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24").plug(lan, "10.77.1.101/24", "wlan0")
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))

        search = self.find_more(alice)
        self.assert_found(search, "10.77.1.2")
        for interface in ("eth0", "wlan0"):
            self.assertGreater(int(search.probe(interface)["sent"]), 0, search.text)

    def test_two_servers_on_one_lan(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        self.serve(self.host("box1").plug(lan, "10.77.1.2/24"))
        self.serve(self.host("box2").plug(lan, "10.77.1.3/24"))

        self.assert_found(self.find_more(alice), "10.77.1.2", "10.77.1.3")
        first = self.find_more(alice, "last", "10.77.1.3", PORT)
        self.assert_found(first, "10.77.1.2", "10.77.1.3")
        self.assertEqual([(server["host"], server["last-used"]) for server in first.servers], [("10.77.1.3", "1"), ("10.77.1.2", "0")])

    def test_two_servers_on_one_host(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        box = self.host("box").plug(lan, "10.77.1.2/24")
        servers = [self.serve(box, port=0), self.serve(box, port=0)]

        search = self.find_more(alice)
        self.assert_found(search, "10.77.1.2", "10.77.1.2")
        self.assertEqual({int(server["port"]) for server in search.servers}, {server.tcp for server in servers})

        # Unicast reaches only one of the two; either is found by its port all the same.
        for server in servers:
            typed = self.find(alice, "at", f"10.77.1.2:{server.tcp}")
            self.assert_found(typed, "10.77.1.2")
            self.assertEqual(typed.servers[0]["port"], str(server.tcp))

    def test_this_computer_with_nothing_but_loopback(self):
        alone = self.host("alone")
        self.serve(alone)

        search = self.find(alone)
        self.assert_found(search, "127.0.0.1")
        self.assertGreater(int(search.probe("lo")["replies"]), 0)

    def test_this_computer_on_a_lan(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        self.serve(alice)
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))

        self.assert_found(self.find_more(alice), "127.0.0.1", "10.77.1.2")

    def test_dead_interfaces_do_not_disturb(self):
        lan, other, dead = self.switch("lan"), self.switch("other"), self.switch("dead")
        alice = self.host("alice").plug(lan, "10.77.1.1/24").plug(other, "10.77.2.1/24", "eth1").plug(dead, "10.77.3.1/24", "eth2")
        alice.ip("link", "set", "eth1", "down")
        alice.unplug("eth2")
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))

        search = self.find(alice)
        self.assert_found(search, "10.77.1.2")
        self.assertEqual({probe["interface"] for probe in search.probes}, {"lo", "eth0", "-"})

    def test_other_netmasks(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.2.1/23")
        self.serve(self.host("box").plug(lan, "10.77.3.200/23"))

        search = self.find(alice)
        self.assert_found(search, "10.77.3.200")
        self.assertEqual(search.probe("eth0")["target"], "10.77.3.255")

    def test_a_netmask_that_is_wrong(self):
        """The server takes 10.77.255.255 for somebody else's address: only 255.255.255.255 out of that interface reaches it."""
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/16")
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))

        self.assert_found(self.find(alice), "10.77.1.2")

    def test_unicast_crosses_subnets(self):
        office, lab = self.switch("office", router="10.77.1.254/24"), self.switch("lab", router="10.77.2.254/24")
        alice = self.host("alice").plug(office, "10.77.1.1/24")
        alice.ip("route", "add", "default", "via", "10.77.1.254")
        box = self.host("box").plug(lab, "10.77.2.2/24")
        box.ip("route", "add", "default", "via", "10.77.2.254")
        server = self.serve(box)

        none = self.search(alice)
        self.assert_none(none, "no-server")
        self.assertEqual(none.probe("eth0")["echo"], "1")

        typed = self.find(alice, "at", "10.77.2.2")
        self.assert_found(typed, "10.77.2.2")
        self.assertEqual(typed.servers[0]["port"], str(server.tcp))
        self.assertEqual(typed.servers[0]["extended"], "1")

        remembered = self.find(alice, "last", "10.77.2.2", server.tcp, typed.servers[0]["id"])
        self.assert_found(remembered, "10.77.2.2")
        self.assertEqual(remembered.servers[0]["last-used"], "1")

    def stay_online(self, host, address, name, *more):
        """Somebody who is there. Returns what they say of it."""
        with host:
            person = subprocess.Popen(
                [os.environ["STAY_ONLINE"], str(PORT), address, name, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        self.addCleanup(person.stdout.close)
        self.addCleanup(person.wait, 60)
        self.addCleanup(person.stdin.close)
        return person.stdout.readline().strip()

    def test_a_neighbour_knows_the_server_of_another_subnet(self):
        office, lab = self.switch("office", router="10.77.1.254/24"), self.switch("lab", router="10.77.2.254/24")
        people = [self.host(name).plug(office, f"10.77.1.{i}/24") for i, name in enumerate(("alice", "carol", "dave", "erin"), 1)]
        for person in people:
            person.ip("route", "add", "default", "via", "10.77.1.254")
        alice, carol, dave, erin = people
        box = self.host("box").plug(lab, "10.77.2.2/24")
        box.ip("route", "add", "default", "via", "10.77.2.254")
        server = self.serve(box, "--name", "The Lab")
        cellar = self.host("cellar").plug(lab, "10.77.2.3/24")
        cellar.ip("route", "add", "default", "via", "10.77.2.254")
        self.serve(cellar, "--neighbours", "false")

        # Neither who does not want to help does, nor who is on a server that wants to stay unknown.
        self.assertEqual(self.stay_online(dave, "10.77.2.2", "dave", "silent"), "online secure=1 listens=0")
        self.assertEqual(self.stay_online(erin, "10.77.2.3", "erin"), "online secure=1 listens=0")
        self.assertEqual(self.stay_online(carol, "10.77.2.2", "carol"), "online secure=1 listens=1")

        search = self.find(alice)
        self.assert_found(search, "10.77.2.2")
        told = search.servers[0]
        self.assertEqual((told["port"], told["name"], told["users"]), (str(server.tcp), "The Lab", "2"))
        [neighbours] = [probe for probe in search.probes if probe["kind"] == "neighbours"]
        self.assertEqual(neighbours["replies"], "1", search.text)
        # What was told is where the server is: it proves there that it is the one.
        self.assertEqual(self.stay_online(alice, f"{told['host']}:{told['port']}", "alice"), "online secure=1 listens=1")

    def test_an_isolating_access_point(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        box = self.host("box").plug(lan, "10.77.1.2/24")
        self.serve(box)
        alice.isolate()
        box.isolate()

        self.assert_none(self.search(alice), "no-server")

    def test_a_firewall_on_this_computer(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        self.serve(self.host("box").plug(lan, "10.77.1.2/24"))
        self.wall(alice, f"type filter hook output priority 0; udp dport {PORT} drop")

        search = self.search(alice)
        self.assert_none(search, "send-blocked")
        self.assertEqual((search.probe("eth0")["sent"], search.probe("eth0")["error"]), ("0", str(errno.EPERM)))

    def test_a_firewall_that_lets_out_but_not_in(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/28")
        self.serve(self.host("box").plug(lan, "10.77.1.2/28"))
        self.wall(alice, "type filter hook input priority 0; meta l4proto udp drop")

        search = self.search(alice)
        self.assert_none(search, "receive-blocked")
        eth0 = search.probe("eth0")
        self.assertEqual((eth0["error"], eth0["echo"], eth0["trial"]), ("0", "0", "sent"))
        self.assertGreater(int(eth0["sent"]), 0)

        # What the page tells people to do is what the trial shows, whether or not somebody is there.
        self.wall(alice, f"type filter hook input priority -1; udp sport {PORT} accept; meta l4proto udp drop", table="other")
        with alice:
            subprocess.run(["nft", "delete", "table", "ip", "wall"], check=True, timeout=20)
        self.assert_found(self.find(alice), "10.77.1.2")

    def test_a_firewall_that_watches_connections(self):
        """The answer to a broadcast is nothing it knows; the answer of one that was asked by its address is."""
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        self.serve(self.host("box").plug(lan, "10.77.1.202/24"))
        self.wall(alice, f"type filter hook input priority 0; ct state established,related accept; udp dport {PORT} accept; meta l4proto udp drop")

        search = self.find(alice)
        self.assert_found(search, "10.77.1.202")
        eth0, one_by_one = search.probe("eth0"), search.sweep("10.77.1.0/24")
        # Its own question came back, for that port is open; its own answer did not.
        self.assertEqual((eth0["echo"], eth0["trial"], eth0["replies"]), ("1", "sent", "0"))
        self.assertGreaterEqual(int(one_by_one["replies"]), 1)
        self.assertGreaterEqual(int(one_by_one["sent"]), 200)

    def test_a_firewall_on_the_servers_computer(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/29")
        box = self.host("box").plug(lan, "10.77.1.2/29")
        self.serve(box)
        self.wall(box, f"type filter hook input priority 0; udp dport {PORT} drop")

        search = self.search(alice)
        self.assert_none(search, "no-server")
        self.assertEqual(search.probe("eth0")["trial"], "heard")
        # All but its own, the subnet's and the broadcast address.
        self.assertEqual((search.sweep("10.77.1.0/29")["sent"], search.sweep("10.77.1.0/29")["replies"]), ("5", "0"))

    def test_only_small_subnets_are_asked_one_by_one(self):
        lan, other, third = self.switch("lan"), self.switch("other"), self.switch("third")
        alice = self.host("alice").plug(lan, "10.77.2.1/23").plug(other, "10.78.1.8/31", "eth1").plug(third, "10.79.1.1/32", "eth2")

        search = self.search(alice)
        self.assert_none(search, "no-server")
        self.assertEqual([(probe["target"], probe["sent"]) for probe in search.probes if probe["kind"] == "sweep"], [("10.78.1.8/31", "1")])

    def test_no_cable(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan, "10.77.1.1/24")
        alice.unplug()

        self.assert_none(self.search(alice), "no-network")

    def test_no_address(self):
        lan = self.switch("lan")
        alice = self.host("alice").plug(lan)

        search = self.search(alice)
        self.assert_none(search, "no-address")
        eth0 = search.probe("eth0")
        self.assertEqual((eth0["address"], eth0["target"], eth0["sent"]), ("-", "-", "0"))


if __name__ == "__main__":
    main()
