/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Only under AddressSanitizer: helps its leak report to tell what is ours.
 *
 * GLib gives up its table of quarks for a larger one when there are 2048 of them, and does not free the old one, on purpose: others may still read it. What
 * is allocated before the sanitizer has begun has no stack that a suppression could know it by, so the table is looked up here and left out.
 * And a module stays loaded, so that what it keeps for good can be known by its name. */

#define _GNU_SOURCE

#include <glib.h>
#include <link.h>
#include <string.h>

#define QUARKS_AT_FIRST 2048

int         __sanitizer_get_ownership (const volatile void *p);
size_t      __sanitizer_get_allocated_size (const volatile void *p);
void        __lsan_ignore_object (const void *p);
int         dlclose (void *module);
static void begin (void) __attribute__ ((constructor));

int
dlclose (void *module)
{
  return 0;
}

static int
look_in (struct dl_phdr_info *info,
         size_t               size,
         void                *data)
{
  if (strstr (info->dlpi_name, "/libglib-2.0.so") == NULL)
    return 0;
  for (guint i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_W) != 0)
      {
        const guintptr  begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        const guintptr *end = (const guintptr *) (begin + info->dlpi_phdr[i].p_memsz);

        for (const guintptr *at = (const guintptr *) ((begin + sizeof *at - 1) & ~(sizeof *at - 1)); at < end; at++)
          if (*at != 0 && __sanitizer_get_ownership ((void *) *at) &&
              __sanitizer_get_allocated_size ((void *) *at) == QUARKS_AT_FIRST * sizeof (char *))
            __lsan_ignore_object ((void *) *at);
      }
  return 0;
}

static void
begin (void)
{
  dl_iterate_phdr (look_in, NULL);
}
