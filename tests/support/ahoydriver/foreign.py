# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A chat server that is not ours: classic, does not echo what you say, and writes its lines in another shape."""

import socket
import threading

from ahoytest import ETX, STX, frame
from ahoytest.discovery import CLASSIC_REQUEST


class ForeignServer(threading.Thread):
    """Answers classic discovery on @discovery_port and serves on @port (0: any free one). `heard`: every frame as it came, (name, type, body)."""

    def __init__(self, discovery_port=24690, port=0):
        super().__init__(daemon=True)
        self.heard = []
        self.changed = threading.Condition()
        self.people = {}  # name: socket
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.beacon = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.beacon.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.beacon.bind(("", discovery_port))
        self.beacon.settimeout(0.1)
        self.listener.settimeout(0.1)
        self.ended = False
        threading.Thread(target=self._answer, daemon=True).start()
        self.start()

    def close(self):
        """Takes nobody in any more, and is not found."""
        self.ended = True
        self.join()
        self.listener.close()
        self.beacon.close()

    def _answer(self):
        while not self.ended:
            try:
                data, asker = self.beacon.recvfrom(2048)
            except OSError:  # nobody asks
                continue
            if data.rstrip(b"\0\r\n") == CLASSIC_REQUEST:
                self.beacon.sendto(str(self.port).encode(), asker)

    def run(self):
        while not self.ended:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # nobody comes
                continue
            connection.settimeout(None)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        name, buffer = None, b""
        while data := self._receive(connection):
            buffer += data
            while ETX in buffer:
                packet, _, buffer = buffer.partition(ETX)
                packet = packet.lstrip(b"\0\r\n")
                if packet[:1] != STX:
                    connection.close()  # a stranger to headings, as such servers are
                    return
                kind, body = packet[1:2], packet[2:].decode()
                with self.changed:
                    self.heard.append((name, kind, body))
                    self.changed.notify_all()
                if kind == b"1" and name is None:
                    name = self._log_in(connection, body)
                elif kind == b"3":
                    self._tell(f"<{name}> {body}", [who for who in self.people if who != name])
                elif kind == b"2":
                    to, _, text = body.partition(",")
                    self._tell(f"<{name} whispers> {text}", [to])
        if name:
            del self.people[name]
            self._send_all(frame("3", name), list(self.people))

    @staticmethod
    def _receive(connection):
        try:
            return connection.recv(65536)
        except OSError:
            return b""

    def _log_in(self, connection, name):
        if name in self.people:
            connection.sendall(frame("0", name))
            return None
        self._send_all(frame("2", name), list(self.people))
        connection.sendall(b"".join(frame("1", who) for who in [*self.people, name]))
        self.people[name] = connection
        return name

    def _tell(self, text, names):
        self._send_all(frame("4", text), [name for name in names if name in self.people])

    def _send_all(self, data, names):
        for name in names:
            try:
                self.people[name].sendall(data)
            except OSError:
                pass  # its own thread notices

    def tell_everyone(self, text):
        self._tell(text, list(self.people))

    def wait_heard(self, name, kind, body, seconds=30):
        with self.changed:
            if not self.changed.wait_for(lambda: (name, kind.encode(), body) in self.heard, seconds):
                raise AssertionError(f"the server did not hear {(name, kind, body)}, only {self.heard}")
