/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of the chat, its messages and the way to it. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"

/* Bytes: the limit is mentioned when fewer are left. */
#define NEAR_LIMIT 512
/* Seconds: below them a countdown only flickers. */
#define LEAST_COUNTDOWN 3

gboolean
ahoy_closure_is_set (gpointer    self,
                     const char *text)
{
  return text != NULL && text[0] != '\0';
}

gboolean
ahoy_closure_not (gpointer self,
                  gboolean value)
{
  return !value;
}

gboolean
ahoy_closure_is_reconnecting (gpointer        self,
                              AhoyClientState state)
{
  return state == AHOY_CLIENT_RECONNECTING;
}

gboolean
ahoy_closure_is_trying (gpointer        self,
                        AhoyClientState state,
                        guint           retry_in)
{
  return state == AHOY_CLIENT_RECONNECTING && retry_in == 0;
}

char *
ahoy_closure_reconnecting (gpointer self,
                           gboolean history_broken)
{
  return g_strdup (history_broken ? _ ("The server cannot read its history. Trying again…") : _ ("Reconnecting…"));
}

char *
ahoy_closure_next_attempt (gpointer    self,
                           guint       retry_in,
                           AhoyServer *server)
{
  if (retry_in < LEAST_COUNTDOWN)
    return g_strdup ("");
  if (server != NULL && ahoy_server_get_id (server) != NULL)
    return g_strdup_printf (ngettext ("Next attempt in %u second; also looking for it at other addresses",
                                      "Next attempt in %u seconds; also looking for it at other addresses", retry_in),
                            retry_in);
  return g_strdup_printf (ngettext ("Next attempt in %u second", "Next attempt in %u seconds", retry_in), retry_in);
}

char *
ahoy_closure_away (gpointer    self,
                   const char *away)
{
  /* Translators: %s is what you wrote about being away. */
  return away != NULL ? g_strdup_printf (_ ("You are away: %s"), away) : g_strdup ("");
}

char *
ahoy_closure_slowed (gpointer self,
                     gboolean slowed)
{
  return g_strdup (slowed ? _ ("The server takes only so many messages at a time; the rest follows by itself.") : "");
}

char *
ahoy_closure_excess (gpointer self,
                     gint64   excess)
{
  if (!ahoy_closure_shows_excess (NULL, excess))
    return g_strdup ("");
  if (excess > 0)
    return g_strdup_printf (ngettext ("Too long by %d byte", "Too long by %d bytes", excess), (int) excess);
  return g_strdup_printf (ngettext ("%d byte left", "%d bytes left", -excess), (int) -excess);
}

gboolean
ahoy_closure_shows_excess (gpointer self,
                           gint64   excess)
{
  return excess > -NEAR_LIMIT;
}

char **
ahoy_closure_excess_classes (gpointer self,
                             gint64   excess)
{
  const char *classes[] = { "excess", "caption", "numeric", excess > 0 ? "error" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

char *
ahoy_closure_send_tooltip (gpointer self,
                           gint64   excess)
{
  return g_strdup (excess > 0 ? _ ("The message is too long") : _ ("Send"));
}

char *
ahoy_closure_newest (gpointer self,
                     guint    n_new)
{
  /* Translators: on the button to the newest message; how many came in below. */
  return n_new > 0 ? g_strdup_printf (ngettext ("↓ %u new", "↓ %u new", n_new), n_new) : g_strdup ("↓");
}

char *
ahoy_closure_newest_spoken (gpointer self,
                            guint    n_new)
{
  return n_new > 0 ? g_strdup_printf (ngettext ("%u new message", "%u new messages", n_new), n_new) : g_strdup (_ ("Newest Messages"));
}

char *
ahoy_closure_chat_name (gpointer        self,
                        AhoyServer     *server,
                        AhoyClientState state)
{
  return g_strdup (server != NULL && ahoy_server_get_name (server) != NULL ? ahoy_server_get_name (server) : _ ("Ahoy"));
}

char *
ahoy_closure_chat_spoken (gpointer        self,
                          AhoyServer     *server,
                          AhoyClientState state,
                          gboolean        secure)
{
  g_autofree char *name = ahoy_closure_chat_name (NULL, server, state);

  /* Translators: what the button of a chat is called: %1$s is the name of the chat, %2$s is "encrypted" or "not encrypted". */
  return g_strdup_printf (_ ("About this chat: %1$s, %2$s"), name, secure ? _ ("encrypted") : _ ("not encrypted"));
}

char *
ahoy_closure_n_online (gpointer self,
                       guint    n_online)
{
  /* Translators: in the header of the list of people; how many are online, you included. */
  return g_strdup_printf (ngettext ("%u online", "%u online", n_online), n_online);
}

char *
ahoy_closure_encrypted (gpointer self,
                        gboolean secure)
{
  return g_strdup (secure ? _ ("Encrypted") : _ ("Not encrypted"));
}

char *
ahoy_closure_lock_icon (gpointer self,
                        gboolean secure)
{
  return g_strdup (secure ? "channel-secure-symbolic" : "channel-insecure-symbolic");
}

char **
ahoy_closure_lock_classes (gpointer self,
                           gboolean secure)
{
  const char *classes[] = { secure ? NULL : "warning", NULL };

  return g_strdupv ((char **) classes);
}

char **
ahoy_closure_problem_classes (gpointer    self,
                              const char *problem)
{
  const char *classes[] = { problem != NULL ? "error" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

gboolean
ahoy_closure_has_back (gpointer self,
                       AhoyStep step)
{
  switch (step)
    {
    case AHOY_STEP_ADDRESS:
    case AHOY_STEP_CHOOSING:
    case AHOY_STEP_NONE_FOUND:
    case AHOY_STEP_TROUBLE:
    case AHOY_STEP_CHANGED:
    case AHOY_STEP_REPLACED:
      return TRUE;
    case AHOY_STEP_NAME:
    case AHOY_STEP_LOOKING:
    case AHOY_STEP_HOSTING:
    case AHOY_STEP_CONNECTING:
    case AHOY_STEP_REFUSED:
    case AHOY_STEP_TALKING:
    default:
      return FALSE;
    }
}

char *
ahoy_closure_window_title (gpointer    self,
                           AhoyStep    step,
                           AhoyServer *server)
{
  g_autofree char *name = step == AHOY_STEP_TALKING && server != NULL ? ahoy_error_text_server_name (server) : NULL;

  /* Translators: title of the window: %s is the name of the server. */
  return name != NULL ? g_strdup_printf (_ ("%s – Ahoy"), name) : g_strdup ("Ahoy");
}
