# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Accessible objects: a snapshot of what a screen reader finds, and what it may do with each.

Facts about GTK 4.8 this leans on: there are no screen coordinates, no GrabFocus and no SHOWING state on widgets, so a widget is "on the
screen" when it has a size and picking its middle finds it; a button with a mnemonic is named "_Connect Connect"."""

import re

from gi.repository import Gio, GLib

from .vocabulary import role_name, states_in

ATSPI = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
CACHE = "/org/a11y/atspi/cache"
PROPERTIES = "org.freedesktop.DBus.Properties"
WINDOW_COORDINATES = GLib.Variant("(u)", (1,))
GONE = tuple(f"org.freedesktop.DBus.Error.Unknown{what}" for what in ("Method", "Object", "Interface"))
LAYER_POPUP, LAYER_WINDOW = 5, 7
TEXT_ROLES = ("label", "text", "heading", "static", "entry", "status bar", "alert")
ROW_ROLES = ("list item", "table row", "option pane")
# Named by what is in them where they have no name of their own
NAMED_BY_CONTENT = ROW_ROLES + ("menu item", "push button", "combo box", "dialog", "alert", "status bar", "check box")


class NotFound(AssertionError):
    """What was looked for did not come."""


def is_gone(error):
    """Whether the widget that was called is no more. The call has then done nothing."""
    return Gio.DBusError.get_remote_error(error) in GONE


def normal(name):
    """'_Connect Connect' -> 'Connect'"""
    name = re.sub(r"_(?=\w)", "", name or "", count=1)
    half = len(name) // 2
    if len(name) % 2 and name[half] == " " and name[:half] == name[half + 1 :]:
        name = name[:half]
    return name.strip()


def matches(pattern, *candidates):
    """pattern: None (anything), text (the whole of it) or a compiled expression (found in it)."""
    if pattern is None:
        return True
    if isinstance(pattern, re.Pattern):
        return any(candidate and pattern.search(candidate) for candidate in candidates)
    return any(pattern in (candidate, normal(candidate)) for candidate in candidates if candidate is not None)


class Node:
    __slots__ = (
        "bus",
        "destination",
        "path",
        "parent",
        "children",
        "role",
        "name",
        "raw_name",
        "description",
        "states",
        "interfaces",
        "text",
    )

    def __init__(self, bus, destination, path, parent=None):
        self.bus, self.destination, self.path, self.parent = bus, destination, path, parent
        self.children, self.states, self.interfaces = [], set(), ()
        self.role = self.name = self.raw_name = self.description = ""
        self.text = None

    def __repr__(self):
        text = "" if self.text is None else f" text={self.text!r}"
        return f"[{self.role}] {self.name!r}{text} {','.join(sorted(self.states))}"

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self):
        node = self.parent
        while node:
            yield node
            node = node.parent

    def labels(self):
        """The texts in it, in order."""
        texts = (node.name if node.text is None else node.text for node in self.walk() if node.role in TEXT_ROLES)
        return [text for text in texts if text]

    def content(self):
        return self.text or " ".join(self.labels()) or self.name

    def names(self):
        """Everything it may be called by."""
        own = [self.name, self.raw_name, self.description]
        if self.role in NAMED_BY_CONTENT:
            own += [self.content(), *self.labels()]
        elif self.role == "label":
            own.append(self.text)
        return own

    # Asking and acting

    def call(self, interface, method, args=None):
        return self.bus.call(self.destination, self.path, ATSPI + interface, method, args)

    def current_states(self):
        try:
            return states_in(self.call("Accessible", "GetState")[0])
        except GLib.Error:
            return set()

    def extents(self):
        """x, y, width, height inside its window or popover."""
        return self.call("Component", "GetExtents", WINDOW_COORDINATES)[0]

    def surface(self):
        """The popover or window that shows it."""
        chain = [self, *(node for node in self.ancestors() if node.role != "application")]
        layers = self.bus.many([(node.destination, node.path, ATSPI + "Component", "GetLayer", None) for node in chain])
        for node, layer in zip(chain, layers):
            if layer and layer[0] in (LAYER_POPUP, LAYER_WINDOW):
                return node
        return chain[-1]

    def on_screen(self):
        """Has a size and is what a click on it would meet."""
        try:
            x, y, width, height = self.extents()
            surface = self.surface()
            if width <= 0 or height <= 0 or surface is self:
                return surface is self
            # An icon in a button has no accessible object and gives none when picked, so other points are tried too; extents are
            # the content box, and a button has some padding round it.
            points = [
                (x + width // 2, y + height // 2),
                (x + min(4, width // 2), y + height // 2),
                (x + width // 2, y + min(3, height // 2)),
                (x - 2, y + height // 2),
                (x + width // 2, y - 2),
            ]
            hits = surface.picks(points)
        except GLib.Error:
            return False
        inside = {node.path for node in self.walk()}
        return any(hit in inside for hit in hits)

    def picks(self, points):
        """For each (x, y) in this surface the path of what a click there would meet."""
        calls = [
            (self.destination, self.path, ATSPI + "Component", "GetAccessibleAtPoint", GLib.Variant("(iiu)", (*point, 1)))
            for point in points
        ]
        return [hit[0][1] if hit else None for hit in self.bus.many(calls)]

    def actions(self):
        if "Action" not in self.interfaces:
            return []
        try:
            return [action[0].lower() for action in self.call("Action", "GetActions")[0]]
        except GLib.Error:
            return []

    def act(self, action="click"):
        names = [
            self.call("Action", "GetName", GLib.Variant("(i)", (i,)))[0] or name
            for i, (name, *_) in enumerate(self.call("Action", "GetActions")[0])
        ]
        return self.call("Action", "DoAction", GLib.Variant("(i)", (names.index(action),)))[0]

    def read_text(self):
        count = self.bus.call(self.destination, self.path, PROPERTIES, "Get", GLib.Variant("(ss)", (ATSPI + "Text", "CharacterCount")))[0]
        return self.call("Text", "GetText", GLib.Variant("(ii)", (0, count)))[0]

    def set_text(self, text):
        return self.call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]

    def select_child(self, index):
        return self.call("Selection", "SelectChild", GLib.Variant("(i)", (index,)))[0]


def extents_of(nodes):
    """x, y, width and height of each, asked all at once; zeros for what is gone."""
    if not nodes:
        return []
    calls = [(node.destination, node.path, ATSPI + "Component", "GetExtents", WINDOW_COORDINATES) for node in nodes]
    return [answer[0] if answer else (0, 0, 0, 0) for answer in nodes[0].bus.many(calls)]


def snapshot(bus):
    """Everything on the accessibility bus: the applications' nodes, with all that is in them.

    First the tree by its children, level by level, which also makes GTK know all of them; then what each is, in one answer per application.
    """
    try:
        applications = bus.call("org.a11y.atspi.Registry", ROOT, ATSPI + "Accessible", "GetChildren")[0]
    except GLib.Error:
        return []
    tops = [Node(bus, destination, path) for destination, path in applications]
    level = tops
    while level:
        level = _read_children(bus, level)
    answers = bus.many([(top.destination, CACHE, ATSPI + "Cache", "GetItems", None) for top in tops])
    for top, answer in zip(tops, answers):
        items = {item[0][1]: item for item in answer[0]} if answer else {}
        for node in top.walk():
            if node.path in items:
                _describe(node, *items[node.path][5:])
    _read_texts(bus, [node for top in tops for node in top.walk() if "Text" in node.interfaces])
    return tops


def _read_children(bus, level):
    """Asks these nodes, all at once, for their children, and gives those."""
    answers = bus.many([(node.destination, node.path, ATSPI + "Accessible", "GetChildren", None) for node in level])
    for node, answer in zip(level, answers):
        children = answer[0] if answer else ()  # none: gone meanwhile
        node.children = [Node(bus, destination, path, node) for destination, path in children if not path.endswith("/null")]
    return [child for node in level for child in node.children]


def _describe(node, interfaces, name, role, description, states):
    node.interfaces = tuple(interface.rsplit(".", 1)[1] for interface in interfaces)
    node.raw_name, node.name, node.description = name, normal(name), description
    node.role, node.states = role_name(role), states_in(states)


def _read_texts(bus, nodes):
    whole = GLib.Variant("(ii)", (0, 0x7FFFFFFF))
    answers = bus.many([(node.destination, node.path, ATSPI + "Text", "GetText", whole) for node in nodes])
    for node, answer in zip(nodes, answers):
        node.text = answer[0] if answer else None
