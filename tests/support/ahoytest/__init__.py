# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What tests that run whole programs share: a private network, child processes, raw classic peers.

Needs nothing but the distribution's Python, util-linux and iproute2."""

from .ahoyd import Ahoyd
from .discovery import Asker, CLASSIC_REQUEST, extended_request
from .isolation import enter as isolate
from .process import Process
from .rawclient import ETX, RawClient, Refused, SOH, STX, US, frame
from .testcase import SystemTest, main

__all__ = [
    "Ahoyd",
    "Asker",
    "CLASSIC_REQUEST",
    "ETX",
    "Process",
    "RawClient",
    "Refused",
    "SOH",
    "STX",
    "SystemTest",
    "US",
    "extended_request",
    "frame",
    "isolate",
    "main",
]
