/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"

G_BEGIN_DECLS

/* The settings: one table, read by the command line and by the key file alike. A setting is a row there and a field in AhoydConfig; how it
 * is read, where it begins and whether it can change while the server serves stand in the row. */

typedef struct _AhoydOption AhoydOption;

/* How often it may be given, and how. */
typedef enum {
  AHOYD_OPTION_ONCE,
  AHOYD_OPTION_LIST, /* may be given several times; the file separates with `;`. Its field is a GPtrArray */
  AHOYD_OPTION_FLAG, /* true when it is just named; or true or false */
} AhoydOptionShape;

/* When a change of it takes effect. */
typedef enum {
  AHOYD_OPTION_LIVE,     /* at once, for everybody */
  AHOYD_OPTION_AT_START, /* at the next start of the server */
} AhoydOptionEffect;

/* A kind of field. */
typedef struct {
  gsize size;
  /* Puts @value into @field of @config. Returns: (transfer full) (nullable): what is wrong with it, the rest of a sentence that began with
   * the option's name. */
  char *(*apply) (const AhoydOption *option,
                  AhoydConfig       *config,
                  gpointer           field,
                  const char        *value);
  gboolean (*is_equal) (gconstpointer one,
                        gconstpointer other);
} AhoydOptionKind;

struct _AhoydOption {
  const char            *name;
  AhoydOptionShape       shape;
  AhoydOptionEffect      effect;
  const AhoydOptionKind *kind;
  gsize                  offset;   /* of its field */
  guint                  initial;  /* of a number or a choice: what it is when it is not given */
  guint                  min, max; /* of a number */
  const char            *words[2]; /* of a choice: the field is the index */
  const char            *value_name;
  const char            *help;
};

/* Returns: (transfer none): the table. @n (out): its rows. */
const AhoydOption *ahoyd_options_get (guint *n);
/* Returns: (transfer none) (nullable) */
const AhoydOption *ahoyd_options_find (const char *name);

/* Sets the field of every number and choice to what it is when it is not given. */
void ahoyd_options_set_initial (AhoydConfig *config);
/* Returns: (transfer full) (nullable): what is wrong with @value, see AhoydOptionKind. */
char    *ahoyd_option_apply (const AhoydOption *option,
                             AhoydConfig       *config,
                             const char        *value);
gboolean ahoyd_option_is_equal (const AhoydOption *option,
                                const AhoydConfig *one,
                                const AhoydConfig *other);
/* Each has afterwards what the other had, and owns it. */
void ahoyd_option_swap (const AhoydOption *option,
                        AhoydConfig       *one,
                        AhoydConfig       *other);

G_END_DECLS
