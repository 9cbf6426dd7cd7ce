# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A real Avahi on a host of a virtual LAN, on a system bus of its own.

To be used inside of isolation.enter(). Several may run at one time: each has a /run of its own, in which it keeps what it would keep there."""

import os
import select
import subprocess

from .process import PATIENCE, Process

START_SECONDS = 30 * PATIENCE

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="signal"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
  </policy>
</busconfig>
"""

DAEMON = """[server]
host-name={name}
use-ipv4=yes
use-ipv6={ipv6}
enable-dbus=yes
[publish]
publish-hinfo=no
publish-workstation=no
[reflector]
enable-reflector={reflector}
[rlimits]
"""


class Avahi:
    """`address` is the bus's, for DBUS_SYSTEM_BUS_ADDRESS. To be made inside of `with host:`."""

    def __init__(self, directory, name, ipv6=False, reflector=False):
        self.directory, self.name = directory, name
        self.address = f"unix:path={directory}/{name}-bus"
        self._config = self._write("avahi.conf", DAEMON.format(name=name, ipv6=_word(ipv6), reflector=_word(reflector)))
        bus = self._write("bus.conf", BUS.format(socket=f"{directory}/{name}-bus"))
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={bus}", "--nofork", "--nopidfile", "--print-address=1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # that it may not raise its limit of files
        )
        if not select.select([self._bus.stdout], [], [], START_SECONDS)[0] or not self._bus.stdout.readline():
            raise AssertionError(f"{name}: no bus")
        self.start()

    def start(self):
        """It and its host's name are there a second later."""
        daemon = f"exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f {self._config}"
        self.process = Process(
            ["unshare", "--mount", "--", "sh", "-c", f"mount -t tmpfs ahoytest /run && mkdir /run/avahi-daemon && {daemon}"],
            os.path.join(self.directory, f"{self.name}-avahi.log"),
            env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address},
        )

    def stop(self):
        self.process.stop()

    def environment(self):
        return {"DBUS_SYSTEM_BUS_ADDRESS": self.address}

    def close(self):
        self.process.stop()
        self._bus.kill()
        self._bus.wait()
        self._bus.stdout.close()

    def _write(self, name, text):
        path = os.path.join(self.directory, f"{self.name}-{name}")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path


def _word(yes):
    return "yes" if yes else "no"
