#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""One address does not take all places, and one IPv6 host not its network's. PROTOCOL.md, "Connections"."""

from ahoytest import SystemTest, main


class Places(SystemTest):
    def test_an_address_has_so_many(self):
        server = self.start_server("--max-clients-per-address", "3")
        people = self.gather(server, "alice", "bob", "carol")
        fourth = self.connect_extended(server)
        fourth.send_log_in("dave")
        fourth.expect_turned_out("busy")
        classic = self.connect(server)
        classic.send_frame("1", "dave")
        self.assertIn("your address", classic.expect_turned_out())

        # Others have theirs.
        elsewhere = self.log_in(server, "elsewhere", source="127.0.0.2")
        for person in people:
            person.expect_frame("2", "elsewhere")
        # And when somebody leaves there is a place.
        people[0].close()
        elsewhere.expect_frame("3", "alice")
        self.log_in(server, "dave")
        elsewhere.expect_frame("2", "dave")

    def test_a_ghost_needs_none(self):
        server = self.start_server("--max-clients-per-address", "1")
        key = self.make_identity("alice")
        alice = self.enter(server, "alice", tls=key)
        again = self.enter(server, "alice", tls=key)
        alice.expect_turned_out("replaced")
        # Their place is no second one.
        other = self.connect_extended(server, tls=key)
        other.send_log_in("another")
        other.expect_packet("0", reason="full")
        self.assertEqual(again.barrier(), [])

    def test_no_bound(self):
        server = self.start_server("--max-clients-per-address", "0", "--max-pending-per-address", "0")
        people = [self.connect(server) for _ in range(600)]
        for i, person in enumerate(people):
            person.send_frame("1", f"{i:03}")
        watcher = self.log_in(server, "watcher", source="127.0.0.2")
        watcher.close()

    def test_one_ipv6_host_is_not_its_network(self):
        """Loopback has but one IPv6 address, so what a /64 may is for tests/server/test-address-limits.c; that the address counts is seen here."""
        server = self.start_server("--max-clients-per-address", "2")
        self.log_in(server, "alice", host="::1")
        self.log_in(server, "bob", host="::1")
        third = self.connect(server, host="::1")
        third.send_frame("1", "carol")
        third.expect_turned_out()
        self.log_in(server, "carol")


if __name__ == "__main__":
    main()
