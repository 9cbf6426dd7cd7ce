# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Stands in for the desktop's notification service on a private session bus."""

import threading

from gi.repository import Gio, GLib

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
INTERFACE = """<node><interface name='org.freedesktop.Notifications'>
<method name='GetCapabilities'><arg type='as' direction='out'/></method>
<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
 <arg type='s' direction='in'/>
 <arg type='s' direction='in'/><arg type='as' direction='in'/><arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>
 <arg type='u' direction='out'/></method>
<method name='CloseNotification'><arg type='u' direction='in'/></method>
<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/><arg type='s' direction='out'/>
 <arg type='s' direction='out'/></method>
<signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>
<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>
</interface></node>"""


class Notifications(threading.Thread):
    """`shown`: one dict for each Notify; `withdrawn`: the ids that were taken back."""

    def __init__(self, bus_address):
        super().__init__(daemon=True)
        self.address = bus_address
        self.shown, self.withdrawn = [], []
        self.error = None
        self.ready = threading.Event()
        self.start()
        self.ready.wait(20)
        if self.error:
            raise self.error

    def run(self):
        context = GLib.MainContext.new()
        context.push_thread_default()
        try:
            self.connection = Gio.DBusConnection.new_for_address_sync(
                self.address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None
            )
            self.connection.set_exit_on_close(False)
            self.connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], self.on_call, None, None)
            self.connection.call_sync(
                "org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus",
                "RequestName",
                GLib.Variant("(su)", (NAME, 0)),
                None,
                Gio.DBusCallFlags.NONE,
                10000,
                None,
            )
        except GLib.Error as error:
            self.error = error
        self.ready.set()
        if not self.error:
            GLib.MainLoop.new(context, False).run()

    def on_call(self, connection, _sender, _path, _interface, method, parameters, invocation):
        args = parameters.unpack()
        if method == "Notify":
            number = args[1] or len(self.shown) + 1
            self.shown.append(
                {"id": number, "replaces": args[1], "summary": args[3], "body": args[4], "actions": args[5], "hints": args[6]}
            )
            invocation.return_value(GLib.Variant("(u)", (number,)))
        elif method == "CloseNotification":
            self.withdrawn.append(args[0])
            invocation.return_value(None)
            connection.emit_signal(None, PATH, NAME, "NotificationClosed", GLib.Variant("(uu)", (args[0], 3)))
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["body", "actions", "persistence"],)))
        else:
            invocation.return_value(GLib.Variant("(ssss)", ("ahoydriver", "test", "1", "1.2")))

    def click(self, number, action="default"):
        """The person clicks on the notification."""
        self.connection.emit_signal(None, PATH, NAME, "ActionInvoked", GLib.Variant("(us)", (number, action)))
        self.connection.flush_sync(None)
