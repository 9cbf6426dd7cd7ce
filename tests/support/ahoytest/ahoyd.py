# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A real ahoyd, started on any free port and known to be serving."""

import os
import re
import select
import signal

from .process import PATIENCE, Process

# What people may say a second. Programs are faster.
NO_RATES = ("--rate", "0", "--rate-bytes", "0")
# For tests in which one address is everybody, or which load the server.
NO_LIMITS = (
    *("--max-pending-per-address", "0", "--max-clients-per-address", "0"),
    *("--failed-logins-per-minute", "0", "--names-per-key", "0"),
    *NO_RATES,
)

STARTUP_SECONDS = 30 * PATIENCE


def program():
    try:
        return os.environ["AHOYD"]
    except KeyError:
        raise SystemExit("AHOYD must name the ahoyd to test (meson test sets it)") from None


class Ahoyd(Process):
    """`tcp` and `udp` are its ports, `id` is its id, `data_dir` is its folder. The data directory is made in @directory unless the options name one.
    @clock: a Clock that it lives by, now and whenever it is set. Nobody is held up for talking as fast as programs do, unless the options name
    a rate or it serves @as_shipped."""

    def __init__(self, directory, *options, name="ahoyd", port=0, env=None, clock=None, as_shipped=False):
        options = [*(() if as_shipped else NO_RATES), *(str(option) for option in options)]
        if port is not None:
            options = ["--port", str(port), *options]
        if "--data-dir" not in options:
            options += ["--data-dir", os.path.join(directory, name + "-data")]
        self.data_dir = options[options.index("--data-dir") + 1]
        reader, writer = os.pipe()
        try:
            super().__init__(
                [program(), "--ready-fd", str(writer), *options],
                os.path.join(directory, name + ".log"),
                env={**os.environ, **(clock.environment() if clock else {}), **(env or {})},
                pass_fds=(writer,),
            )
        finally:
            os.close(writer)
        with os.fdopen(reader, "rb") as ready:
            self.ready_line = self._read_line(ready)
        match = re.fullmatch(rb"tcp=(\d+) udp=(\d+) id=([a-z2-7]{26}) tls=1\n", self.ready_line)
        if not match:
            self.kill()
            raise AssertionError(f"ahoyd is not serving: ready line {self.ready_line!r}\n{self.log()}")
        self.tcp, self.udp, self.id = int(match[1]), int(match[2]), match[3].decode()

    @staticmethod
    def _read_line(ready):
        line = b""
        while not line.endswith(b"\n") and select.select([ready], [], [], STARTUP_SECONDS)[0]:
            byte = os.read(ready.fileno(), 1)
            if not byte:
                break
            line += byte
        return line

    def interrupt(self):
        self.signal(signal.SIGINT)
