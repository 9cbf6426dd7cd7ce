#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Discovery: where answers come from and go to, how many there are, and servers that share a port. PROTOCOL.md, "Discovery"."""

import select
import socket
import struct
import time

from ahoytest import CLASSIC_REQUEST, RawClient, SystemTest, main
from ahoytest.discovery import THIS_COMPUTER
from ahoytest.isolation import add_interface, ip

REPLIES_PER_SECOND = 20


def forged_datagram(source_port, target_port, payload):
    """A UDP datagram (no checksum, which IPv4 allows) for a raw socket."""
    return struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0) + payload


class Replies(SystemTest):
    def test_a_reply_comes_from_the_address_that_was_asked(self):
        add_interface("eth7", "10.77.7.1/24")
        ip("addr", "add", "10.77.7.2/24", "dev", "eth7")
        server = self.start_server()
        for host in ("127.0.0.1", "127.0.0.7", "10.77.7.1", "10.77.7.2"):
            with self.subTest(host=host):
                asker = self.asker(source="127.0.0.9" if host.startswith("127.") else "10.77.7.1")
                asker.send(CLASSIC_REQUEST, server.udp, host)
                reply = asker.receive()
                self.assertEqual(reply, (str(server.tcp).encode(), (host, server.udp)))

    def test_a_reply_to_a_broadcast_comes_from_an_address_that_can_be_called(self):
        server = self.start_server()
        asker = self.asker()
        asker.send(CLASSIC_REQUEST, server.udp, THIS_COMPUTER)
        port, (host, _) = asker.receive()
        client = RawClient(int(port), host=host)
        self.addCleanup(client.close)
        self.assertEqual(client.log_in("alice"), [])

    def test_two_servers_share_the_port(self):
        servers = [self.start_server("--name", "one"), self.start_server("--name", "two")]
        self.assertEqual(servers[0].udp, servers[1].udp)
        asker = self.asker()
        asker.send(CLASSIC_REQUEST, servers[0].udp, THIS_COMPUTER)
        replies = {int(asker.receive()[0]) for _ in servers}
        self.assertEqual(replies, {server.tcp for server in servers})

    def test_no_discovery(self):
        server = self.start_server("--no-discovery")
        self.assertEqual(server.udp, 0)
        asker = self.asker()
        asker.socket.connect(("127.0.0.1", 24690))
        asker.socket.send(CLASSIC_REQUEST)
        with self.assertRaises(ConnectionRefusedError):  # nothing is bound there: the kernel says so
            asker.socket.settimeout(20)
            asker.socket.recv(100)
        self.assert_serving(server)

    def test_another_discovery_port(self):
        server = self.start_server("--discovery-port", "31234")
        self.assertEqual(server.udp, 31234)
        self.assertEqual(self.asker().ask(CLASSIC_REQUEST, 31234), str(server.tcp).encode())


class Floods(SystemTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.neighbours = 0

    def burst(self, askers, each):
        """(begin, end, replies): within these seconds the server dealt with so many requests of @askers, and so many it answered."""
        begin = time.monotonic()
        for asker in askers:
            for _ in range(each):
                asker.send(CLASSIC_REQUEST, self.server.udp)
        # Neighbours ask last, each time others. All go to one socket: what was asked before has its answer, or will have none. One neighbour
        # would not do, for the server keeps no books about everybody: some share their twenty with somebody else.
        self.neighbours += 1
        neighbours = [self.asker(source=f"127.0.{street}.{self.neighbours}") for street in (1, 2, 3)]
        for neighbour in neighbours:
            neighbour.send(CLASSIC_REQUEST, self.server.udp)
        self.assertTrue(select.select([neighbour.socket for neighbour in neighbours], [], [], 60)[0], "other hosts are answered")
        return begin, time.monotonic(), sum(len(asker.receive_all(0)) for asker in askers)

    def assert_in_bounds(self, begin, end, replies):
        """However long it took."""
        self.assertLessEqual(replies, REPLIES_PER_SECOND * (int(end - begin) + 1))

    def test_twenty_replies_a_second_to_one_source(self):
        flood = [self.asker()]
        bursts = []
        while not bursts or bursts[-1][1] - bursts[0][0] < 3:
            bursts.append(self.burst(flood, 60))
            time.sleep(0.2)
        self.assertGreaterEqual(bursts[0][2], REPLIES_PER_SECOND, "a burst of some requests is normal and is answered")
        for i, (begin, _, _) in enumerate(bursts):
            replies = 0
            for _, end, more in bursts[i:]:
                replies += more
                self.assert_in_bounds(begin, end, replies)
        self.assertGreater(sum(replies for _, _, replies in bursts), REPLIES_PER_SECOND, "after a second there are more")

    def test_other_ports_are_the_same_source_and_other_hosts_are_not(self):
        begin, end, replies = self.burst([self.asker() for _ in range(10)], 5)
        self.assert_in_bounds(begin, end, replies)
        self.assertGreater(replies, 0)

    def test_never_to_port_zero_nor_to_itself(self):
        server = self.start_server()
        sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.addCleanup(sniffer.close)
        sniffer.bind(("lo", 0))
        sniffer.settimeout(20)
        forger = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
        self.addCleanup(forger.close)
        for port in (0, server.udp):
            forger.sendto(forged_datagram(port, server.udp, CLASSIC_REQUEST), ("127.0.0.1", 0))
        asker = self.asker()
        asker.send(CLASSIC_REQUEST, server.udp)
        own_port = asker.socket.getsockname()[1]
        answered = None
        while answered != own_port:  # the good request came last: once it is answered the others would have been
            packet = sniffer.recv(2048)
            if packet[9] != socket.IPPROTO_UDP:
                continue
            datagram = packet[(packet[0] & 15) * 4 :]
            source, answered = struct.unpack("!HH", datagram[:4])
            if datagram[8:] == str(server.tcp).encode() and source == server.udp:
                self.assertEqual(answered, own_port)
            else:
                answered = None


if __name__ == "__main__":
    main()
