# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A server to which everything happens that can happen to one: it is killed and ended, its clock is set, its disk fills up, its log is set back.

It keeps count of what may be missing afterwards: what only the set-back log had held (`lost`, texts), and nothing else."""

import contextlib
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import time

from .ahoyd import Ahoyd
from .clock import DAY, Clock
from .process import PATIENCE

LOG = "log.sqlite"
YEAR = 365.25 * DAY
JUMPS = (-10 * YEAR, -400 * DAY, -3600, 0, 3600, 400 * DAY, 10 * YEAR)
DISK_MIB = 64
# Bytes; hundreds of times what it needs. With a sanitizer it keeps what it has freed.
MEMORY_MAX = (128 << 20) * (1 if PATIENCE == 1 else 6)
# What it says of itself when it is allowed to say something.
EXPECTED = {"disk": "full|space|disk|log", "clocks": "clock"}


def texts_of(log):
    """All that a log holds. @log: not in use."""
    database = sqlite3.connect(log)
    try:
        return {text for (text,) in database.execute("SELECT text FROM events")}
    finally:
        database.close()


class TorturedServer:
    """@troubles: which of "clocks", "disk", "restores" and "floods" there are in its life. @tell(port) is called when it comes and goes; the port
    is None then."""

    def __init__(self, directory, random, troubles, options, tell):
        self.directory, self.random, self.troubles, self.options, self.tell = directory, random, troubles, options, tell
        self.clock = Clock(os.path.join(directory, "clock"))
        self.disk = os.path.join(directory, "disk")
        self.data = os.path.join(self.disk, "data")
        self.ballast = os.path.join(self.disk, "ballast")
        self.copies = []
        self.lost = set()
        self.kills = self.stops = self.jumps = self.full_disks = self.restores = 0
        self.peak = 0
        self.problems = []
        os.mkdir(self.disk)
        if "disk" in troubles:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", self.disk], check=True, timeout=20)
        self.process = None
        self.start()

    @property
    def tcp(self):
        return self.process.tcp

    @property
    def udp(self):
        return self.process.udp

    def start(self):
        self.process = Ahoyd(self.directory, "--data-dir", self.data, *self.options, name="ahoyd", clock=self.clock)
        self.tell(self.process.tcp)

    # How it ends

    def kill(self):
        self.kills += 1
        self._look_at_memory()
        self.tell(None)
        self.process.kill()

    def stop(self):
        """In good order, whatever it has to do just then. Its own promise are 5 s; what is looked at is that it ends by itself."""
        self.stops += 1
        self._look_at_memory()
        if (status := self.process.stop()) != 0:
            self.problems.append(f"the server ended with {status}")
        self.tell(None)

    def kill_or_stop(self):
        if self.random.random() < 0.7:
            self.kill()
        else:
            self.stop()

    def end_and_start(self):
        self.kill_or_stop()
        if self.random.random() < 0.3:
            time.sleep(self.random.random() * 0.5)
        self.start()

    def _look_at_memory(self):
        try:
            with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                self.peak = max(self.peak, 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]))
        except (OSError, TypeError):
            self.problems.append("the server ended by itself")

    # What happens to it

    def jump(self):
        """Its clock is set to what it is not, or right again, while it runs or while it does not."""
        self.jumps += 1
        offset = self.random.choice(JUMPS)
        if self.random.random() < 0.5:
            self.clock.set(offset)
        else:
            self.kill_or_stop()
            self.clock.set(offset)
            self.start()

    def fill_disk(self):
        """Or empty it, when it is full. Half of the time it has to start so."""
        if os.path.exists(self.ballast):
            self.empty_disk()
            return
        self.full_disks += 1
        state = os.statvfs(self.disk)
        leave = self.random.choice((0, 4096, 100000, 300000))
        with open(self.ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):  # the server writes as well, and may have been faster
            file.write(b"\0" * max(state.f_bavail * state.f_bsize - leave, 0))
        if self.random.random() < 0.5:
            self.end_and_start()

    def empty_disk(self):
        if os.path.exists(self.ballast):
            os.unlink(self.ballast)

    def take_copy(self):
        """While it runs, as a backup or a snapshot does, or of the files when it is dead. On a full disk it may have the log for itself."""
        self.empty_disk()
        copy = os.path.join(self.directory, f"copy-{len(self.copies)}")
        os.mkdir(copy)
        if self.random.random() < 0.5:
            source = sqlite3.connect(f"file:{os.path.join(self.data, LOG)}?mode=ro", uri=True, timeout=60 * PATIENCE)
            target = sqlite3.connect(os.path.join(copy, LOG))
            source.backup(target)
            source.close()
            target.close()
        else:
            self.kill()
            self._copy_log(copy)
            self.start()
        self.copies.append(copy)

    def restore(self):
        """One of the copies becomes the log, or the end of the log is gone as after a power cut."""
        self.empty_disk()
        if not self.copies:
            self.take_copy()
            return
        self.restores += 1
        self.kill()
        gone = os.path.join(self.directory, f"gone-{self.restores}")
        os.mkdir(gone)
        self._copy_log(gone)
        if self.random.random() >= 0.3 or not self._cut_wal():
            for name in self._log_files():
                os.unlink(os.path.join(self.data, name))
            source = self.random.choice(self.copies[-3:])
            for name in os.listdir(source):
                shutil.copy(os.path.join(source, name), self.data)
        left = os.path.join(self.directory, f"left-{self.restores}")
        os.mkdir(left)
        self._copy_log(left)
        self.lost |= texts_of(os.path.join(gone, LOG)) - texts_of(os.path.join(left, LOG))
        self.start()

    def _cut_wal(self):
        """What a power cut leaves: it ends anywhere, but not before what had been copied from it into the log. Returns whether there is one."""
        wal, shm, log = (os.path.join(self.data, LOG + end) for end in ("-wal", "-shm", ""))
        if not os.path.exists(wal) or not os.path.exists(shm):
            return False
        with open(shm, "rb") as file:
            index = file.read(132)
        # Of the copying that a kill cut short the log may hold what it had begun with, too (nBackfill, nBackfillAttempted).
        n_copied = max(struct.unpack("=I", index[at : at + 4])[0] for at in (96, 128))
        with open(log, "rb") as file:
            page_size = struct.unpack(">H", file.read(18)[16:])[0]
        kept = 32 + n_copied * (24 + page_size)
        os.truncate(wal, self.random.randint(min(kept, os.path.getsize(wal)), os.path.getsize(wal)))
        return True

    def _log_files(self):
        return [name for name in os.listdir(self.data) if name.startswith(LOG)]

    def _copy_log(self, target):
        for name in self._log_files():
            shutil.copy(os.path.join(self.data, name), target)

    # The end

    def complaints(self):
        expected = "|".join(EXPECTED[trouble] for trouble in self.troubles if trouble in EXPECTED)
        complaints = [line for line in self.process.complaints() if not expected or not re.search(expected, line)]
        if self.peak > MEMORY_MAX:
            complaints.append(f"the server took {self.peak >> 20} MiB of memory")
        return self.problems + complaints

    def close(self):
        if self.process.alive():
            self.process.kill()
        if os.path.ismount(self.disk):
            subprocess.run(["umount", "--lazy", self.disk], check=True, timeout=20)
