/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A network of the test's own. */

#define _GNU_SOURCE

#include "support/test-netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
give_up (const char *what)
{
  fprintf (stderr, "test-netns: %s: %s\n", what, strerror (errno));
  fprintf (stderr, "test-netns: this test needs a network namespace of its own: run it as root, or where the kernel allows "
                   "unprivileged user namespaces\n");
  exit (EXIT_FAILURE);
}

static void
write_file (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write (fd, text, strlen (text)) < 0)
    give_up (path);
  close (fd);
}

/* We are root in there, so that programs we run keep the powers over it; files we make are still ours. */
static void
map_ids (uid_t uid,
         gid_t gid)
{
  char text[64];

  write_file ("/proc/self/setgroups", "deny");
  snprintf (text, sizeof text, "0 %u 1", uid);
  write_file ("/proc/self/uid_map", text);
  snprintf (text, sizeof text, "0 %u 1", gid);
  write_file ("/proc/self/gid_map", text);
}

void
test_netns_enter (void)
{
  struct ifreq request = { .ifr_name = "lo" };
  uid_t        uid = getuid ();
  gid_t        gid = getgid ();
  int          fd;

  /* Whoever is asked on the machine's bus would talk on its networks, and its domains are no business of a test. */
  setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/tests-have-no-system-bus", 1);
  setenv ("LOCALDOMAIN", "", 1);

  if (unshare (CLONE_NEWNET) != 0)
    {
      if (unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
        give_up ("unshare");
      map_ids (uid, gid);
    }

  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ioctl (fd, SIOCGIFFLAGS, &request) != 0)
    give_up ("lo");
  request.ifr_flags |= IFF_UP;
  if (ioctl (fd, SIOCSIFFLAGS, &request) != 0)
    give_up ("lo up");
  close (fd);
}

void
test_netns_ip (const char *arguments)
{
  char command[512];

  snprintf (command, sizeof command, "ip %s", arguments);
  if (system (command) != 0)
    {
      fprintf (stderr, "test-netns: \"%s\" failed\n", command);
      exit (EXIT_FAILURE);
    }
}
