/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Classic chat lines": the body of a classic `4` is one line for people, made by the server.
 *
 *   alice: hello                      said to everyone
 *   [whisper] alice to bob: hello     whispered
 *   * text                            a notice
 *
 * Servers that are not ours write other lines ("<alice> hello", "alice says: hello", "alice：hello"). The reader recognises those that
 * start with the name of somebody who is online, and calls the rest PLAIN: shown as it is, attributed to nobody. Where several known
 * names fit (they may hold spaces and colons), the longest one wins. Pure, thread-safe. */

typedef enum {
  AHOY_CLASSIC_LINE_SAY,
  AHOY_CLASSIC_LINE_WHISPER,
  AHOY_CLASSIC_LINE_NOTICE,
  AHOY_CLASSIC_LINE_PLAIN,
} AhoyClassicLineKind;

typedef struct {
  AhoyClassicLineKind kind;
  char               *from; /* SAY, WHISPER */
  char               *to;   /* WHISPER */
  char               *text; /* always */
} AhoyClassicLine;

/* Returns: (transfer full): what our servers put in front of the text of a line; what becomes of the text is ahoy-classic-text.h's matter. */
char *ahoy_classic_line_prefix (AhoyClassicLineKind kind,
                                const char         *from,
                                const char         *to);

/* Tells whether @name is somebody who may be speaking (online now or a moment ago). */
typedef gboolean (*AhoyClassicKnows) (const char *name,
                                      gpointer    data);

/* Reads @body. The marks of its further lines are taken off, but in a PLAIN one. Names are only believed when @knows says so: text that merely looks like "x: y" is PLAIN. */
void ahoy_classic_line_parse (AhoyClassicLine *line,
                              const char      *body,
                              AhoyClassicKnows knows,
                              gpointer         data);

void ahoy_classic_line_clear (AhoyClassicLine *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyClassicLine, ahoy_classic_line_clear)

G_END_DECLS
