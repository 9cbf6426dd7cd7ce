/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of what is known about a person. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

char *
ahoy_closure_here (gpointer    self,
                   gboolean    online,
                   const char *away)
{
  return ahoy_sentence_here (online, away);
}

char **
ahoy_closure_tint (gpointer self,
                   guint    tint)
{
  return ahoy_tint_classes (tint);
}

char *
ahoy_closure_about_name (gpointer    self,
                         const char *name)
{
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("About %s"), name);
}

char *
ahoy_closure_words_title (gpointer    self,
                          const char *name)
{
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("The four words of %s"), name);
}

char *
ahoy_closure_key_hint (gpointer    self,
                       const char *name,
                       const char *key,
                       gboolean    kept)
{
  if (key != NULL)
    /* Translators: %1$s is a person's name; "Preferences" and "Your Identity" are what the menu and that window call them. */
    return g_strdup_printf (_ ("Compare these words with %1$s, side by side or on the phone: %1$s finds them in Preferences under “Your Identity”. "
                               "If they are the same, this really is %1$s."),
                            name);
  if (!kept)
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("%s has no key, so nobody can check who this is. Do not write secrets to them, and write only while they are here: "
                               "nothing waits for them while they are away."),
                            name);
  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("%s is here without a key, so nobody can check who this is. Do not write secrets to them."), name);
}

char *
ahoy_closure_key_alarm (gpointer    self,
                        const char *name,
                        const char *key)
{
  if (key != NULL)
    /* Translators: %1$s is a person's name. */
    return g_strdup_printf (_ ("%1$s came back with other words than before. That can be a new computer – or somebody else under this name. "
                               "Ask %1$s in person, and accept only if the new words are theirs."),
                            name);
  /* Translators: %1$s is a person's name. */
  return g_strdup_printf (_ ("%1$s came back without the key they had before. That can be an older program – or somebody else under this name. "
                             "Ask %1$s in person before you accept."),
                          name);
}

gboolean
ahoy_closure_may_verify (gpointer    self,
                         const char *key,
                         gboolean    changed)
{
  return key != NULL && !changed;
}

char *
ahoy_closure_verified_with (gpointer    self,
                            const char *name)
{
  /* Translators: beside a switch; %s is a person's name. */
  return g_strdup_printf (_ ("I have compared the words with %s"), name);
}

char *
ahoy_closure_known_since (gpointer self,
                          gint64   since)
{
  char *sentence = ahoy_sentence_known_since (since, g_get_real_time ());

  return sentence != NULL ? sentence : g_strdup ("");
}
