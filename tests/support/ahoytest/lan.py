# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A virtual LAN: hosts are network namespaces, wires are veth pairs, switches are bridges in the namespace the test runs in.

To be used inside of isolation.enter(): nothing here reaches the machine's own network, and everything goes when the test program ends."""

import ctypes
import json
import os
import subprocess
import time

from .isolation import ip

CLONE_NEWNET = 0x40000000
CARRIER_SECONDS = 30
libc = ctypes.CDLL(None, use_errno=True)


def _set_namespace(fd):
    if libc.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _show(interface):
    """What ip(8) knows of it."""
    done = subprocess.run(
        ["ip", "-json", "-details", "link", "show", "dev", interface], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=20
    )
    [facts] = json.loads(done.stdout)
    return facts


def _wait_until(what, is_so):
    end = time.monotonic() + CARRIER_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"not within {CARRIER_SECONDS} s: {what}")
        time.sleep(0.005)


class Host:
    """A computer. What is done inside of `with host:` is done on it: programs started there stay there, sockets opened there are its."""

    def __init__(self, name, ipv6=False):
        """@ipv6: with it; an interface has the addresses that it is given, and from the first moment."""
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
        if os.path.exists("/proc/sys/net/ipv6"):
            knobs = {"default/addr_gen_mode": 1, "default/accept_dad": 0} if ipv6 else {"all/disable_ipv6": 1}
            for knob, value in knobs.items():
                self.set(f"ipv6/conf/{knob}", value)

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

    def set(self, knob, value):
        """One of /proc/sys/net."""
        with self:
            with open(f"/proc/sys/net/{knob}", "w", encoding="ascii") as file:
                file.write(str(value))

    def plug(self, switch, address=None, interface="eth0"):
        """A wire to @switch. @address is as ip(8) takes it: "10.77.1.1/24", "fe80::1/64"; None: the interface is up without one."""
        ip("link", "add", f"{self.name}-{interface}", "type", "veth", "peer", "name", interface, "netns", str(self._process.pid))
        self._plugs.append(f"{self.name}-{interface}")
        ip("link", "set", f"{self.name}-{interface}", "master", switch.name, "up")
        if address:
            self.ip("addr", "add", address, "dev", interface, *(("nodad",) if ":" in address else ("brd", "+")))
        self.ip("link", "set", interface, "up")
        # The kernel takes note of a carrier on a thread of its own, and until then neither end forwards what it is given.
        _wait_until(f"{self.name}'s {interface} is in use", lambda: self._runs(interface) and self._is_forwarded(interface))
        return self

    def _runs(self, interface):
        with self:
            return _show(interface)["operstate"] == "UP"

    def _is_forwarded(self, interface):
        facts = _show(f"{self.name}-{interface}")
        return facts["operstate"] == "UP" and facts["linkinfo"]["info_slave_data"]["state"] == "forwarding"

    def unplug(self, interface="eth0"):
        """The cable: the interface stays up, without a carrier."""
        ip("link", "set", f"{self.name}-{interface}", "down")
        _wait_until(f"{self.name} has noticed that {interface} is unplugged", lambda: not self._runs(interface))

    def replug(self, interface="eth0", address=None):
        """After unplug()."""
        ip("link", "set", f"{self.name}-{interface}", "up")
        if address:
            self.ip("addr", "add", address, "dev", interface, *(("nodad",) if ":" in address else ("brd", "+")))
        _wait_until(f"{self.name}'s {interface} is in use", lambda: self._runs(interface) and self._is_forwarded(interface))

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
