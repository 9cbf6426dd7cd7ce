/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Text of classic peers": what a classic peer sends is strict UTF-8, or else it is in one legacy charset; whichever it
 * proved to be first is remembered and used both ways.
 *
 * One AhoyCharset per process and legacy charset (immutable, thread-safe); one AhoyCharsetUse per connection. */

typedef struct _AhoyCharset AhoyCharset;

typedef enum {
  AHOY_CHARSET_USE_UNKNOWN, /* only ASCII seen: the same bytes either way; sent as UTF-8 */
  AHOY_CHARSET_USE_UTF8,
  AHOY_CHARSET_USE_LEGACY,
} AhoyCharsetUse;

/* Returns: (transfer full): NULL with a G_IO_ERROR_NOT_SUPPORTED when iconv does not know @name or it does not keep ASCII as it is
 * (UTF-16, ISO-2022-*: their bytes would collide with frames). */
AhoyCharset *ahoy_charset_new (const char *name,
                               GError    **error);
void         ahoy_charset_free (AhoyCharset *charset);
const char  *ahoy_charset_name (AhoyCharset *charset);

/* Returns: (transfer full): UTF-8, or NULL when the bytes are neither (then the peer has broken the protocol). @use is read and updated:
 * once the peer proved to be LEGACY its bytes are read so first, as UTF-8 only when that fails; before, the other way round. */
char *ahoy_charset_decode (AhoyCharset    *charset,
                           AhoyCharsetUse *use,
                           const char     *bytes,
                           gsize           len);

/* Returns: (transfer full): @text (UTF-8) in the legacy charset, NUL-terminated; what it has no bytes for is '?'. Never fails.
 * @max: at most so many bytes, at least 16 please; what does not fit is left, from a character on.
 * @rest (out) (optional): where in @text that is; its NUL when all fitted.
 * @len (out): bytes. */
char *ahoy_charset_encode (AhoyCharset *charset,
                           const char  *text,
                           gsize        max,
                           const char **rest,
                           gsize       *len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyCharset, ahoy_charset_free)

G_END_DECLS
