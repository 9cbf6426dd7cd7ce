# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""One person's desktop: a display, a session bus with accessibility and notifications, and a home."""

import fcntl
import os
import shutil
import subprocess

from ahoytest import Process

from .bus import Bus
from .notifications import Notifications
from .screen import Screen

X_SOCKETS = "/tmp/.X11-unix"
KEPT = (
    *("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GSETTINGS_SCHEMA_DIR"),
    *("AHOY_AHOYD", "AHOY_LOCALEDIR", "DBUS_SYSTEM_BUS_ADDRESS", "LOCALDOMAIN"),
)
SETTINGS = "[Settings]\ngtk-enable-animations=0\ngtk-cursor-blink=0\n"


def hide_other_displays():
    """Display numbers of our own: inside our mount namespace nobody else's sockets are seen, and -nolock leaves /tmp's lock files alone,
    whose process ids mean nothing here."""
    os.makedirs(X_SOCKETS, mode=0o1777, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "ahoytest", X_SOCKETS], check=True, timeout=20)


class Desktop:
    def __init__(self, directory, size=(1280, 900), language="C.UTF-8"):
        self.directory = directory
        self.size = size
        self.processes = []
        runtime, home = os.path.join(directory, "run"), os.path.join(directory, "home")
        for folder in ("config/gtk-4.0", "data", "cache", "state"):
            os.makedirs(os.path.join(home, folder), exist_ok=True)
        os.makedirs(runtime, mode=0o700, exist_ok=True)
        with open(os.path.join(home, "config/gtk-4.0/settings.ini"), "w", encoding="ascii") as settings:
            settings.write(SETTINGS)
        self.environment = {key: os.environ[key] for key in KEPT if key in os.environ}
        self.environment.update(
            {
                "HOME": home,
                "XDG_CONFIG_HOME": home + "/config",
                "XDG_DATA_HOME": home + "/data",
                "XDG_CACHE_HOME": home + "/cache",
                "XDG_STATE_HOME": home + "/state",
                "XDG_RUNTIME_DIR": runtime,
                "TMPDIR": directory,
                "LANG": "C.UTF-8",
                "LANGUAGE": language,
                "GDK_BACKEND": "x11",
                "GTK_A11Y": "atspi",
                "GSK_RENDERER": "cairo",
                "GIO_USE_VFS": "local",
                "GSETTINGS_BACKEND": "keyfile",
                "GTK_USE_PORTAL": "0",
            }
        )
        if "ASAN_OPTIONS" in self.environment:
            # A window allocates much, and unwinding each time by debug information makes it ten times slower. Leaks are found all the same,
            # with shorter stacks.
            self.environment["ASAN_OPTIONS"] += ":fast_unwind_on_malloc=1"
            # Too short for lsan.supp to know them by: complaints() decides whether a leak is one.
            self.environment["LSAN_OPTIONS"] = self.environment.get("LSAN_OPTIONS", "") + ":exitcode=0"
        self._start_display()
        self.session_address = self._start_session_bus()
        self.notifications = Notifications(self.session_address)
        self.accessibility = self._start_accessibility()
        self.screen = Screen(self.environment)

    def start(self, command, name, pass_fds=(), **environment):
        process = Process(command, os.path.join(self.directory, name + ".log"), env={**self.environment, **environment}, pass_fds=pass_fds)
        self.processes.append(process)
        return process

    def _start_display(self):
        # One after the other: each compiles its keymap into a file named only by the display's number, and in networks of their own the
        # numbers are the same.
        with open(shutil.which("Xvfb"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.environment["DISPLAY"] = ":" + self._start_xvfb()

    def _start_xvfb(self):
        reader, writer = os.pipe()
        server = self.start(
            ["Xvfb", "-nolock", "-displayfd", str(writer), "-screen", "0", "{}x{}x24".format(*self.size), "-nolisten", "tcp", "-noreset"],
            "xvfb",
            pass_fds=(writer,),
        )
        os.close(writer)
        with os.fdopen(reader, encoding="ascii") as ready:
            number = ready.readline().strip()
        if not number:
            raise AssertionError("Xvfb did not start: " + server.log())
        return number

    def _start_session_bus(self):
        address = "unix:path=" + os.path.join(self.environment["XDG_RUNTIME_DIR"], "bus")
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = address
        reader, writer = os.pipe()
        daemon = self.start(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address, f"--print-address={writer}"],
            "dbus",
            pass_fds=(writer,),
        )
        os.close(writer)
        with os.fdopen(reader, encoding="ascii") as ready:
            if not ready.readline():
                raise AssertionError("dbus-daemon did not start: " + daemon.log())
        return address

    def _start_accessibility(self):
        session = Bus(self.session_address)
        address = session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", timeout_ms=30000)[0]
        session.close()
        return Bus(address)

    def close(self):
        self.accessibility.close()
        for process in reversed(self.processes):
            process.stop()
