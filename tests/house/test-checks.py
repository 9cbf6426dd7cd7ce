#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The checks of the house find what they are there to find."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

BUILD_AUX = pathlib.Path(os.environ["BUILD_AUX"])


class Checks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="ahoy-house-")
        self.addCleanup(directory.cleanup)
        self.top = pathlib.Path(directory.name)
        self.write("src/wire/ahoy-link.h", "#include <gio/gio.h>\n")
        self.write("src/wire/ahoy-link.c", '#include "wire/ahoy-link.h"\n#include "ahoy-config.h"\n')
        self.write("src/disk/ahoy-sqlite.h", "#include <gio/gio.h>\n#include <sqlite3.h>\n")
        self.write("src/disk/ahoy-sqlite.c", '#include "disk/ahoy-sqlite.h"\n')
        self.write("src/core/ahoy-database.c", '#include "disk/ahoy-sqlite.h"\n')
        self.write("src/core/ahoy-client.h", '#include <gio/gio.h>\n#include "core/ahoy-person.h"\n')
        self.write("src/core/ahoy-client-private.h", '#include "wire/ahoy-link.h"\n')
        self.write("src/core/ahoy-client.c", '#include "core/ahoy-client.h"\n#include "wire/ahoy-link.h"\n/* _("not a sentence") */\n')
        self.write("src/ui/ahoy-window.c", '#include <adwaita.h>\n#include "core/ahoy-client.h"\n')
        self.write("src/ui/ahoy-window.ui", '<property name="title" translatable="yes">Ahoy</property>\n')
        self.write("server/ahoyd-hub.c", '#include "ahoyd-hub.h"\n#include "wire/ahoy-link.h"\n')
        self.write("server/store/ahoyd-database.c", '#include "disk/ahoy-sqlite.h"\n')
        self.write("data/x.desktop.in", "[Desktop Entry]\n")
        self.write("po/POTFILES", "# all of them\ndata/x.desktop.in\nsrc/ui/ahoy-window.ui\n")

    def write(self, name, text):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_check(self, check):
        return subprocess.run([BUILD_AUX / check, self.top], capture_output=True, text=True, check=False, timeout=60)

    def assert_fails(self, check, name, text, *says):
        before = self.run_check(check)
        self.assertEqual(before.returncode, 0, before.stdout + before.stderr)
        self.write(name, text)
        result = self.run_check(check)
        self.assertEqual(result.returncode, 1, f"{name}: {text}")
        for words in says:
            self.assertIn(words, result.stdout)

    def test_a_header_that_the_ui_reaches_includes_wire(self):
        self.write("src/core/ahoy-inner.h", '#include "wire/ahoy-link.h"\n')  # core's own business, until
        self.assert_fails("check-layers", "src/core/ahoy-person.h", '#include "core/ahoy-inner.h"\n', "src/core/ahoy-inner.h", "frames")

    def test_ui_includes_wire(self):
        self.assert_fails("check-layers", "src/ui/ahoy-x.c", '#include "wire/ahoy-link.h"\n', "src/ui/ahoy-x.c")

    def test_ui_includes_what_is_private_to_core(self):
        self.assert_fails("check-layers", "src/ui/ahoy-x.c", '#include "core/ahoy-client-private.h"\n', "private")

    def test_server_includes_core(self):
        self.assert_fails("check-layers", "server/ahoyd-x.c", '#include "core/ahoy-client.h"\n', "server/ahoyd-x.c")

    def test_core_includes_server(self):
        self.assert_fails("check-layers", "src/core/ahoy-x.c", '# include "server/ahoyd-hub.h"\n', "src/core/ahoy-x.c")

    def test_wire_includes_core(self):
        self.assert_fails("check-layers", "src/wire/ahoy-x.h", '#include "core/ahoy-client.h"\n', "src/wire/ahoy-x.h")

    def test_disk_includes_another_layer(self):
        for header in ("wire/ahoy-link.h", "core/ahoy-client.h", "server/ahoyd-hub.h"):
            with self.subTest(header=header):
                self.assert_fails("check-layers", "src/disk/ahoy-x.c", f'#include "{header}"\n', "src/disk/ahoy-x.c", header)
                self.write("src/disk/ahoy-x.c", "")

    def test_ui_or_wire_includes_disk(self):
        for name in ("src/ui/ahoy-x.c", "src/main.c", "src/wire/ahoy-x.c"):
            with self.subTest(name=name):
                self.assert_fails("check-layers", name, '#include "disk/ahoy-sqlite.h"\n', name, "disk/ahoy-sqlite.h")
                self.write(name, "")

    def test_gtk_below_ui(self):
        for header in ("gtk/gtk.h", "adwaita.h", "gdk/gdk.h"):
            for name in ("server/ahoyd-x.c", "src/disk/ahoy-x.c"):
                with self.subTest(header=header, name=name):
                    self.assert_fails("check-layers", name, f"#include <{header}>\n", name, "GTK")
                    self.write(name, "")

    def test_include_without_folder(self):
        self.assert_fails("check-layers", "src/core/ahoy-x.c", '#include "ahoy-client.h"\n', "without its folder")

    def test_a_new_folder(self):
        self.assert_fails("check-layers", "src/more/ahoy-x.c", "", "no layer knows")

    def test_a_sentence_below_ui(self):
        self.assert_fails("check-strings", "src/core/ahoy-x.c", 'f (_("Hello"));\n', "src/core/ahoy-x.c")

    def test_a_file_that_is_not_in_potfiles(self):
        self.assert_fails("check-strings", "src/ui/ahoy-x.c", 'f (ngettext ("%u", "%u", n));\n', "po/POTFILES lacks src/ui/ahoy-x.c")

    def test_a_line_too_many_in_potfiles(self):
        self.assert_fails(
            "check-strings", "po/POTFILES", "data/x.desktop.in\nsrc/ui/ahoy-window.ui\nsrc/ui/ahoy-window.c\n", "src/ui/ahoy-window.c"
        )

    def write_modules(self, folder, calls):
        """Modules whose functions call as @calls says: by name, those of others by name."""
        for name, others in calls.items():
            called = "".join(f"  {other}_do ();\n" for other in others)
            self.write(f"{folder}/{name}.c", f"static void\n{name}_helper (void)\n{{\n}}\n\nvoid\n{name}_do (void)\n{{\n{called}}}\n")

    def test_a_circle(self):
        for folder in ("src/core/room", "server/room"):
            with self.subTest(folder=folder):
                self.write_modules(folder, {"a": "b", "b": "a", "c": "a"})  # two may
                self.assert_fails("check-circles", f"{folder}/a.c", "void\na_do (void)\n{\n  b_do ();\n  c_do (); /* z_do () */\n}\n", "3 modules", f"{folder}/c")
                self.write(f"{folder}/a.c", "")

    def test_a_public_function_that_nobody_calls(self):
        self.write("src/wire/ahoy-link.h", "void ahoy_link_open (int a,\n                     int b);\nGType ahoy_link_get_type (void);\n")
        self.write("src/wire/ahoy-link.c", "/* ahoy_link_open () */\nvoid\nahoy_link_open (int a,\n                int b)\n{\n}\n")
        for name, text in (
            ("src/core/ahoy-x.c", "static void\nf (void)\n{\n  ahoy_link_open (1, 2);\n}\n"),
            ("src/ui/ahoy-x.ui", '<closure type="gint" function="ahoy_link_open"/>\n'),
            ("src/core/ahoy-x.h", "#define OPEN(n) ahoy_link_open (n, n)\n"),
            ("src/core/ahoy-y.c", "#define CALL(n) ahoy_link_##n\nint f = CALL (open);\n"),
        ):
            with self.subTest(name=name):
                self.write(name, text)
                self.assert_fails("check-public", name, "", "src/wire/ahoy-link.h", "ahoy_link_open")

    def test_an_excuse_that_is_not_needed(self):
        self.write("src/wire/ahoy-packet.h", "void ahoy_heading_append (int a);\n")
        self.assert_fails("check-public", "src/core/ahoy-x.c", "int f = ahoy_heading_append (1);\n", "ahoy_heading_append needs no excuse")

    def test_a_long_file(self):
        self.assert_fails("check-lengths", "src/core/ahoy-x.c", "\n" * 801, "src/core/ahoy-x.c: 801")

    def test_the_summary_says_why_a_test_failed(self):
        long_ago = "".join(f"line {i}\n" for i in range(100))
        logs = []
        for what, tests in (
            ("as shipped", [{"name": "ahoy:ui / calm", "result": "OK", "stdout": "all is well"}]),
            ("under a sanitizer", [{"name": "ahoy:ui / calm", "result": "FAIL", "stdout": long_ago, "stderr": "the reason"}]),
            ("on a slow day", [{"name": "mute", "result": "TIMEOUT"}]),
        ):
            self.write(what, "".join(json.dumps(test) + "\n" for test in tests))
            logs += [what, self.top / what]
        result = subprocess.run([BUILD_AUX / "test-summary", *logs], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.returncode, 1, result.stderr)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[-1], "1 passed, 2 failed, 0 skipped")
        self.assertEqual(lines[-3:-1], ["FAILED: ahoy:ui / calm (FAIL), under a sanitizer", "FAILED: mute (TIMEOUT), on a slow day"])
        self.assertIn("    the reason", lines)
        self.assertIn("    line 99", lines)
        self.assertNotIn("    line 50", lines)
        self.assertNotIn("    all is well", lines)


if __name__ == "__main__":
    unittest.main()
