# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A virtual LAN: hosts are network namespaces, wires are veth pairs, switches are bridges in the namespace the test runs in.

To be used inside of isolation.enter(): nothing here reaches the machine's own network, and everything goes when the test program ends."""

import ctypes
import os
import subprocess

from .isolation import ip

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def _set_namespace(fd):
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Host:
    """A computer. What is done inside of `with host:` is done on it: programs started there stay there, sockets opened there are its."""

    def __init__(self, name):
        self.name = name
        self._process = subprocess.Popen(
            ["unshare", "--net", "--", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        if self._process.stdout.readline() != b"up\n":
            raise AssertionError(f"{name}: no network namespace")
        self._own = os.open(f"/proc/{self._process.pid}/ns/net", os.O_RDONLY)
        self._outer = None
        self._plugs = []

    def __enter__(self):
        self._outer = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        _set_namespace(self._own)
        return self

    def __exit__(self, *_):
        _set_namespace(self._outer)
        os.close(self._outer)

    def ip(self, *args):
        with self:
            ip(*args)

    def plug(self, switch, address=None, interface="eth0"):
        """A wire to @switch. @address is as ip(8) takes it: "10.77.1.1/24"; None: the interface is up without one."""
        ip("link", "add", f"{self.name}-{interface}", "type", "veth", "peer", "name", interface, "netns", str(self._process.pid))
        self._plugs.append(f"{self.name}-{interface}")
        ip("link", "set", f"{self.name}-{interface}", "master", switch.name, "up")
        if address:
            self.ip("addr", "add", address, "brd", "+", "dev", interface)
        self.ip("link", "set", interface, "up")
        return self

    def unplug(self, interface="eth0"):
        """The cable: the interface stays up, without a carrier."""
        ip("link", "set", f"{self.name}-{interface}", "down")

    def isolate(self, interface="eth0"):
        """As an access point with client isolation does: it and others that are isolated do not reach each other."""
        subprocess.run(["bridge", "link", "set", "dev", f"{self.name}-{interface}", "isolated", "on"], check=True, timeout=20)

    def close(self):
        # They would go with the namespace, but the kernel takes its time with that, and the next host may have this one's name.
        for plug in self._plugs:
            ip("link", "del", plug)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        os.close(self._own)


class Switch:
    """@router: an address of the test's own namespace on it, which routes between its switches."""

    def __init__(self, name, router=None):
        self.name = name
        ip("link", "add", name, "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0")
        if router:
            ip("addr", "add", router, "brd", "+", "dev", name)
            with open("/proc/sys/net/ipv4/ip_forward", "w", encoding="ascii") as knob:
                knob.write("1")
        ip("link", "set", name, "up")

    def close(self):
        ip("link", "del", self.name)
