#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The server's log is set back: what it no longer has stays in the window, which says so."""

import re
import shutil

from ahoydriver import WindowTest, main

RECONNECTING = re.compile("Reconnecting")
SET_BACK = re.compile("The server’s history was set back. It no longer has the messages above; this computer keeps them.")


class SetBack(WindowTest):
    def order(self, window, *wanted):
        """Those of the texts that rows hold, top to bottom, as often as they are there."""
        return [text for row in window.messages() for text in wanted if text in row]

    def test_what_the_server_lost_stays(self):
        server = self.start_server()
        data = server.data_dir
        desktop = self.make_desktop()
        alice = self.open_window("alice", desktop=desktop).connect()
        alice.send("shared with the server")
        alice.until(lambda: "Waiting" not in alice.wait_message("alice", "shared with the server").labels(), "sent")
        server.stop()
        alice.wait_text(RECONNECTING)
        shutil.copytree(data, data + ".backup")
        server = self.start_server("--data-dir", data, port=server.tcp)
        alice.wait_text_gone(RECONNECTING)
        alice.send("only here now")
        alice.until(lambda: "Waiting" not in alice.wait_message("alice", "only here now").labels(), "sent")
        server.stop()
        alice.wait_text(RECONNECTING)
        shutil.rmtree(data)
        shutil.copytree(data + ".backup", data)
        server = self.start_server("--data-dir", data, port=server.tcp)
        alice.wait_text_gone(RECONNECTING)
        alice.wait_text(SET_BACK)
        bob = self.log_in(server, "bob")
        bob.say("said instead")
        alice.wait_message("bob", "said instead")
        wanted = ("shared with the server", "only here now", "history was set back", "said instead")
        self.assertEqual(self.order(alice, *wanted), list(wanted))

        alice.process.stop()
        alice = self.open_window("alice", desktop=desktop).connect()
        alice.wait_message("bob", "said instead")
        self.assertEqual(self.order(alice, *wanted), list(wanted))


if __name__ == "__main__":
    main()
