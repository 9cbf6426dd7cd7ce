/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-database-file.h"

G_BEGIN_DECLS

/* AhoyRead is one question to the profile's database, and the answer once it was read. Its kinds are structs that begin with it: a page of messages
 * (ahoy-message-table.h), all that one archive has (ahoy-load.h). It belongs to one thread at a time. */
typedef struct _AhoyRead AhoyRead;

typedef struct {
  gboolean flush; /* what waits to be written is tried before */
  /* On the database's thread. */
  gboolean (*run) (AhoyRead         *read,
                   AhoyDatabaseFile *file,
                   GError          **error);
  /* Frees what the kind added. */
  void (*clear) (AhoyRead *read);
} AhoyReadType;

struct _AhoyRead {
  const AhoyReadType *type;
};

void ahoy_read_free (AhoyRead *read);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRead, ahoy_read_free)

G_END_DECLS
