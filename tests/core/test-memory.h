/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connector/ahoy-memory.h"

G_BEGIN_DECLS

/* A memory that a test can look into: a plain object that keeps everything as long as it lives. */

#define TEST_TYPE_MEMORY (test_memory_get_type ())
G_DECLARE_FINAL_TYPE (TestMemory, test_memory, TEST, MEMORY, GObject)

TestMemory *test_memory_new (void);
void        test_memory_set_last (TestMemory *self,
                                  const char *host,
                                  guint16     port,
                                  const char *id);

G_END_DECLS
