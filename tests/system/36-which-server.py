#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""Which server a command is about, when its folder came from the environment. ahoyd(8), "Names"."""

import os

from ahoytest import NO_LIMITS, SystemTest, main


class WhichServer(SystemTest):
    def setUp(self):
        super().setUp()
        self.default = os.path.join(self.directory, "ahoyd")

    def write(self, name, *lines):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(("[ahoyd]", *lines)) + "\n")
        return path

    def serve(self, config, folder, owner):
        """A server with that folder and configuration, on which somebody owns a name."""
        options = ("--config", config) if config else ()
        server = self.start_server("--data-dir", folder, *NO_LIMITS, *options)
        self.enter(server, owner, tls=self.make_identity(owner)).close()
        return server

    def ask(self, *options, state=None):
        return self.run_server("names", *options, env={"STATE_DIRECTORY": state or self.default})

    def assert_answers(self, result, owner, *says):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([line.split("\t")[0] for line in result.stdout.splitlines()[1:]], [owner])
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for words in says:
            self.assertIn(words, result.stderr)

    def assert_refused(self, result, *says):
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        for words in (*says, "--data-dir"):
            self.assertIn(words, result.stderr)

    def test_the_one_that_was_started_with_it(self):
        one, two = self.write("one.conf", "name=One"), self.write("two.conf", "name=Two")
        self.serve(one, self.default, "alice")
        second = self.serve(two, self.default + "-two", "bob")
        for _ in range(2):  # running, and not
            self.assert_answers(self.ask("--config", one), "alice", "'One'", f"'{self.default}'")
            self.assert_answers(self.ask("--config", two), "bob", "'Two'", f"'{self.default}-two'")
            second.stop()
        link = os.path.join(self.directory, "link.conf")
        os.symlink(two, link)
        self.assert_answers(self.ask("--config", link), "bob")

    def test_several_were_started_with_it(self):
        """As when somebody tries the file of an instance by hand: the one that runs is meant, and where that does not tell, none."""
        one = self.write("one.conf", "name=One")
        tried = self.serve(one, self.default, "alice")
        served = self.serve(one, self.default + "-one", "bob")
        self.assert_refused(self.ask("--config", one), one, f"'{self.default}'", f"'{self.default}-one'")
        tried.stop()
        self.assert_answers(self.ask("--config", one), "bob", f"'{self.default}-one'")
        result = self.run_server("--show-id", "--config", one, env={"STATE_DIRECTORY": self.default})
        self.assertIn(f"{self.default}-one/server.pem", result.stdout)
        self.assertIn("running", self.run_server("restore", one, "--config", one, env={"STATE_DIRECTORY": self.default}).stderr)
        served.stop()
        self.assert_refused(self.ask("--config", one), one)

    def test_none_was_started_with_it(self):
        one, other = self.write("one.conf", "name=One"), self.write("other.conf", "name=Other")
        server = self.serve(one, self.default, "alice")
        self.assert_refused(self.ask("--config", other), one, other, self.default)
        result = self.run_server("--show-id", "--config", other, env={"STATE_DIRECTORY": self.default})
        self.assert_refused(result, one, other, self.default)
        for command in ("backup", "restore"):
            file = one if command == "restore" else os.path.join(self.directory, "b")
            self.assert_refused(self.run_server(command, file, "--config", other, env={"STATE_DIRECTORY": self.default}), one, other)
        server.stop()
        self.assert_refused(self.ask("--config", other), one, other, self.default)
        self.serve(None, self.default, "carol").stop()
        self.assert_refused(self.ask("--config", other), "no configuration file", other)

    def test_a_folder_that_is_named_is_asked_without_more_words(self):
        one, other = self.write("one.conf", "name=One"), self.write("other.conf", f"data-dir={self.default}")
        self.serve(one, self.default, "alice")
        for options in (("--config", other), ("--data-dir", self.default), ("--config", one, "--data-dir", self.default)):
            result = self.ask(*options)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("alice", result.stdout)

    def test_without_a_file_it_says_whom_it_asks(self):
        self.serve(self.write("one.conf", "name=One"), self.default, "alice")
        self.assert_answers(self.ask(), "alice", "'One'", f"'{self.default}'")


if __name__ == "__main__":
    main()
