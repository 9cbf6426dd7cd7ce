# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Drives real windows as a person with a screen reader would: by roles and accessible names, by keys and pointer where those are the point.

Needs the distribution's python3-gi, Xvfb, dbus-daemon, at-spi2-core, xdotool, xprop, xclip and ImageMagick's import. Everything runs
inside ahoytest.isolate(), so nothing here has to clean up after processes."""

from .a11y import Node, NotFound
from .ahoy_window import AhoyWindow, said
from .desktop import Desktop
from .foreign import ForeignServer
from .testcase import WindowTest, main
from .window import Window

__all__ = ["AhoyWindow", "Desktop", "ForeignServer", "Node", "NotFound", "Window", "WindowTest", "main", "said"]
