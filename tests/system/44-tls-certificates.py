#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Certificates of every kind that clients may show: who they are is their key and nothing else, and what is no certificate harms nobody.
PROTOCOL.md, "TLS" and "Identity"."""

import base64
import os
import random
import secrets
import ssl
import subprocess

from ahoytest import PATIENCE, RawClient, client_context, main
from ahoytest.bystanders import Siege
from ahoytest.rawtls import (
    APPLICATION_DATA,
    ED25519,
    ECDSA_SHA256,
    RSA_PKCS1_SHA256,
    RSA_PSS_SHA256,
    RawTls,
    certificate_of_key,
    der,
    rsa_public_key,
)

SEED = 20240302
VERSIONS = ("1.2", "1.3")
# Characters in a certificate that is, with the rest of it, just within the 4096 bytes that are taken.
LONG_TEXT = 3500


def to_der(pem):
    body = pem.decode().split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return base64.b64decode(body)


def rewrite(identity, change):
    """The certificate's bytes changed; its own signature does not fit any more, which nobody has to care about."""
    with open(identity.certificate, "rb") as file:
        changed = change(to_der(file.read()))
    with open(identity.certificate, "wb") as file:
        file.write(ssl.DER_cert_to_PEM_cert(changed).encode())
    return identity


class Accepted(Siege):
    """Whoever proves to have a key is who it says."""

    def check(self, identity, versions=VERSIONS):
        for version in versions:
            with self.subTest(identity=identity.name, version=version):
                name = f"{identity.name}-{version}"
                client = self.enter(self.server, name, tls=client_context(identity, version))
                self.assertEqual(client.arrival.roster[-1].get("key"), identity.fingerprint)
                client.close()

    def test_keys_of_many_kinds(self):
        for kind in ("P-256", "P-384", "P-521", "Ed25519", "Ed448", "RSA-2048", "RSA-4096"):
            self.check(self.make_identity(kind.lower(), kind))

    def test_expired(self):
        def age(data):
            # Both times of the validity, which stand behind one another: UTCTime, or GeneralizedTime from 2050 on.
            at = data.index(b"\x17\x0d")
            return data[:at] + b"\x17\x0d" + b"990101000000Z" + b"\x17\x0d" + b"991231235959Z" + data[at + 30 :]

        self.check(rewrite(self.make_identity("expired", "P-256", "-days", "1"), age))

    def test_not_yet_valid(self):
        def postpone(data):
            at = data.index(b"\x17\x0d")
            return data[:at] + b"\x17\x0d" + b"480101000000Z" + b"\x17\x0d" + b"491231235959Z" + data[at + 30 :]

        self.check(rewrite(self.make_identity("early", "P-256", "-days", "1"), postpone))

    def test_signed_by_nobody(self):
        self.check(rewrite(self.make_identity("unsigned"), lambda data: data[:-8] + bytes(8)))

    def test_meant_for_something_else(self):
        self.check(self.make_identity("ca", "P-256", "-addext", "basicConstraints=critical,CA:TRUE"))
        self.check(self.make_identity("server", "P-256", "-addext", "extendedKeyUsage=serverAuth"))

    def test_names_that_mean_something_elsewhere(self):
        self.check(self.make_identity("odd", "P-256", "-subj", "/CN=alice/CN=bob/O=\\/\\0\\=<b>/emailAddress=*"))

    def test_as_long_as_may_be(self):
        self.check(self.make_identity("long", "P-256", "-addext", "nsComment=" + "x" * LONG_TEXT))

    def test_none_at_all(self):
        for version in VERSIONS:
            client = self.enter(self.server, f"nobody-{version}", tls=client_context(version=version))
            self.assertNotIn("key", client.arrival.roster[-1])
            client.close()

    def test_a_chain(self):
        """The first one is whose key is proved; the rest is ignored."""
        identity = self.make_identity("first")
        with open(identity.certificate, "ab") as chain:
            for name in ("second", "third"):
                with open(self.make_identity(name).certificate, "rb") as file:
                    chain.write(file.read())
        self.check(identity)


class Refused(Siege):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def assert_refused(self, identity):
        for version in VERSIONS:
            with self.subTest(identity=identity.name, version=version), self.assertRaises((OSError, AssertionError)):
                client = RawClient(self.server.tcp, tls=client_context(identity, version))
                try:
                    client.log_in("mallory")
                finally:
                    client.close()

    def test_longer_than_may_be(self):
        for text in (4096, 13000, 17000, 60000):
            self.assert_refused(self.make_identity(f"long-{text}", "P-256", "-addext", "nsComment=" + "x" * text))

    def test_a_key_of_sixteen_thousand_bits(self):
        """Checking what it signs would take too long."""
        self.assert_refused(self.make_identity("big", "RSA-16384"))

    def test_too_long_a_chain(self):
        identity = self.make_identity("first")
        with open(identity.certificate, "rb") as file:
            pem = file.read()
        with open(identity.certificate, "ab") as chain:
            chain.write(pem * 60)
        self.assert_refused(identity)

    def test_curves_that_are_not_ours(self):
        for kind in ("secp256k1", "brainpool"):
            identity = self.make_identity(kind, kind)
            context = client_context(identity, "1.2")
            with self.subTest(kind=kind):
                try:
                    client = RawClient(self.server.tcp, tls=context)
                except OSError:
                    continue
                # OpenSSL shows no certificate when it sees that it would not be taken: then this is nobody.
                self.assertEqual(client.log_in(kind), ["alice", "bob"])
                client.close()

    def show(self, certificate, signature=None, algorithm=RSA_PKCS1_SHA256):
        """Shows anything in a handshake of TLS 1.2. Returns how many seconds of work the server had until it ended it."""
        peer = RawTls(self.server.tcp, 60 * PATIENCE)
        self.addCleanup(peer.close)
        peer.greet()
        before = self.server.cpu_seconds()
        try:
            peer.show(*certificate)
            peer.prove(signature if signature is not None else b"\x10" + secrets.token_bytes(255), algorithm)
            peer.finish()
        except OSError:
            pass  # it has ended already
        came = peer.read_to_the_end()
        self.assertNotIn(APPLICATION_DATA, [kind for kind, _ in came])
        return self.server.cpu_seconds() - before

    def test_no_certificates(self):
        with open(self.make_identity("good").certificate, "rb") as file:
            good = to_der(file.read())
        cases = [[b""], [b"\0"], [b"\x30\x80"], [b"\x30\x84\xff\xff\xff\xff"], [os.urandom(1000)], [good[:-1]], [good + b"x"], [b"\x30" * 5000]]
        cases += [[good[:length]] for length in range(1, len(good), 23)]
        cases += [[good, b""], [good] * 20, [b""] * 100]
        deep = b""
        for _ in range(2000):
            deep = der(0x30, deep)
        cases.append([deep])
        for case in cases:
            self.assertLess(self.show(case), PATIENCE)

    def test_certificates_with_wrong_bytes(self):
        identities = [self.make_identity(kind, kind) for kind in ("P-256", "Ed25519", "RSA-2048")]
        for identity in identities:
            with open(identity.certificate, "rb") as file:
                good = to_der(file.read())
            for _ in range(60):
                data = bytearray(good)
                for _ in range(self.random.randrange(1, 4)):
                    data[self.random.randrange(len(data))] = self.random.randrange(256)
                self.show([bytes(data)], algorithm=self.random.choice((ECDSA_SHA256, ED25519, RSA_PKCS1_SHA256, RSA_PSS_SHA256)))

    def test_proofs_that_are_none(self):
        with open(self.make_identity("good").certificate, "rb") as file:
            good = to_der(file.read())
        for algorithm in (ECDSA_SHA256, ED25519, RSA_PKCS1_SHA256, 0x0201, 0x0101, 0x0000, 0xFFFF):
            for signature in (b"", b"\0", secrets.token_bytes(70), bytes(16000), der(0x30, der(0x02, b"\0"), der(0x02, b"\0"))):
                with self.subTest(algorithm=hex(algorithm), length=len(signature)):
                    self.show([good], signature, algorithm)

    def dear_key(self, bits):
        """An RSA key whose every use takes its time."""
        modulus = secrets.randbits(bits) | 1 | 1 << bits - 1
        exponent = secrets.randbits(bits - 2) | 1 | 1 << bits - 3
        return certificate_of_key(rsa_public_key(modulus, exponent))

    def test_keys_that_are_made_to_be_dear(self):
        """Nobody has to own such a key: it is enough to show it and to sign with anything."""
        for bits in (2048, 8192, 16384, 32768, 56000):
            with self.subTest(bits=bits):
                signature = b"\x10" + secrets.token_bytes(bits // 8 - 1)
                self.assertLess(self.show([self.dear_key(bits)], signature), PATIENCE)
                self.assertLess(self.show([self.dear_key(bits)], signature, RSA_PSS_SHA256), PATIENCE)

    def test_keys_that_are_made_to_be_dear_in_both_versions(self):
        path = os.path.join(self.directory, "dear.der")
        for bits in (2048, 16384, 32768):
            with open(path, "wb") as file:
                file.write(self.dear_key(bits))
            for version in VERSIONS:
                with self.subTest(bits=bits, version=version):
                    before = self.server.cpu_seconds()
                    result = subprocess.run(
                        [os.environ["FALSE_PROOF"], str(self.server.tcp), path, version], capture_output=True, timeout=60 * PATIENCE, check=True, text=True
                    )
                    self.assertIn("alert", result.stdout)
                    self.assertLess(self.server.cpu_seconds() - before, PATIENCE, result.stdout)


if __name__ == "__main__":
    main()
