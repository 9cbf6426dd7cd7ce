#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""What is installed where, and what the operator has changed since. Uses the build as it is, and the script itself."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["BUILD_ROOT"])
INSTALL_ONCE = os.environ["INSTALL_ONCE"]
SYSCONFDIR = os.environ["SYSCONFDIR"]


class Install(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="ahoy-install-")
        self.addCleanup(directory.cleanup)
        self.top = pathlib.Path(directory.name)
        self.source = self.top / "source.conf"
        self.source.write_text("as shipped\n", encoding="utf-8")

    def install(self, folder, destdir=None):
        env = {key: value for key, value in os.environ.items() if not key.startswith(("DESTDIR", "MESON_INSTALL"))}
        if destdir:
            env["DESTDIR"] = str(destdir)
        return subprocess.run([INSTALL_ONCE, self.source, folder, "ahoyd.conf"], env=env, check=True, capture_output=True, text=True, timeout=60).stdout

    def test_what_the_operator_changed_stays(self):
        folder = self.top / "etc"
        self.assertIn(str(folder), self.install(folder))
        config = folder / "ahoyd.conf"
        self.assertEqual(config.read_text(encoding="utf-8"), "as shipped\n")
        self.assertEqual(config.stat().st_mode & 0o777, 0o644)
        self.assertEqual(self.install(folder), "", "nothing to say")
        config.write_text("edited\n", encoding="utf-8")
        said = self.install(folder)
        self.assertIn(str(config), said)
        self.assertIn(str(self.source), said)
        self.assertEqual(config.read_text(encoding="utf-8"), "edited\n")
        config.unlink()
        config.symlink_to(self.top / "nowhere")
        self.install(folder)
        self.assertTrue(config.is_symlink(), "a link of the operator's, too")

    def test_a_package_in_the_making_always_gets_it(self):
        config = self.top / "package" / "etc" / "ahoyd.conf"
        for _ in range(2):
            self.install("/etc", self.top / "package")
            self.assertEqual(config.read_text(encoding="utf-8"), "as shipped\n")
            config.write_text("of an earlier build\n", encoding="utf-8")

    def test_pages_and_units_name_the_installed_path(self):
        data = BUILD / "data"
        config = f"{SYSCONFDIR}/ahoyd.conf"
        page = (data / "ahoyd.8").read_text(encoding="utf-8")
        self.assertIn(config, page)
        self.assertIn(f"{SYSCONFDIR}/ahoyd/workshop.conf", page)
        for text in (page, (data / "ahoyd.conf").read_text(encoding="utf-8")):
            self.assertNotRegex(text, r"@\w+@")
            for path in re.findall(r"[\w/]*/ahoyd(?:/\w+)?\.conf", text):
                self.assertTrue(path.startswith(SYSCONFDIR + "/"), path)
        for unit, path, state in (("ahoyd.service", config, "ahoyd"), ("ahoyd@.service", f"{SYSCONFDIR}/ahoyd/%i.conf", "ahoyd-%i")):
            lines = (data / unit).read_text(encoding="utf-8").splitlines()
            self.assertTrue(any(line.startswith("ExecStart=/") and line.endswith(f"/ahoyd --config {path}") for line in lines), unit)
            self.assertTrue(any(line.startswith("ExecReload=/") and line.endswith(f"--check-config --config {path}") for line in lines), unit)
            self.assertIn(f"StateDirectory={state}", lines)
            self.assertIn("RestartPreventExitStatus=2 3", lines)
            self.assertIn("ExecReload=kill -HUP $MAINPID", lines)


if __name__ == "__main__":
    unittest.main()
