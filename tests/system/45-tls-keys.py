#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The server's own key and the operator's pair: which is used, what is shown of it, and what is said when it cannot be. ahoyd(8)."""

import os
import re
import shutil
import stat

from ahoytest import SystemTest, client_context, extended_request, fingerprint_of, main, openssl
from ahoytest.discovery import parse_extended

FILES = ("server.pem", "server.id")


class Keys(SystemTest):
    def setUp(self):
        super().setUp()
        self.data = os.path.join(self.directory, "data")

    def path(self, name):
        return os.path.join(self.data, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def start_once(self, *options):
        """A server that was here and has stopped. Returns its id."""
        server = self.start_server("--data-dir", self.data, *options)
        fingerprint = self.log_in(server, "alice", tls=True).socket.peer_fingerprint()
        self.assertEqual(server.stop(), 0)
        return fingerprint[:26]

    def assert_refuses(self, *options, says):
        """Ends by itself with status 1 and one sentence that holds these words."""
        result = self.run_server("--port", "0", "--data-dir", self.data, *options)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for words in says:
            self.assertIn(words, result.stderr)

    def show(self, *options):
        """{line: value} of --show-id."""
        result = self.run_server("--show-id", "--data-dir", self.data, *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return dict(line.split(None, 1) for line in result.stdout.splitlines())


class OwnKey(Keys):
    def test_it_is_kept_and_private(self):
        first = self.start_once()
        before = [self.read(name) for name in FILES]
        self.assertEqual(self.start_once(), first)
        self.assertEqual([self.read(name) for name in FILES], before)
        for name in FILES:
            self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600, name)

    def test_it_is_what_openssl_takes_for_one(self):
        first = self.start_once()
        pem = self.read("server.pem")
        self.assertEqual(fingerprint_of(pem)[:26], first)
        self.assertIn(b"P-256", openssl("pkey", "-noout", "-text", data=pem))
        self.assertEqual(openssl("pkey", "-pubout", data=pem), openssl("x509", "-noout", "-pubkey", data=pem))

    def test_one_that_others_can_read(self):
        """Is private from then on, and the operator is told, once."""
        first = self.start_once()
        os.chmod(self.path("server.pem"), 0o644)
        server = self.start_server("--data-dir", self.data)
        server.expected = "server.pem.*0644"
        self.assertEqual(stat.S_IMODE(os.stat(self.path("server.pem")).st_mode), 0o600)
        self.assertEqual(len(server.complaints()), 1, server.log())
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.start_once(), first)

    def test_two_servers_are_two(self):
        first = self.start_once()
        self.data += "-2"
        self.assertNotEqual(self.start_once(), first)

    def test_a_file_that_is_missing_or_broken(self):
        self.start_once()
        good = self.read("server.pem")
        key = good[: good.index(b"-----BEGIN CERTIFICATE-----")]
        certificate = good[len(key) :]
        other = self.make_identity("other")
        with open(other.key, "rb") as file:
            other_key = file.read()
        with open(other.certificate, "rb") as file:
            other_pem = other_key + file.read()
        for what, contents in (
            ("missing", None),
            ("empty", b""),
            ("random", os.urandom(500)),
            ("text", b"hello\n"),
            ("cut", good[: len(good) // 2]),
            ("cut in the certificate", good[:-60]),
            ("only the key", key),
            ("only the certificate", certificate),
            ("a key of somebody else's", other_key + certificate),
            ("somebody else's", other_pem),
            ("huge", good + b"\n" * (1 << 20)),
            ("NULs", bytes(len(good))),
        ):
            with self.subTest(what=what):
                if contents is None:
                    os.unlink(self.path("server.pem"))
                else:
                    with open(self.path("server.pem"), "wb") as file:
                        file.write(contents)
                self.assert_refuses(says=["server.pem"])
                result = self.run_server("--show-id", "--data-dir", self.data)
                self.assertEqual((result.returncode, result.stdout), (1, ""))
                # Nothing was made in its place.
                if contents is None:
                    self.assertFalse(os.path.exists(self.path("server.pem")))
                else:
                    self.assertEqual(self.read("server.pem"), contents)
        with open(self.path("server.pem"), "wb") as file:
            file.write(good)
        os.chmod(self.path("server.pem"), 0o600)
        self.start_once()

    def test_a_file_that_cannot_be_read(self):
        self.start_once()
        os.unlink(self.path("server.pem"))
        os.mkdir(self.path("server.pem"))  # not even root reads that
        self.assert_refuses(says=["server.pem"])
        os.rmdir(self.path("server.pem"))
        os.symlink("server.pem", self.path("server.pem"))
        self.assert_refuses(says=["server.pem"])

    def test_a_key_from_before_is_written_down(self):
        first = self.start_once()
        os.unlink(self.path("server.id"))
        self.assertEqual(self.start_once(), first)
        self.assertIn(first.encode(), self.read("server.id"))

    def test_to_begin_anew_takes_both(self):
        first = self.start_once()
        for name in FILES:
            os.unlink(self.path(name))
        self.assertNotEqual(self.start_once(), first)

    def test_a_folder_in_which_none_can_be_made(self):
        os.makedirs(self.data)
        os.mkdir(self.path("server.id"))
        self.assert_refuses(says=["server."])


class ShowId(Keys):
    def test_it_is_what_openssl_computes(self):
        first = self.start_once()
        shown = self.show()
        self.assertEqual(list(shown), ["id", "words", "key"])
        self.assertEqual(shown["id"], first)
        self.assertEqual(shown["id"], fingerprint_of(self.read("server.pem"))[:26])
        self.assertRegex(shown["words"], r"^[a-z]+ [a-z]+ [a-z]+ [a-z]+$")
        self.assertEqual(shown["key"], self.path("server.pem"))
        self.assertEqual(self.show(), shown)

    def test_while_it_runs_too(self):
        server = self.start_server("--data-dir", self.data)
        shown = self.show()
        _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(shown["id"], fields["id"])
        self.assert_serving(server)

    def test_where_there_is_none_yet(self):
        result = self.run_server("--show-id", "--data-dir", self.data)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertIn(self.data, result.stderr)
        self.assertFalse(os.path.exists(self.data))

    def test_of_a_pair(self):
        pair = self.make_identity("pair")
        shown = self.show("--tls-key", pair.key, "--tls-certificate", pair.certificate)
        self.assertEqual(shown["id"], pair.fingerprint[:26])
        self.assertEqual(shown["key"], pair.key)

    def test_the_folder_that_is_chosen_by_itself(self):
        data = os.path.join(self.directory, "state")
        server = self.start_server("--data-dir", data)
        self.assertEqual(server.stop(), 0)
        result = self.run_server("--show-id", env={"STATE_DIRECTORY": data})
        self.assertIn(os.path.join(data, "server.pem"), result.stdout)


class Pair(Keys):
    def options(self, pair):
        return "--tls-key", pair.key, "--tls-certificate", pair.certificate

    def test_every_kind(self):
        for kind in ("P-256", "P-384", "P-521", "Ed25519", "RSA-2048"):
            with self.subTest(kind=kind):
                pair = self.make_identity(kind, kind)
                server = self.start_server("--data-dir", f"{self.data}-{kind}", *self.options(pair))
                _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
                self.assertEqual(fields["id"], pair.fingerprint[:26])
                for version in ("1.2", "1.3"):
                    client = self.enter(server, f"alice{version}", tls=client_context(version=version))
                    self.assertEqual(client.socket.peer_fingerprint(), pair.fingerprint)
                    self.assertEqual(client.arrival.welcome["id"], pair.fingerprint[:26])
                self.assertEqual(server.stop(), 0)

    def test_one_that_others_can_read(self):
        """It is taken as it is, and the operator is told."""
        pair = self.make_identity("pair")
        os.chmod(pair.key, 0o644)
        server = self.start_server("--data-dir", self.data, *self.options(pair))
        server.expected = "pair.key.*0644"
        self.assertEqual(len(server.complaints()), 1, server.log())
        self.assertEqual(self.log_in(server, "alice", tls=True).socket.peer_fingerprint(), pair.fingerprint)
        self.assertEqual(stat.S_IMODE(os.stat(pair.key).st_mode), 0o644)

    def test_from_the_configuration_file(self):
        pair = self.make_identity("pair")
        config = os.path.join(self.directory, "ahoyd.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"[ahoyd]\ntls-key={pair.key}\ntls-certificate={pair.certificate}\nrequire-tls=true\n")
        server = self.start_server("--config", config)
        self.assertEqual(self.log_in(server, "alice", tls=True).socket.peer_fingerprint(), pair.fingerprint)

    def test_the_key_in_the_folder_is_left_alone(self):
        own = self.start_once()
        before = [self.read(name) for name in FILES]
        pair = self.make_identity("pair")
        self.assertEqual(self.start_once(*self.options(pair)), pair.fingerprint[:26])
        self.assertEqual([self.read(name) for name in FILES], before)
        self.assertEqual(self.start_once(), own)

    def test_one_without_the_other(self):
        pair = self.make_identity("pair")
        for option, path, missing in (
            ("--tls-key", pair.key, "tls-certificate"),
            ("--tls-certificate", pair.certificate, "tls-key"),
        ):
            result = self.run_server("--data-dir", self.data, option, path)
            self.assertEqual(result.returncode, 2)
            self.assertIn(missing, result.stderr)

    def test_pairs_that_are_none(self):
        pair, other = self.make_identity("pair"), self.make_identity("other")
        weak = self.make_identity("weak", "RSA-1024")
        empty = os.path.join(self.directory, "empty")
        with open(empty, "wb"):
            pass
        locked = os.path.join(self.directory, "locked")
        openssl("pkey", "-in", pair.key, "-aes256", "-passout", "pass:secret", "-out", locked)
        for key, certificate, says in (
            (pair.key, other.certificate, "pair.key"),
            (pair.certificate, pair.certificate, "pair.crt"),
            (pair.key, pair.key, "pair.key"),
            (empty, pair.certificate, "empty"),
            (pair.key, empty, "empty"),
            (self.directory, pair.certificate, self.directory),
            (pair.key, "/nonexistent/certificate", "/nonexistent/certificate"),
            ("/nonexistent/key", pair.certificate, "/nonexistent/key"),
            (locked, pair.certificate, "locked"),
            (weak.key, weak.certificate, "weak"),
        ):
            with self.subTest(key=key, certificate=certificate):
                self.assert_refuses("--tls-key", key, "--tls-certificate", certificate, says=[says])
        self.assertFalse(os.path.exists(self.path("server.pem")))

    def test_a_chain(self):
        pair = self.make_identity("pair")
        with open(pair.certificate, "ab") as chain, open(self.make_identity("above").certificate, "rb") as above:
            shutil.copyfileobj(above, chain)
        self.assertEqual(self.start_once(*self.options(pair)), pair.fingerprint[:26])


class Log(Keys):
    def test_no_secret_is_in_it(self):
        server = self.start_server("--data-dir", self.data, env={"G_MESSAGES_DEBUG": "all"})
        self.log_in(server, "alice", tls=self.make_identity("alice"))
        self.assertEqual(server.stop(), 0)
        self.assertIsNone(re.search("PRIVATE", server.log()))


if __name__ == "__main__":
    main()
