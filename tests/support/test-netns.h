/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

/* A network of the test's own: nothing it broadcasts leaves this process and its children, and no port is taken. */

/* Puts the process into a new network namespace whose only interface is lo, up. First thing in main(), before there are
 * threads. Needs root or unprivileged user namespaces; without either it says so and exits with 1: a test that cannot
 * run has failed. */
void test_netns_enter (void);

/* Runs ip(8) with these words in it; whatever goes wrong ends the test with exit code 1. */
void test_netns_ip (const char *arguments);
