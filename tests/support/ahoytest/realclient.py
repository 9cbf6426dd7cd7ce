# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Our own client, without a window, on a profile: a process that can be killed. What it knows is read from its disk."""

import os
import sqlite3
import subprocess

from .process import PATIENCE


class RealClient:
    """tests/support/torture-client.c on @profile, a folder; `path` is the history in it. @secure: it has an identity, and the server speaks TLS."""

    def __init__(self, name, port, server_id, profile, secure=False):
        os.makedirs(profile)
        self.name, self.port, self.server_id, self.profile, self.secure = name, port, server_id, profile, secure
        self.path = os.path.join(profile, "history.sqlite")
        self.identity = os.path.join(profile, "identity.pem")
        self.log = os.path.join(profile, "log")
        self.starts = 0
        self.start_process()

    def start_process(self):
        self.starts += 1
        # Who has met a secure server knows it again, without having found it: every other time somebody has typed the address.
        met = self.secure and os.path.exists(os.path.join(self.profile, "known-servers"))
        how = ["-" if met and self.starts % 2 == 0 else self.server_id, self.name, "secure" if self.secure else "plain"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.environ["TORTURE_CLIENT"], self.profile, str(self.port), *how],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def alive(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()

    def restart(self):
        self.kill()
        self.start_process()

    def stop(self):
        """In good order. Returns the exit status."""
        self.process.stdin.close()
        return self.process.wait(60 * PATIENCE)

    def say(self, text, to=None):
        try:
            self.process.stdin.write(f"say {text}\n".encode() if to is None else f"whisper {to} {text}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its end is found out by others

    def _ask(self, question):
        database = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)
        try:
            return database.execute(question).fetchall()
        finally:
            database.close()

    def seen(self):
        """What was said, by id, as Frame.said()."""
        rows = self._ask("SELECT id, time, sender, recipient, nullif(re, 0), text FROM messages WHERE path = '' ORDER BY id")
        return [(number, time, sender, to, None if re is None else str(re), text) for number, time, sender, to, re, text in rows]

    def kept(self):
        """The same of what the server no longer has, in the order of the window."""
        rows = self._ask("SELECT id, time, sender, recipient, nullif(re, 0), text FROM messages WHERE path <> '' ORDER BY place, path")
        return [(number, time, sender, to, None if re is None else str(re), text) for number, time, sender, to, re, text in rows]

    def start(self):
        """The id from which on it holds everything: it was new here then, and what is older it asks for when somebody scrolls up."""
        return max((value for (value,) in self._ask("SELECT value FROM marks WHERE kind = 'start'")), default=0)

    def owed(self):
        """{cid: text} of the outbox."""
        return dict(self._ask("SELECT cid, text FROM outbox ORDER BY seq"))
