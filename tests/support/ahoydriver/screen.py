# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Pointer, keys, clipboard and pictures of one X display, by small programs."""

import re
import subprocess

from .a11y import NotFound, normal

# Takes the keyboard away from every window; without a window manager nothing else would.
FOCUS_NONE = (
    "import ctypes as c; x = c.CDLL('libX11.so.6'); x.XOpenDisplay.restype = c.c_void_p; d = c.c_void_p(x.XOpenDisplay(None)); "
    "x.XSetInputFocus(d, c.c_ulong(0), 0, c.c_ulong(0)); x.XSync(d, 0)"
)


class NoWindow(NotFound):
    """X does not show (or no longer shows) what the accessible tree has."""


class Screen:
    def __init__(self, environment):
        self.environment = environment

    def run(self, *command, check=True, text=None):
        result = subprocess.run(
            command, env=self.environment, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False
        )
        if check and result.returncode:
            raise AssertionError(f"{command}: {result.stdout}")
        return result.stdout

    def windows(self):
        """(id, x, y, width, height, title) of the mapped windows with a title."""
        found = []
        for number in self.run("xdotool", "search", "--onlyvisible", "--name", ".", check=False).split():
            if number.isdigit():
                geometry = dict(
                    re.findall(r"^(\w+)=(-?\d+)$", self.run("xdotool", "getwindowgeometry", "--shell", number, check=False), re.MULTILINE)
                )
                if "WIDTH" in geometry:
                    title = self.run("xdotool", "getwindowname", number, check=False).rstrip("\n")
                    found.append(
                        (int(number), int(geometry["X"]), int(geometry["Y"]), int(geometry["WIDTH"]), int(geometry["HEIGHT"]), title)
                    )
        return found

    def window_of(self, node):
        """The X window of the toplevel that @node is in, and that toplevel's size."""
        toplevel = [node, *node.ancestors()][-2]
        _, _, width, height = toplevel.extents()
        windows = self.windows()
        titled = [window for window in windows if toplevel.name == normal(window[5])] or windows
        if not titled:
            raise NoWindow(f"no X window for {toplevel!r}")
        return min(titled, key=lambda window: abs(window[3] - width) + abs(window[4] - height)), width, height

    def place_of(self, node, at=(0.5, 0.5)):
        """(x, y, X window) of a point in a node."""
        x, y, width, height = node.extents()
        dx, dy = x + int(width * at[0]), y + int(height * at[1])
        surface = node.surface()
        if surface.parent.role != "application":
            # A popover has an X window of its own; where AT-SPI puts it is wrong when it was flipped, only its size is right.
            px, py, pwidth, pheight = surface.extents()
            fitting = [window for window in self.windows() if abs(window[3] - pwidth) <= 4 and abs(window[4] - pheight) <= 24]
            if fitting:
                number, wx, wy, wwidth, wheight, _ = min(
                    fitting, key=lambda window: (abs(window[3] - pwidth) + abs(window[4] - pheight), -window[0])
                )
                return wx + (wwidth - pwidth) // 2 + dx - px, wy + (wheight - pheight) // 2 + dy - py, number
        (number, wx, wy, wwidth, wheight, _), twidth, theight = self.window_of(node)
        return wx + (wwidth - twidth) // 2 + dx, wy + (wheight - theight) // 2 + dy, number

    def click(self, node, times=1, at=(0.5, 0.5), button=1):
        x, y, number = self.place_of(node, at)
        if node.surface().parent.role == "application" and self.run("xdotool", "getwindowfocus", check=False).strip() != str(number):
            self.run("xdotool", "windowfocus", str(number), check=False)
        self.run("xdotool", "mousemove", str(x), str(y))
        self.run("xdotool", "click", "--repeat", str(times), "--delay", "60", str(button))

    def scroll(self, node, clicks):
        """The wheel; positive is down."""
        x, y, _ = self.place_of(node)
        self.run("xdotool", "mousemove", str(x), str(y))
        self.run("xdotool", "click", "--repeat", str(abs(clicks)), "--delay", "15", "5" if clicks > 0 else "4")

    def focus(self, node):
        (number, *_), _, _ = self.window_of(node)
        self.run("xdotool", "windowfocus", "--sync", str(number), check=False)

    def unfocus(self):
        self.run("xdotool", "mousemove", "0", "0")
        self.run("/usr/bin/python3", "-c", FOCUS_NONE)

    def resize(self, node, width, height):
        (number, *_), _, _ = self.window_of(node)
        self.run("xdotool", "windowsize", str(number), str(width), str(height))

    def key(self, *keys):
        """Keys to the focused window, such as "ctrl+Return"."""
        self.run("xdotool", "key", "--clearmodifiers", *keys)

    def keys_text(self, text):
        """Types ASCII."""
        self.run("xdotool", "type", "--delay", "12", "--", text)

    def type_code_points(self, text):
        """Types any text as GTK's own input method takes it: Ctrl+Shift+U, hexadecimal digits, space."""
        for character in text:
            self.key("ctrl+shift+u", *f"{ord(character):x}", "space")

    def read_clipboard(self):
        return self.run("xclip", "-selection", "clipboard", "-o", "-target", "UTF8_STRING", check=False)

    def set_clipboard(self, text):
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-i"],
            env=self.environment,
            input=text,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )

    def picture(self, path):
        self.run("import", "-window", "root", path)
