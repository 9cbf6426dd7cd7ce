# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Runs a test program alone: nothing it sends can leave, nothing it starts can stay.

enter() starts the program again in fresh network, process and mount namespaces: the network has only lo (127.0.0.0/8, ::1), and
when the program ends, however it ends, the kernel ends everything it had started."""

import os
import subprocess
import sys

MARK = "AHOY_TEST_OUTER_NETWORK"
NO_SYSTEM_BUS = "unix:path=/nonexistent/tests-have-no-system-bus"


def network_id():
    return os.readlink("/proc/self/ns/net")


def enter():
    """Returns inside the namespaces; outside of them it does not return."""
    # People who are not root do not always have those in their path that only root may use elsewhere: bridge, nft.
    os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    # A bus is no network, and who is asked there may talk on the machine's own. Name servers are not asked either.
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = NO_SYSTEM_BUS
    os.environ["LOCALDOMAIN"] = ""
    outer = os.environ.get(MARK)
    if outer is None:
        os.environ[MARK] = network_id()
        unshare = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if os.geteuid() != 0:
            unshare += ["--user", "--map-root-user"]
        sys.stdout.flush()
        os.execvp(unshare[0], [*unshare, "--", sys.executable, *sys.argv])
    if outer == network_id():
        sys.exit(f"{MARK} is set, yet this is the outer network: refusing to send anything")
    ip("link", "set", "lo", "up")


def ip(*args):
    """Changes the private network, e.g. ip("addr", "add", "10.77.1.1/24", "dev", "eth0")."""
    subprocess.run(["ip", *args], check=True, stdin=subprocess.DEVNULL, timeout=20)


def add_interface(name, address):
    """One more interface with a broadcast address ("10.77.1.1/24"). What is broadcast there comes back to all sockets in the namespace."""
    peer = name + "p"
    ip("link", "add", name, "type", "veth", "peer", "name", peer)
    for each in (name, peer):
        dad = f"/proc/sys/net/ipv6/conf/{each}/accept_dad"
        if os.path.exists(dad):  # where there is IPv6
            with open(dad, "w", encoding="ascii") as knob:
                knob.write("0")
    ip("addr", "add", address, "brd", "+", "dev", name)
    ip("link", "set", peer, "up")
    ip("link", "set", name, "up")
