# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A connection that somebody else's program makes: what it is told goes to the server, what it prints came from there."""

import os
import select
import subprocess

from .process import PATIENCE


class ProgramSocket:
    """Such a program as a socket, for RawPeer(connected=...). @command prints nothing but what it received."""

    def __init__(self, command, log_path):
        self.timeout = None
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)

    def settimeout(self, seconds):
        self.timeout = seconds

    def sendall(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def recv(self, size):
        if not select.select([self.process.stdout], [], [], self.timeout)[0]:
            raise TimeoutError
        return os.read(self.process.stdout.fileno(), size)

    def shutdown(self, how):
        """Its input ends, and what it makes of that is its own matter."""
        self.process.stdin.close()

    def close(self):
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        self.process.kill()
        self.process.wait(30 * PATIENCE)


def gnutls_cli(port, log_path, priority, identity=None):
    """Debian package gnutls-bin."""
    options = ["--x509keyfile", identity.key, "--x509certfile", identity.certificate] if identity else []
    # It tells its own story to a file, so that its output is the server's.
    command = ["gnutls-cli", "--insecure", "--logfile", log_path, "--priority", priority, *options, "--port", port, "127.0.0.1"]
    return ProgramSocket(command, log_path)


def openssl_s_client(port, log_path, *options, identity=None):
    options = list(options) + (["-key", identity.key, "-cert", identity.certificate] if identity else [])
    return ProgramSocket(["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}", *options], log_path)
