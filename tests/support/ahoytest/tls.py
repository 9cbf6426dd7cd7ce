# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A client's end of TLS, by Python's own OpenSSL: nothing of ours is in it. Certificates are made by the openssl program when a test wants them."""

import base64
import functools
import hashlib
import os
import shutil
import ssl
import subprocess
import threading

from .process import PATIENCE

OPENSSL_SECONDS = 120 * PATIENCE


def openssl(*arguments, data=None):
    """What `openssl ARGUMENTS` prints."""
    result = subprocess.run(
        ["openssl", *map(str, arguments)], input=data or b"", capture_output=True, timeout=OPENSSL_SECONDS, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    if result.returncode != 0:
        raise AssertionError(f"openssl {' '.join(map(str, arguments))}: {result.stderr.decode(errors='replace')}")
    return result.stdout


def fingerprint_of_key(public_key_der):
    """PROTOCOL.md, "Identity": SHA-256 of the SubjectPublicKeyInfo, base32 in lower case, without padding. An id is its first 26 characters."""
    return base64.b32encode(hashlib.sha256(public_key_der).digest()).decode().lower().rstrip("=")


@functools.lru_cache
def fingerprint_of(certificate_pem):
    """Of the first certificate in a PEM text, as openssl reads it."""
    public_key = openssl("x509", "-noout", "-pubkey", data=certificate_pem)
    return fingerprint_of_key(openssl("pkey", "-pubin", "-outform", "DER", data=public_key))


# What `openssl req -newkey` is told to make.
KINDS = {
    "P-256": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "P-384": ("ec", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "P-521": ("ec", "-pkeyopt", "ec_paramgen_curve:P-521"),
    "secp256k1": ("ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
    "brainpool": ("ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"),
    "Ed25519": ("ed25519",),
    "Ed448": ("ed448",),
    "RSA-1024": ("rsa:1024",),
    "RSA-2048": ("rsa:2048",),
}
# Of kinds that take seconds to minutes to make, with luck. These were made for the tests, and are nobody's.
MADE = {"RSA-4096": "rsa-4096.key", "RSA-16384": "rsa-16384.key"}
KEYS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "system", "data")


class Identity:
    """A key and its self-signed certificate, made by openssl as @name.key and @name.crt in @directory. @more: for `openssl req`."""

    def __init__(self, directory, name, kind="P-256", *more):
        self.name = name
        self.key = os.path.join(directory, name + ".key")
        self.certificate = os.path.join(directory, name + ".crt")
        subject = () if "-subj" in more else ("-subj", "/CN=" + name)
        days = () if "-days" in more else ("-days", "3650")
        if kind in MADE:
            shutil.copy(os.path.join(KEYS, MADE[kind]), self.key)
            key = ("-new", "-key", self.key)
        else:
            key = ("-nodes", "-newkey", *KINDS[kind], "-keyout", self.key)
        openssl("req", "-x509", *key, "-out", self.certificate, *subject, *days, *more)

    @functools.cached_property
    def fingerprint(self):
        """All 52 characters: what others see as `key=`."""
        with open(self.certificate, "rb") as file:
            return fingerprint_of(file.read())


def client_context(identity=None, version=None):
    """An SSLContext that takes any certificate, as pins are somebody else's matter. @version: "1.2" or "1.3"; None: what both sides have."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if version is not None:
        context.minimum_version = context.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
    if identity is not None:
        context.load_cert_chain(identity.certificate, identity.key)
    return context


def context_for(tls):
    """Of what tests say: True (no certificate), an Identity, or a context of their own."""
    if isinstance(tls, ssl.SSLContext):
        return tls
    return client_context(None if tls is True else tls)


class TlsSocket:
    """A connected socket with TLS on it: what RawPeer does with a socket, and what only a test wants to do. One thread may write while another
    reads. The end without a close_notify is an ssl.SSLEOFError, not an end."""

    def __init__(self, raw, context, session=None):
        self.raw = raw
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, session=session)
        self.heard = bytearray()  # all ciphertext that ever came
        self.lock = threading.Lock()  # `tls` and its two BIOs
        self.sending = threading.Lock()  # what goes out goes out in order

    def handshake(self):
        """In TLS 1.3 a server that does not like our certificate says so only when something is read next."""
        self._until_done(self.tls.do_handshake)

    def _flush(self):
        with self.sending:
            with self.lock:
                data = self.outgoing.read()
            self.raw.sendall(data)

    def _until_done(self, step):
        while True:
            try:
                with self.lock:
                    return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                if self.outgoing.pending:
                    self._flush()
            self.feed(self.raw.recv(1 << 18))

    def feed(self, data):
        """Ciphertext, as if it had come; b"": the end."""
        with self.lock:
            if data:
                self.heard += data
                self.incoming.write(data)
            else:
                self.incoming.write_eof()

    def seal(self, data):
        """@data as the bytes that would go over the wire; they are not sent."""
        with self.lock:
            if data:
                self.tls.write(data)
            return self.outgoing.read()

    # As a socket

    def sendall(self, data):
        view = memoryview(bytes(data))
        with self.lock:
            while view:
                view = view[self.tls.write(view) :]
        self._flush()

    def recv(self, size):
        try:
            return self._until_done(lambda: self.tls.read(size))
        except ssl.SSLZeroReturnError:
            return b""

    def shutdown(self, how):
        """A close_notify, then the same to the socket; not to be read from afterwards unless @how is SHUT_WR."""
        try:
            with self.lock:
                self.tls.unwrap()
        except ssl.SSLError:
            pass  # the other's close_notify is not here yet, or there is nobody to say it to
        try:
            self._flush()
        except OSError:
            pass
        self.raw.shutdown(how)

    def settimeout(self, seconds):
        self.raw.settimeout(seconds)

    def setsockopt(self, *option):
        self.raw.setsockopt(*option)

    def getsockname(self):
        return self.raw.getsockname()

    def fileno(self):
        return self.raw.fileno()

    def close(self):
        """Without a close_notify, as a program that is killed."""
        self.raw.close()

    # What was agreed

    def records_heard(self):
        """How many whole or begun records came."""
        count, at = 0, 0
        while at < len(self.heard):
            at += 5 + int.from_bytes(self.heard[at + 3 : at + 5], "big")
            count += 1
        return count

    def version(self):
        return self.tls.version()

    def cipher(self):
        return self.tls.cipher()[0]

    def peer_certificate(self):
        """PEM."""
        return ssl.DER_cert_to_PEM_cert(self.tls.getpeercert(binary_form=True)).encode()

    def peer_fingerprint(self):
        return fingerprint_of(self.peer_certificate())
