# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A private bus: pipelined calls, because a tree of widgets is hundreds of questions."""

from gi.repository import Gio, GLib


class Bus:
    def __init__(self, address):
        self.context = GLib.MainContext.new()
        self.context.push_thread_default()
        try:
            self.connection = Gio.DBusConnection.new_for_address_sync(
                address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None
            )
        finally:
            self.context.pop_thread_default()
        self.connection.set_exit_on_close(False)

    def call(self, destination, path, interface, method, args=None, timeout_ms=10000):
        return self.connection.call_sync(
            destination, path, interface, method, args, None, Gio.DBusCallFlags.NONE, timeout_ms, None
        ).unpack()

    def many(self, calls, timeout_ms=10000):
        """calls: (destination, path, interface, method, args) each; gives a list with a result or None for each."""
        results = [None] * len(calls)
        left = len(calls)

        def on_answer(connection, result, i):
            nonlocal left
            try:
                results[i] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass  # the widget went away meanwhile
            left -= 1

        self.context.push_thread_default()
        try:
            for i, (destination, path, interface, method, args) in enumerate(calls):
                self.connection.call(
                    destination, path, interface, method, args, None, Gio.DBusCallFlags.NONE, timeout_ms, None, on_answer, i
                )
            while left:
                self.context.iteration(True)
        finally:
            self.context.pop_thread_default()
        return results

    def close(self):
        try:
            self.connection.close_sync(None)
        except GLib.Error:
            pass
