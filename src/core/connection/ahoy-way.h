/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a server is dialed. PROTOCOL.md, "TLS". */
typedef enum {
  AHOY_WAY_UNKNOWN,
  AHOY_WAY_PLAIN,
  AHOY_WAY_EITHER, /* TLS, and plainly when the server does not know it */
  AHOY_WAY_SECURE, /* TLS or not at all */
} AhoyWay;

G_END_DECLS
