#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Who does not log in within 15 s is let go. PROTOCOL.md, "Classic types". This one really waits."""

import select
import time

from ahoytest import STX, SystemTest, main

TIMEOUT_SECONDS = 15
LATE_SECONDS = 10  # a busy machine


class LogInTimeout(SystemTest):
    def test_fifteen_seconds(self):
        server = self.start_server()
        start = time.monotonic()
        person = self.log_in(server, "alice")
        silent = self.connect(server)
        half = self.connect(server)
        half.send(STX + b"1hal")
        skipping = self.connect(server)
        refused = self.connect(server)
        refused.expect_refusal("alice")
        talkative = self.connect(server)
        talkative.send_frame("3", "hello?")
        talkative.expect_notice()
        late = self.connect(server)
        waiting = {client.socket: client for client in (silent, half, skipping, refused, talkative)}

        while waiting:
            passed = time.monotonic() - start
            self.assertLess(passed, TIMEOUT_SECONDS + LATE_SECONDS, "not closed in time")
            if passed < TIMEOUT_SECONDS - 4:
                for client in (skipping, refused, talkative):  # signs of life are no log-in
                    client.send(b"\0")
            if late and passed > TIMEOUT_SECONDS - 10:
                self.assertEqual(late.log_in("late"), ["alice"])
                person.expect_frame("2", "late")
                late = None
            for sock in select.select(waiting, [], [], 0.5)[0]:
                self.assertGreater(time.monotonic() - start, TIMEOUT_SECONDS - 1, "closed too early")
                client = waiting.pop(sock)
                if sock.recv(1, 2):  # MSG_PEEK: it may say why before it ends
                    client.expect_notice()
                client.expect_end()

        person.say("still here")
        person.expect_chat("alice: still here")


if __name__ == "__main__":
    main()
