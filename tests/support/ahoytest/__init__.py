# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What tests that run whole programs share: a private network, child processes, raw peers of both dialects.

Needs nothing but the distribution's Python, util-linux and iproute2."""

from .ahoyd import NO_LIMITS, Ahoyd
from .clock import Clock
from .discovery import Asker, CLASSIC_REQUEST, extended_request
from .extendedclient import ExtendedClient, new_cid
from .headings import build
from .isolation import enter as isolate
from .process import PATIENCE, Process
from .rawclient import RawClient
from .rawpeer import ETX, SOH, STX, US, Refused, frame
from .testcase import SystemTest, main
from .tls import Identity, TlsSocket, client_context, fingerprint_of, openssl

__all__ = [
    "Ahoyd",
    "Asker",
    "CLASSIC_REQUEST",
    "Clock",
    "ETX",
    "NO_LIMITS",
    "PATIENCE",
    "ExtendedClient",
    "Identity",
    "Process",
    "RawClient",
    "Refused",
    "SOH",
    "STX",
    "SystemTest",
    "TlsSocket",
    "US",
    "build",
    "client_context",
    "extended_request",
    "fingerprint_of",
    "frame",
    "isolate",
    "main",
    "new_cid",
    "openssl",
]
