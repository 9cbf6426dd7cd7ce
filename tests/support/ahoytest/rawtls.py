# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A client's half of a TLS 1.2 handshake, byte by byte (RFC 5246, RFC 8422): as far as it goes in the clear, and with anything in it.

It has no cipher. In TLS 1.2 the client's certificate and its proof go before there is one, so a server reads them from anybody."""

import os
import secrets
import socket
import struct

ALERT, HANDSHAKE, APPLICATION_DATA, CHANGE_CIPHER_SPEC = 21, 22, 23, 20
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, SERVER_HELLO_DONE = 1, 2, 11, 14
CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, FINISHED = 13, 15, 16, 20

ECDSA_SHA256, RSA_PKCS1_SHA256, RSA_PSS_SHA256, ED25519 = 0x0403, 0x0401, 0x0804, 0x0807
SIGNATURES = (ECDSA_SHA256, 0x0503, 0x0603, ED25519, 0x0808, RSA_PSS_SHA256, 0x0805, 0x0806, RSA_PKCS1_SHA256, 0x0501, 0x0601)
SUITES = (0xC02B, 0xC02F)  # ECDHE-ECDSA and ECDHE-RSA with AES-128-GCM
SECP256R1 = 23

# The generator of P-256: a point that everybody has.
GENERATOR = bytes.fromhex(
    "04"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def short_vector(data):
    return struct.pack("!B", len(data)) + data


def vector(data):
    return struct.pack("!H", len(data)) + data


def long_vector(data):
    return struct.pack("!I", len(data))[1:] + data


def record(kind, data, version=0x0303):
    return struct.pack("!BH", kind, version) + vector(data)


def records(kind, data, size=1 << 14):
    """@data in as many records as it takes."""
    return b"".join(record(kind, data[i : i + size]) for i in range(0, len(data), size))


def message(kind, body):
    return struct.pack("!B", kind) + long_vector(body)


def extension(number, data):
    return struct.pack("!H", number) + vector(data)


def client_hello(*more_extensions):
    """The message."""
    extensions = (
        extension(10, vector(struct.pack("!H", SECP256R1))),
        extension(11, short_vector(b"\0")),
        extension(13, vector(b"".join(struct.pack("!H", number) for number in SIGNATURES))),
        extension(0xFF01, short_vector(b"")),
        *more_extensions,
    )
    suites = b"".join(struct.pack("!H", suite) for suite in SUITES)
    body = b"\x03\x03" + secrets.token_bytes(32) + short_vector(b"") + vector(suites) + short_vector(b"\0") + vector(b"".join(extensions))
    return message(CLIENT_HELLO, body)


def certificates(*ders):
    """The message."""
    return message(CERTIFICATE, long_vector(b"".join(long_vector(der) for der in ders)))


class RawTls:
    """On a connected socket of its own."""

    def __init__(self, port, deadline=30, source=None):
        self.socket = socket.create_connection(("127.0.0.1", port), deadline, (source, 0) if source else None)
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()

    def read_record(self):
        """(type, data); None: the end."""
        while len(self.buffer) < 5 or len(self.buffer) < 5 + int.from_bytes(self.buffer[3:5], "big"):
            data = self.socket.recv(1 << 16)
            if not data:
                return None
            self.buffer += data
        end = 5 + int.from_bytes(self.buffer[3:5], "big")
        kind, data, self.buffer = self.buffer[0], self.buffer[5:end], self.buffer[end:]
        return kind, data

    def read_until_hello_done(self):
        """The server's first flight. Returns the types of its messages."""
        flight, kinds = b"", []
        while SERVER_HELLO_DONE not in kinds:
            kind, data = self.read_record() or (None, b"")
            if kind != HANDSHAKE:
                raise AssertionError(f"no handshake but {kind} {data!r} after {kinds}")
            flight += data
            while len(flight) >= 4 and len(flight) >= 4 + int.from_bytes(flight[1:4], "big"):
                kinds.append(flight[0])
                flight = flight[4 + int.from_bytes(flight[1:4], "big") :]
        return kinds

    def greet(self):
        self.send(records(HANDSHAKE, client_hello()))
        return self.read_until_hello_done()

    def show(self, *ders):
        """Certificates, and a key exchange that leads nowhere."""
        self.send(records(HANDSHAKE, certificates(*ders)))
        self.send(record(HANDSHAKE, message(CLIENT_KEY_EXCHANGE, short_vector(GENERATOR))))

    def prove(self, signature, algorithm=RSA_PKCS1_SHA256):
        self.send(records(HANDSHAKE, message(CERTIFICATE_VERIFY, struct.pack("!H", algorithm) + vector(signature))))

    def finish(self):
        """As if all had gone well."""
        self.send(record(CHANGE_CIPHER_SPEC, b"\1") + record(HANDSHAKE, os.urandom(40)))

    def read_to_the_end(self):
        """What else comes, as [(type, data)]; a reset is an end too."""
        came = []
        try:
            while (got := self.read_record()) is not None:
                came.append(got)
        except (ConnectionResetError, BrokenPipeError):
            pass
        return came


# A certificate's few bones in DER (X.690), so that a key can be anything.


def der(tag, *parts):
    data = b"".join(parts)
    if len(data) < 0x80:
        return bytes([tag, len(data)]) + data
    length = len(data).to_bytes((len(data).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + data


def der_integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def certificate_of_key(public_key):
    """Whose SubjectPublicKeyInfo is @public_key (DER). Signed by nobody: who shows it is who matters."""
    rsa_sha256 = der(0x30, bytes.fromhex("06092a864886f70d01010b"), der(0x05))
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0C, b"mallory"))))
    validity = der(0x30, der(0x17, b"200101000000Z"), der(0x17, b"490101000000Z"))
    body = der(0x30, der(0xA0, der_integer(2)), der_integer(1), rsa_sha256, name, validity, name, public_key)
    return der(0x30, body, rsa_sha256, der(0x03, b"\0" + bytes(256)))


def rsa_public_key(modulus, exponent):
    rsa = der(0x30, bytes.fromhex("06092a864886f70d010101"), der(0x05))
    return der(0x30, rsa, der(0x03, b"\0", der(0x30, der_integer(modulus), der_integer(exponent))))
