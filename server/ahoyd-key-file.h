/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A GKeyFile of one group whose mistakes come with their line: GKeyFile reads the values, this knows where they stand. */

typedef struct _AhoydKeyFile AhoydKeyFile;

/* @keys: NULL-terminated; what the group may hold.
 * Returns: (transfer full): NULL with an AHOYD_CONFIG_ERROR that begins "FILE:LINE:", or a G_FILE_ERROR. */
AhoydKeyFile *ahoyd_key_file_load (const char        *path,
                                   const char        *group,
                                   const char *const *keys,
                                   GError           **error);
void          ahoyd_key_file_free (AhoydKeyFile *file);

const char *ahoyd_key_file_get_path (AhoydKeyFile *file);
/* The line on which @key stands, counted from 1; 0: it is not there. */
guint ahoyd_key_file_get_line (AhoydKeyFile *file,
                               const char   *key);

/* Returns: (transfer full): the values of a key that is there; of a boolean "true" or "false". NULL with an AHOYD_CONFIG_ERROR. */
GStrv ahoyd_key_file_dup_one (AhoydKeyFile *file,
                              const char   *key,
                              GError      **error);
GStrv ahoyd_key_file_dup_list (AhoydKeyFile *file,
                               const char   *key,
                               GError      **error);
GStrv ahoyd_key_file_dup_boolean (AhoydKeyFile *file,
                                  const char   *key,
                                  GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydKeyFile, ahoyd_key_file_free)

G_END_DECLS
