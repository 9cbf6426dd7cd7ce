#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Options, the key file and what is said when they make no sense. ahoyd(8)."""

import os
import re
import socket
import subprocess

from ahoytest import CLASSIC_REQUEST, RawClient, SystemTest, extended_request, frame, main
from ahoytest.discovery import parse_extended

DEFAULT_PORT = 24690
GROUP = "ahoyd"


class Config(SystemTest):
    def write(self, *lines, name="ahoyd.conf"):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def assert_refuses(self, *options, status, says):
        """Ends by itself with that status and one sentence on stderr that holds these words."""
        result = self.run_server("--data-dir", os.path.join(self.directory, "data"), *options)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for words in says:
            self.assertIn(words, result.stderr)


class Options(Config):
    def test_version(self):
        result = self.run_server("--version")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertRegex(result.stdout, r"^ahoyd \d+\.\d+\.\d+\n$")

    def test_help_names_every_option(self):
        result = self.run_server("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for option in (
            "config",
            "port",
            "discovery-port",
            "bind",
            "no-discovery",
            "mdns",
            "neighbours",
            "name",
            "data-dir",
            "motd",
            "classic-charset",
            "max-clients",
            "max-clients-per-address",
            "max-pending-per-address",
            "failed-logins-per-minute",
            "names-per-key",
            "claim",
            "rate",
            "burst",
            "rate-bytes",
            "require-tls",
            "tls-key",
            "tls-certificate",
            "show-id",
            "check-config",
            "new-log",
            "ready-fd",
            "version",
            "debug",
        ):
            self.assertIn("--" + option, result.stdout)

    def test_the_ready_line(self):
        server = self.start_server()
        self.assertEqual(server.ready_line, f"tcp={server.tcp} udp={DEFAULT_PORT} id={server.id} tls=1\n".encode())
        shown = self.run_server("--show-id", "--data-dir", server.data_dir)
        self.assertIn(server.id, shown.stdout)
        self.assert_serving(server)

    def test_debug_tells_more_and_of_ours_alone(self):
        logs = []
        for options, env in (((), {}), (("--debug",), {}), ((), {"G_MESSAGES_DEBUG": "ahoyd-store"})):
            server = self.start_server(*options, env=env)
            self.log_in(server, "alice").close()
            self.assertEqual(server.stop(), 0)
            logs.append(server.log())
        calm, detailed, chosen = logs
        self.assertNotIn("logged in as alice", calm)
        self.assertIn("logged in as alice", detailed)
        self.assertNotIn("GLib-GIO-DEBUG", detailed)
        self.assertNotIn("logged in as alice", chosen)

    def test_unknown_option(self):
        self.assert_refuses("--prot", "1", status=2, says=["--prot"])
        self.assert_refuses("stray", status=2, says=["stray"])

    def test_bad_values(self):
        for option, value in (
            ("--port", "-1"),
            ("--port", "65536"),
            ("--port", "http"),
            ("--port", ""),
            ("--port", "80x"),
            ("--discovery-port", "70000"),
            ("--bind", "nowhere.invalid."),
            ("--bind", "300.0.0.1"),
            ("--max-clients", "0"),
            ("--max-clients", "many"),
            ("--max-clients", "-5"),
            ("--max-pending-per-address", "-1"),
            ("--failed-logins-per-minute", "some"),
            ("--names-per-key", "all"),
            ("--claim", "Alice"),
            ("--claim", "Alice=qwert"),
            ("--claim", "\N{BLACK STAR}=" + 52 * "a"),
            ("--max-clients-per-address", "most"),
            ("--rate", "fast"),
            ("--burst", "0"),
            ("--rate-bytes", "64k"),
            ("--tls-key", ""),
            ("--ready-fd", "x"),
            ("--classic-charset", "no-such-charset"),
            ("--config", "/nonexistent/ahoyd.conf"),
        ):
            with self.subTest(option=option, value=value):
                # A file that is not there could be there: that is no matter of usage.
                status = 1 if option == "--config" else 2
                self.assert_refuses(option, value, status=status, says=[value or option])

    def test_a_value_that_is_missing(self):
        result = self.run_server("--port")
        self.assertEqual(result.returncode, 2)
        self.assertIn("--port", result.stderr)

    def test_port_taken(self):
        taken = self.listen(0)
        self.assert_refuses("--port", str(taken), status=1, says=[str(taken)])

    def listen(self, port, host="0.0.0.0"):
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.bind((host, port))
        sock.listen()
        return sock.getsockname()[1]

    def test_the_default_port(self):
        server = self.start_server(port=None)
        self.assertEqual(server.tcp, DEFAULT_PORT)

    def test_a_default_port_that_is_taken_gives_way_to_a_free_one(self):
        first = self.start_server(port=None)
        second = self.start_server(port=None)
        self.assertEqual(first.tcp, DEFAULT_PORT)
        self.assertNotIn(second.tcp, (0, DEFAULT_PORT))
        self.assertIn(str(second.tcp), second.log(), "it says so")
        self.assertIn(str(DEFAULT_PORT), second.log())
        self.assertIn(f"sudo ufw allow {second.tcp}/tcp", second.log())
        self.assertNotIn("ufw", first.log())
        self.assert_serving(second)
        port = self.asker().ask(CLASSIC_REQUEST, second.udp, "127.255.255.255")
        self.assertIn(int(port), (first.tcp, second.tcp))

    def test_a_port_that_was_chosen_stays(self):
        first = self.start_server(port=None)
        second = self.start_server(port=None)
        chosen = second.tcp
        first.stop()
        # Whoever looks for it has this one written down, not the default.
        for _ in range(2):
            second.stop()
            second = self.start_server("--data-dir", second.data_dir, port=None)
            self.assertEqual(second.tcp, chosen)
            self.assertIn(f"sudo ufw allow {chosen}/tcp", second.log())
        second.stop()
        # One that was named is no other.
        second = self.start_server("--data-dir", second.data_dir, port=DEFAULT_PORT)
        self.assertEqual(second.tcp, DEFAULT_PORT)
        second.stop()
        # Any will do: that one first.
        second = self.start_server("--data-dir", second.data_dir, port=0)
        self.assertEqual(second.tcp, chosen)
        second.stop()
        # Somebody else has it: the default, and another one when that is taken, too; and there it stays.
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("0.0.0.0", chosen))
            sock.listen()
            with self.subTest("another one"):
                third = self.start_server("--data-dir", second.data_dir, port=0)
                self.assertNotEqual(third.tcp, chosen)
                self.assertIn(f"TCP port {chosen} is in use", third.log())
                third.stop()
                second = third
        third = self.start_server("--data-dir", second.data_dir, port=0)
        self.assertEqual(third.tcp, second.tcp)
        third.stop()
        with open(os.path.join(second.data_dir, "port"), "w", encoding="ascii") as file:
            file.write("nonsense\n")
        self.assertEqual(self.start_server("--data-dir", second.data_dir, port=None).tcp, DEFAULT_PORT)
        self.assertFalse(self.run_server("--check-config", "--data-dir", second.data_dir).returncode)

    def test_data_dir_that_cannot_be_written(self):
        path = os.path.join(self.directory, "file")
        with open(path, "w", encoding="ascii"):
            pass
        result = self.run_server("--port", "0", "--data-dir", path + "/data")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertIn(path, result.stderr)

    def test_what_a_sandbox_forbids_names_the_way_out(self):
        path = os.path.join(self.directory, "ro")
        os.mkdir(path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", path], check=True, timeout=20)
        self.addCleanup(subprocess.run, ["umount", "--lazy", path], check=True, timeout=20)
        options = ("--port", "0", "--data-dir", path + "/data")
        for variable in ("INVOCATION_ID", "NOTIFY_SOCKET"):
            result = self.run_server(*options, env={variable: "/x"})
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
            self.assertIn("drop-in", result.stderr)
        self.assertNotIn("drop-in", self.run_server(*options).stderr)

    def test_the_data_dir_is_made_and_is_private(self):
        server = self.start_server("--data-dir", os.path.join(self.directory, "a", "b"))
        self.assert_serving(server)
        folder = os.path.join(self.directory, "a", "b")
        self.assertEqual(os.stat(folder).st_mode & 0o077, 0)
        for name in os.listdir(folder):
            self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o077, 0, name)

    def test_bind_limits_where_it_listens(self):
        server = self.start_server("--bind", "127.0.0.5", "--bind", "::1")
        for host in ("127.0.0.5", "::1"):
            self.log_in(server, "alice", host=host).close()
        with self.assertRaises(ConnectionRefusedError):
            RawClient(server.tcp, host="127.0.0.1")

    def test_bind_to_an_address_that_is_not_here(self):
        self.assert_refuses("--port", "0", "--bind", "10.99.99.99", status=1, says=["10.99.99.99"])

    def test_motd_is_a_notice_to_who_logs_in(self):
        server = self.start_server("--motd", "Welcome aboard 你好")
        alice = self.log_in(server, "alice")
        self.assertEqual(alice.expect_notice(), "Welcome aboard 你好")
        bob = self.log_in(server, "bob")
        self.assertEqual(bob.expect_notice(), "Welcome aboard 你好")
        alice.expect_frame("2", "bob")
        alice.say("hello")
        alice.expect_chat("alice: hello")

    def test_max_clients(self):
        server = self.start_server("--max-clients", "2")
        alice, bob = self.gather(server, "alice", "bob")
        third = self.connect(server)
        third.expect_turned_out()
        bob.close()
        alice.expect_frame("3", "bob")
        self.assertEqual(self.connect(server).log_in("carol"), ["alice"])


class Check(Config):
    """--check-config: 0 and "fine", or 2 and the mistake."""

    def check(self, *options):
        before = set(os.listdir(self.directory))
        result = self.run_server("--check-config", *options)
        self.assertEqual(set(os.listdir(self.directory)), before, "nothing is made")
        return result

    def assert_fine(self, *options):
        result = self.check(*options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertRegex(result.stdout, r"\A[^\n]*fine\.\n\Z")
        return result.stdout

    def assert_wrong(self, *options, says):
        result = self.check(*options)
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for words in says:
            self.assertIn(words, result.stderr)

    def test_it_is_fine(self):
        self.assert_fine("--data-dir", self.directory + "/data")
        identity = self.make_identity("server")
        path = self.write(f"[{GROUP}]", f"data-dir={self.directory}/a/b", "bind=127.0.0.1;::1", f"tls-key={identity.key}",
                          f"tls-certificate={identity.certificate}")
        self.assertIn(path, self.assert_fine("--config", path))
        self.assert_fine("--config", os.environ["AHOYD_CONF"])

    def test_beside_a_server_that_runs(self):
        path = self.write(f"[{GROUP}]", "bind=127.0.0.1", f"data-dir={self.directory}/data")
        server = self.start_server("--config", path, port=None)
        self.assert_fine("--config", path)
        self.assert_serving(server)

    def test_mistakes_have_their_line(self):
        one, other = self.make_identity("one"), self.make_identity("other")
        for lines, says in (
            (("name=x", "port=many"), (":3: port",)),
            (("prot=1",), (":2: ", "prot")),
            (("name=x", "bind=127.0.0.1;10.99.99.99"), (":3: bind", "10.99.99.99")),
            ((f"data-dir={__file__}/data",), (":2: data-dir", "Not a directory")),
            (("tls-certificate=/nonexistent/c", "tls-key=/nonexistent/k"), (":3: tls-key", "/nonexistent/")),
            ((f"tls-certificate={one.certificate}", f"tls-key={other.key}"), (":3: tls-key",)),
            (("tls-key=/nonexistent/k",), (":2: tls-key", "tls-certificate")),
        ):
            with self.subTest(lines=lines):
                path = self.write(f"[{GROUP}]", *lines)
                self.assert_wrong("--config", path, says=[path, *says])

    def test_mistakes_on_the_command_line(self):
        self.assert_wrong("--bind", "10.99.99.99", says=["--bind", "10.99.99.99"])
        self.assert_wrong("--prot", "1", says=["--prot"])
        self.assert_wrong("--config", "/nonexistent/ahoyd.conf", says=["/nonexistent/ahoyd.conf"])


class KeyFile(Config):
    def test_every_option_is_a_key(self):
        path = self.write(
            f"[{GROUP}]",
            "# a comment",
            "discovery-port=31111",
            "bind=127.0.0.1;::1",
            "name=Das Boot",
            "motd=Hello",
            "classic-charset=ISO-8859-1",
            "max-clients=1",
            f"data-dir={self.directory}/from-file",
            "no-discovery=false",
            "mdns=true",
            "port=0",
        )
        server = self.start_server("--config", path, port=None)
        self.assertEqual(server.udp, 31111)
        self.assertNotEqual(server.tcp, DEFAULT_PORT)
        _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(fields["name"], "Das Boot")
        client = self.connect(server)
        client.send_frame("1", "José".encode("latin-1"))
        client.expect_frame("1", "José".encode("latin-1"))
        self.assertEqual(client.expect_notice(), "Hello")
        self.connect(server).expect_turned_out()
        with self.assertRaises(ConnectionRefusedError):
            RawClient(server.tcp, host="127.0.0.2")

    def test_an_option_beats_the_file(self):
        path = self.write(f"[{GROUP}]", "name=from the file", "motd=from the file")
        server = self.start_server("--config", path, "--name", "from the command line")
        _, fields = parse_extended(self.asker().ask(extended_request(), server.udp))
        self.assertEqual(fields["name"], "from the command line")
        client = self.log_in(server, "alice")
        self.assertEqual(client.expect_notice(), "from the file")

    def test_an_unknown_key_is_named_with_its_line(self):
        path = self.write("# one", f"[{GROUP}]", "port=0", "", "prot=24690", "name=x")
        self.assert_refuses("--config", path, status=2, says=["prot", path])
        result = self.run_server("--config", path)
        self.assertRegex(result.stderr, r"\b5\b", "its line")

    def test_other_mistakes_are_named_with_their_line(self):
        for bad, says in (
            ("port=many", "port"),
            ("no-discovery=perhaps", "no-discovery"),
            ("mdns=sometimes", "mdns"),
            ("require-tls=perhaps", "require-tls"),
            ("max-clients=0", "max-clients"),
            ("what is this", None),
        ):
            with self.subTest(bad=bad):
                path = self.write(f"[{GROUP}]", "name=x", bad)
                self.assert_refuses("--config", path, status=2, says=[path] + ([says] if says else []))
                result = self.run_server("--config", path)
                self.assertIsNotNone(re.search(r"\b3\b", result.stderr), result.stderr)

    def test_the_shipped_file_is_accepted(self):
        with open(os.environ["AHOYD_CONF"], encoding="utf-8") as file:
            text = file.read()
        self.assertIn(f"[{GROUP}]", text)
        self.assert_serving(self.start_server("--config", os.environ["AHOYD_CONF"]))
        # and with every key that stands commented out in it, where it can be tried
        active = re.sub(r"^#(?=[a-z-]+=)", "", text, flags=re.MULTILINE)
        active = re.sub(r"^(port|bind|data-dir|tls-key|tls-certificate)=.*$", "", active, flags=re.MULTILINE)
        server = self.start_server("--config", self.write(active))
        client = self.connect(server)
        client.send_frame("1", "alice")
        client.expect(frame("1", "alice"))


if __name__ == "__main__":
    main()
