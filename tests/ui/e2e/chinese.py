#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""The window in Chinese: no English sentence is left on any of its pages."""

import re

from ahoydriver import WindowTest, main
from ahoydriver.a11y import TEXT_ROLES
from ahoytest.isolation import add_interface

WORD = re.compile(r"[A-Za-z]{3,}")
ADDRESS = re.compile(r"[0-9a-f]*:[0-9a-f:]+(%\w+)?")  # of IPv6: may look like a word
# What stays as it is in every language: names, and what is typed into a terminal
NAMES = set("Ahoy Avahi UDP TCP IPv mDNS DNS SRV Ctrl eth bob".split())
COMMANDS = set("sudo ufw firewalld firewall cmd add source port allow proto udp tcp from any permanent reload".split())


class Chinese(WindowTest):
    def english_in(self, window):
        """What is on the screen, or is said of it, and still has an English word."""
        shown = []
        for node in (node for top in window.tree() for node in top.walk()):
            if node.role in (*TEXT_ROLES, "push button", "list", "list item", "menu item") and not re.match(
                r"(Gtk|Adw|Ahoy)[A-Z]", node.name
            ):
                shown += [node.name, node.text or "", node.description]
        return sorted({text for text in shown if set(WORD.findall(ADDRESS.sub("", text))) - NAMES - COMMANDS})

    def test_every_page(self):
        add_interface("eth5", "10.77.5.1/24")
        desktop = self.make_desktop(language="zh_CN")
        window = self.open_window("小明", desktop=desktop)
        window.wait_for("push button", "连接", visible=True)
        self.assertEqual(self.english_in(window), [])
        window.press("连接")
        window.wait_for("push button", "取消", visible=True)
        window.wait_for("push button", "重试", visible=True)
        self.assertEqual(self.english_in(window), [])
        server = self.start_server("--name", "工作室")
        bob = self.log_in(server, "bob")
        window.press("重试")
        bob.expect_frame("2", "小明")
        window.wait_for("push button", "发送")
        bob.whisper("小明", "你好")
        window.until(lambda: any("你好" in text for text in window.texts()), "the message")
        self.assertEqual(self.english_in(window), [])
        window.press("主菜单")
        window.wait_for("menu item", "断开连接", visible=True)
        self.assertEqual(self.english_in(window), [])


if __name__ == "__main__":
    main()
