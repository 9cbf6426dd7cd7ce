# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""One running program and its windows: find, wait, act."""

import sys
import time

from gi.repository import GLib

from ahoytest import PATIENCE

from .a11y import NotFound, ROW_ROLES, TEXT_ROLES, extents_of, is_gone, matches, snapshot
from .screen import NoWindow

DEADLINE_SECONDS = 30 * PATIENCE
POLL_SECONDS = 0.1


class Window:
    """@command runs on @desktop. Everything is looked up anew each time: nothing is remembered that the program may have changed."""

    def __init__(self, desktop, command, name, deadline=DEADLINE_SECONDS, **environment):
        self.desktop, self.screen, self.name, self.deadline = desktop, desktop.screen, name, deadline
        self.process = desktop.start(command, name, **environment)
        self.wait_first()

    def wait_first(self):
        """What has to be there before anything is done."""
        self.wait_for("frame")

    # Looking

    def tree(self):
        """The program's accessible applications (one)."""
        bus = self.desktop.accessibility
        ours = []
        for top in snapshot(bus):
            try:
                pid = bus.call(
                    "org.freedesktop.DBus",
                    "/org/freedesktop/DBus",
                    "org.freedesktop.DBus",
                    "GetConnectionUnixProcessID",
                    GLib.Variant("(s)", (top.destination,)),
                )[0]
            except GLib.Error:
                continue
            if pid == self.process.pid:
                ours.append(top)
        return ours

    def find_all(self, role=None, name=None, states=(), visible=False, under=None):
        """role: one or a tuple of them; name: whole text or a compiled expression, tried against all that the widget may be called by."""
        roles = (role,) if isinstance(role, str) else role
        found = [
            node
            for top in ([under] if under else self.tree())
            for node in top.walk()
            if (not roles or node.role in roles) and set(states) <= node.states and matches(name, *node.names())
        ]
        exact = [node for node in found if node.name == name] if isinstance(name, str) else []
        found = exact or found
        return [node for node in found if node.on_screen()] if visible else found

    def find(self, role=None, name=None, **more):
        found = self.find_all(role, name, **more)
        if len(found) > 1:
            found = [node for node in found if node.on_screen()] or found
        return found[0] if found else None

    def texts(self, role=None, name=None):
        """Every text in those widgets, in order; without arguments in the whole program."""
        tops = self.find_all(role, name) if role or name else self.tree()
        return [text for top in tops for text in top.labels()]

    def rows(self, name, role=("list", "log", "list box"), visible=False):
        """The names of a list's rows, top to bottom. A GtkListView holds only those on or near the screen; visible: those on it."""
        found = self.find(role, name)
        if not found:
            return []
        rows = [node for node in found.walk() if node.role in ROW_ROLES]
        placed = sorted(zip(extents_of(rows), rows), key=lambda each: each[0][1])
        if visible:
            placed = self._in_view(found, placed)
        return [row.name or row.content() for _, row in placed]

    @staticmethod
    def _in_view(found, placed):
        """Those that a click in their middle would meet: a row that was scrolled away still says where it was last."""
        hits = found.surface().picks([(x + width // 2, y + height // 2) for (x, y, width, height), _ in placed])
        return [(place, row) for hit, (place, row) in zip(hits, placed) if hit in {node.path for node in row.walk()}]

    # Waiting

    def until(self, condition, what, seconds=None):
        """The first true thing that condition() gives. A widget that goes away while it is asked is no answer."""
        end = time.monotonic() + (seconds or self.deadline)
        while True:
            try:
                value = condition()
            except NoWindow:
                value = None
            except GLib.Error as error:
                if not is_gone(error):
                    raise
                value = None
            if value:
                return value
            if not self.process.alive():
                raise NotFound(f"{self.name} ended with {self.process.returncode}, waiting for {what}\n{self.process.log()}")
            if time.monotonic() > end:
                raise NotFound(f"{self.name}: no {what} in {seconds or self.deadline} s")
            time.sleep(POLL_SECONDS)

    def wait_for(self, role=None, name=None, seconds=None, **more):
        return self.until(lambda: self.find(role, name, **more), f"{role} {name!r}", seconds)

    def wait_gone(self, role=None, name=None, seconds=None, **more):
        self.until(lambda: not self.find(role, name, **more), f"end of {role} {name!r}", seconds)

    def find_text(self, pattern, role=None, name=None):
        """A text on the screen in which the expression is found."""
        tops = self.find_all(role, name) if role or name else self.tree()
        nodes = (node for top in tops for node in top.walk() if node.role in TEXT_ROLES)
        return next((node for node in nodes if pattern.search(node.text or node.name) and node.on_screen()), None)

    def wait_text(self, pattern, role=None, name=None, seconds=None):
        return self.until(lambda: self.find_text(pattern, role, name), f"text {pattern.pattern!r}", seconds)

    def wait_text_gone(self, pattern, seconds=None):
        self.until(lambda: not self.find_text(pattern), f"end of text {pattern.pattern!r}", seconds)

    # Acting

    def do(self, find, act, what):
        """act() on what find() finds; once more when the program had just put another widget in its place."""

        def attempt():
            node = find()
            if node:
                act(node)
            return node

        return self.until(attempt, what)

    def press(self, name, role="push button", visible=True, within=None):
        """Presses a button or a menu item. @within: the role of what it is in."""

        def find():
            under = self.find(within) if within else None
            return self.find(role, name, visible=visible, states=("sensitive",), under=under) if under or not within else None

        def act(node):
            clickable = next((each for each in node.walk() if "click" in each.actions()), None)
            if clickable:
                clickable.act()
            else:
                self.screen.click(node)

        return self.do(find, act, f"{role} {name!r} to press")

    def click(self, role=None, name=None, **more):
        """With the pointer, in its middle."""
        return self.do(lambda: self.find(role, name, visible=True, **more), self.screen.click, f"{role} {name!r} to click")

    def enter_text(self, name, text, role=("text", "entry")):
        return self.do(lambda: self.find(role, name, visible=True), lambda node: node.set_text(text), f"{role} {name!r} to write in")

    def enter_path(self, title, path, suggested=None):
        """Types a path into the file chooser with that title. @suggested: the name it offers for a new file; when there is none, it shows
        a list to choose from, and a key is for who knows the path."""
        if suggested is None:
            self.wait_for("push button", "Open", visible=True)
            self.do(lambda: self.find("filler", title), self.screen.focus, f"file chooser {title!r}")
            self.screen.key("ctrl+l")

        def find():
            # The dialog before it may have the same title, and be on its way out.
            texts = [text for top in self.find_all("filler", title) for text in self.find_all("text", under=top, visible=True)]
            return next((text for text in texts if text.read_text() == (suggested or "")), None)

        self.do(find, lambda node: node.set_text(path), "a place for the path")

    def read(self, name, role=("text", "entry")):
        found = []
        self.do(lambda: self.find(role, name), lambda node: found.append(node.read_text()), f"{role} {name!r} to read")
        return found[-1]

    def focus_on(self, name, role=("text", "entry")):
        """Clicks into a field and waits until it has the keyboard."""
        self.do(lambda: self.find(role, name, visible=True), lambda node: self.screen.click(node, at=(0.3, 0.5)), f"{role} {name!r} to click")
        return self.wait_for(role, name, states=("focused",))

    def row(self, list_name, row, seconds=None, role=("list", "log", "list box")):
        """The row so named (or with that text) of a list."""

        def look():
            found = self.find(role, list_name)
            rows = (node for node in found.walk() if node.role in ROW_ROLES) if found else ()
            return next((node for node in rows if matches(row, node.name, node.content(), *node.labels())), None)

        return self.until(look, f"row {row!r} in {list_name!r}", seconds)

    def click_row(self, list_name, row, times=1, button=1):
        self.do(
            lambda: self._visible_row(list_name, row),
            lambda node: self.screen.click(node, times=times, button=button),
            f"visible row {row!r} in {list_name!r}",
        )

    def _visible_row(self, list_name, row):
        node = self.row(list_name, row)
        return node if node.on_screen() else None

    def choose(self, name, entry):
        """An entry of a drop-down: its button is pressed, then the entry clicked in the popover."""
        roles = ("combo box", "push button")
        self.press(name, role=roles, visible=False)

        def look():
            box = self.find(roles, name)
            rows = (node for node in box.walk() if node.role in ROW_ROLES) if box else ()
            return next((node for node in rows if matches(entry, node.name, node.content(), *node.labels()) and node.on_screen()), None)

        self.do(look, self.screen.click, f"entry {entry!r} of {name!r}")

    def menu(self, button, item):
        self.press(button)
        self.press(item, role=("menu item", "check menu item", "radio menu item"))

    def focus(self):
        self.do(lambda: self.find("frame"), self.screen.focus, "window to focus")
        self.wait_for("frame", states=("active",))

    def unfocus(self):
        self.screen.unfocus()
        self.until(lambda: not self.find("frame", states=("active",)), "window without focus")

    def dump(self, file=sys.stderr):
        def show(node, depth):
            print("  " * depth + repr(node), file=file)
            for child in node.children:
                show(child, depth + 1)

        for top in self.tree():
            show(top, 1)
