/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Turns codes into sentences. */

#include "ahoy-config.h"

#include "ui/ahoy-error-text.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>

#include "core/chat/ahoy-check.h"

/* The protocol's limit, for the sentence only: core judges. */
#define NAME_MAX_CHARS 32

char *
ahoy_error_text_name_problem (const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));
  char             first[8] = { 0 };

  switch (ahoy_check_name (name))
    {
    case AHOY_NAME_PROBLEM_NONE:
      return NULL;
    case AHOY_NAME_PROBLEM_EMPTY:
      return g_strdup (_ ("Type the name that others will see."));
    case AHOY_NAME_PROBLEM_COMMA:
      return g_strdup (_ ("A name cannot have a comma in it."));
    case AHOY_NAME_PROBLEM_COLON:
      return g_strdup (_ ("A name cannot have a colon with a space after it."));
    case AHOY_NAME_PROBLEM_BEGINNING:
      g_utf8_strncpy (first, stripped, 1);
      /* Translators: %s is one character. */
      return g_strdup_printf (_ ("A name cannot begin with “%s”."), first);
    case AHOY_NAME_PROBLEM_TOO_LONG:
      return g_strdup_printf (ngettext ("A name can be at most %u character long.", "A name can be at most %u characters long.", NAME_MAX_CHARS),
                              NAME_MAX_CHARS);
    case AHOY_NAME_PROBLEM_MIXED:
      return g_strdup (_ ("A name cannot mix letters of alphabets that look alike, such as Latin and Cyrillic."));
    case AHOY_NAME_PROBLEM_CHARACTER:
    default:
      return g_strdup (_ ("There is a character in it that cannot be in a name."));
    }
}

char *
ahoy_error_text_refusal (AhoyRefusal refusal,
                         const char *name)
{
  switch (refusal)
    {
    case AHOY_REFUSAL_NONE:
      return g_strdup ("");
    case AHOY_REFUSAL_UNSPECIFIED:
      return g_strdup_printf (_ ("The name “%s” is in use or not allowed here. Try another one."), name);
    case AHOY_REFUSAL_IN_USE:
      return g_strdup_printf (_ ("Somebody called “%s” is already here. Try another name."), name);
    case AHOY_REFUSAL_INVALID:
      return g_strdup_printf (_ ("The name “%s” is not allowed on this server. Try another one."), name);
    case AHOY_REFUSAL_LOOK_ALIKE:
      return g_strdup_printf (_ ("“%s” looks too much like the name of somebody who is here. Try another one."), name);
    case AHOY_REFUSAL_OWNED:
      return g_strdup_printf (_ ("The name “%s” belongs to somebody else on this server. Try another one. If it is yours on another computer, bring your identity here "
                                 "in Preferences."),
                              name);
    case AHOY_REFUSAL_BANNED:
      return g_strdup (_ ("The operator of this server does not let you in."));
    case AHOY_REFUSAL_FULL:
      return g_strdup (_ ("The server is full. Try again later."));
    case AHOY_REFUSAL_TOO_MANY:
      return g_strdup (_ ("You have as many names on this server as you may. Use one of them, or ask its operator to release one."));
    }

  g_return_val_if_reached (g_strdup (""));
}

char *
ahoy_error_text_failure (AhoyFailure failure,
                         const char *address)
{
  switch (failure)
    {
    case AHOY_FAILURE_NONE:
    case AHOY_FAILURE_CLOSED:
      return g_strdup_printf (_ ("The server at %s closed the connection."), address);
    case AHOY_FAILURE_UNREACHABLE:
      return g_strdup_printf (_ ("Nothing at %s takes connections. Is the address right, is the server running, and does the firewall of its computer let people in?"),
                              address);
    case AHOY_FAILURE_NOT_AHOY:
      return g_strdup_printf (_ ("Something answers at %s, but it is no chat server."), address);
    case AHOY_FAILURE_TIMEOUT:
      return g_strdup_printf (_ ("%s takes connections, but does not answer."), address);
    case AHOY_FAILURE_HANDSHAKE:
      return g_strdup_printf (_ ("No encrypted connection could be made with %s."), address);
    case AHOY_FAILURE_KEY_CHANGED:
      return g_strdup (_ ("Not the Chat You Know"));
    case AHOY_FAILURE_DOWNGRADED:
      return g_strdup (_ ("Less Safe Than Before"));
    case AHOY_FAILURE_REPLACED:
      return g_strdup (_ ("You are connected from another window or computer now."));
    }

  g_return_val_if_reached (g_strdup (""));
}

char *
ahoy_error_text_changed_server (AhoyDowngrade downgrade,
                                const char   *name)
{
  switch (downgrade)
    {
    case AHOY_DOWNGRADE_NONE:
      /* Translators: %s is the name or the address of a server. */
      return g_strdup_printf (_ ("What answers as %s is not the server you know: perhaps it was installed anew, perhaps somebody wants to pass for it. Ask whoever "
                                 "runs it which four words are right before you go on."),
                              name);
    case AHOY_DOWNGRADE_PLAIN:
      /* Translators: %s is the name or the address of a server. */
      return g_strdup_printf (_ ("What answers as %s does not encrypt any more: perhaps its operator changed it, perhaps somebody on this network wants to listen. "
                                 "Ask whoever runs it before you go on."),
                              name);
    case AHOY_DOWNGRADE_CLASSIC:
      /* Translators: %s is the name or the address of a server. The old way to chat is an older protocol, in which people have names only. */
      return g_strdup_printf (_ ("What answers as %s knows only the old way to chat now, in which nobody can prove who they are: perhaps an older program runs "
                                 "there, perhaps somebody wants to pass for others. Ask whoever runs it before you go on."),
                              name);
    case AHOY_DOWNGRADE_NO_ID:
      /* Translators: %s is the name or the address of a server. */
      return g_strdup_printf (_ ("What answers as %s does not say any more which server it is: perhaps its operator changed it, perhaps somebody wants to pass for "
                                 "it. Ask whoever runs it before you go on."),
                              name);
    }

  g_return_val_if_reached (g_strdup (""));
}

char *
ahoy_error_text_accept_server (AhoyDowngrade downgrade)
{
  switch (downgrade)
    {
    case AHOY_DOWNGRADE_NONE:
      return g_strdup (_ ("If this is a false server, it reads everything you write. From now on this one is known instead, and you are not warned again."));
    case AHOY_DOWNGRADE_PLAIN:
      return g_strdup (_ ("Everything you write and read here could be read and changed by others on this network. From now on you are not warned again."));
    case AHOY_DOWNGRADE_CLASSIC:
    case AHOY_DOWNGRADE_NO_ID:
      return g_strdup (_ ("If this is a false server, it reads everything you write. From now on you are not warned again."));
    }

  g_return_val_if_reached (g_strdup (""));
}

char *
ahoy_error_text_diagnosis (AhoyDiagnosis diagnosis,
                           guint16       port)
{
  switch (diagnosis)
    {
    case AHOY_DIAGNOSIS_NONE:
      return g_strdup ("");
    case AHOY_DIAGNOSIS_NO_NETWORK:
      return g_strdup (_ ("This computer is not on a network. Plug in the cable or join a Wi-Fi network, then try again."));
    case AHOY_DIAGNOSIS_NO_ADDRESS:
      return g_strdup (_ ("The network is there, but it gave this computer no address. Wait a moment, or reconnect to the network, then try again."));
    case AHOY_DIAGNOSIS_NO_IPV4:
      return g_strdup_printf (_ ("Nobody answered over IPv6, and this computer has no IPv4 address. If this network uses IPv4, wait a moment or reconnect to it, then try again. If it does not, probably no chat server is running on it; if there is one, the firewall of its computer may block port %u."),
                              port);
    case AHOY_DIAGNOSIS_SEND_BLOCKED:
      return g_strdup_printf (_ ("This computer was not allowed to ask: its own firewall probably blocks UDP port %u."), port);
    case AHOY_DIAGNOSIS_SEND_FAILED:
      return g_strdup (_ ("The question could not be sent on any network this computer is on. Look at the rows below for the reason."));
    case AHOY_DIAGNOSIS_RECEIVE_BLOCKED:
      return g_strdup (_ ("This computer asked, but its own firewall probably keeps the answers out: not even an answer that it sent to itself came in."));
    case AHOY_DIAGNOSIS_NO_SERVER:
      return g_strdup_printf (_ ("Probably no chat server is running on this network. If there is one, the firewall of its computer may block port %u, or the Wi-Fi may keep its guests apart."),
                              port);
    }

  g_return_val_if_reached (g_strdup (""));
}

char *
ahoy_error_text_probe_place (AhoyProbe *probe)
{
  const char *address = ahoy_probe_get_address (probe);
  const char *interface = ahoy_probe_get_interface (probe);
  const char *target = ahoy_probe_get_target (probe);

  switch (ahoy_probe_get_kind (probe))
    {
    case AHOY_PROBE_THIS_COMPUTER:
      return g_strdup (_ ("This computer"));
    case AHOY_PROBE_INTERFACE:
      if (address == NULL)
        return g_strdup_printf (_ ("Network %s"), interface);
      /* Translators: "Network eth0 (192.168.1.7)" */
      return g_strdup_printf (_ ("Network %s (%s)"), interface, address);
    case AHOY_PROBE_MULTICAST:
      /* Translators: "Network eth0 over IPv6 (fe80::1)" */
      return g_strdup_printf (_ ("Network %s over IPv6 (%s)"), interface, address);
    case AHOY_PROBE_LIMITED:
      return g_strdup (_ ("Default network"));
    case AHOY_PROBE_ADDRESS:
      return g_strdup_printf (_ ("Address %s"), target != NULL ? target : "?");
    case AHOY_PROBE_SWEEP:
      /* Translators: "Every address of 192.168.1.0/24" */
      return g_strdup_printf (_ ("Every address of %s"), target != NULL ? target : "?");
    case AHOY_PROBE_NEIGHBOURS:
      return g_strdup (_ ("People on this network"));
    case AHOY_PROBE_MDNS:
      /* Translators: mDNS (also: Bonjour, Zeroconf) is how printers and the like are found; Avahi is the program that does it here. */
      return g_strdup (_ ("Published services (mDNS)"));
    case AHOY_PROBE_SRV:
      if (target == NULL)
        return g_strdup (_ ("Domain"));
      return g_strdup_printf (_ ("Domain %s"), target);
    }

  g_return_val_if_reached (g_strdup (""));
}

static char *
describe_send_error (int code)
{
  switch (code)
    {
    case EPERM:
    case EACCES:
      return g_strdup (_ ("Not sent: this computer’s firewall does not allow it"));
    case ENETUNREACH:
    case EHOSTUNREACH:
      return g_strdup (_ ("Not sent: there is no route from here"));
    case ENETDOWN:
      return g_strdup (_ ("Not sent: the network went down"));
    default:
      return g_strdup_printf (_ ("Not sent: %s"), g_strerror (code));
    }
}

static char *
describe_silence (AhoyProbe *probe)
{
  guint sent = ahoy_probe_get_sent (probe);

  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_SWEEP)
    return g_strdup_printf (ngettext ("%u address was asked, but nobody answered", "%u addresses were asked one by one, but nobody answered", sent), sent);
  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_NEIGHBOURS)
    return g_strdup (_ ("Those who are connected already were asked for their server, but nobody answered"));
  if (ahoy_probe_get_trial (probe) == AHOY_TRIAL_SENT)
    return g_strdup (_ ("The question went out, but this computer’s firewall seems to keep answers out"));
  if (ahoy_probe_get_echo_heard (probe))
    return g_strdup (_ ("The question went out and came back to this computer, but nobody answered"));
  return g_strdup (_ ("The question went out, but nobody answered"));
}

static char *
describe_mdns (AhoyProbe *probe)
{
  guint replies = ahoy_probe_get_replies (probe);

  if (replies > 0)
    return g_strdup_printf (ngettext ("Asked Avahi: %u answer", "Asked Avahi: %u answers", replies), replies);
  switch (ahoy_probe_get_error (probe))
    {
    case 0:
      return g_strdup (ahoy_probe_get_sent (probe) > 0 ? _ ("Asked Avahi: no server is published") : _ ("Asked Avahi: no answer"));
    case ENOENT:
      return g_strdup (_ ("Not asked: no Avahi runs on this computer, which is fine"));
    default:
      return g_strdup (_ ("Not asked: Avahi on this computer cannot be reached"));
    }
}

static char *
describe_srv (AhoyProbe *probe)
{
  guint replies = ahoy_probe_get_replies (probe);

  if (replies > 0 && ahoy_probe_get_error (probe) == EADDRNOTAVAIL)
    return g_strdup (_ ("Its name server names a chat server, but no address of it could be found"));
  if (replies > 0)
    return g_strdup_printf (ngettext ("Its name server knows of %u chat server", "Its name server knows of %u chat servers", replies), replies);
  if (ahoy_probe_get_target (probe) == NULL)
    return g_strdup (_ ("Not asked: this computer belongs to no domain, which is fine"));
  if (ahoy_probe_get_error (probe) != 0)
    return g_strdup (_ ("Not asked: no name server could be reached"));
  if (ahoy_probe_get_sent (probe) > 0)
    return g_strdup (_ ("Its name server knows of no chat server"));
  return g_strdup (_ ("Its name server did not answer"));
}

char *
ahoy_error_text_probe_outcome (AhoyProbe *probe)
{
  guint replies = ahoy_probe_get_replies (probe);

  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_MDNS)
    return describe_mdns (probe);
  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_SRV)
    return describe_srv (probe);
  if (replies > 0)
    return g_strdup_printf (ngettext ("%u reply", "%u replies", replies), replies);
  if (ahoy_probe_get_sent (probe) > 0)
    return describe_silence (probe);
  if (ahoy_probe_get_error (probe) != 0)
    return describe_send_error (ahoy_probe_get_error (probe));
  if (ahoy_probe_get_kind (probe) == AHOY_PROBE_INTERFACE && ahoy_probe_get_address (probe) == NULL)
    return g_strdup (_ ("Not asked: this computer has no IPv4 address there"));
  return g_strdup (_ ("Not asked"));
}

char *
ahoy_error_text_elsewhere (const char *here,
                           const char *other,
                           guint       n_left)
{
  /* Translators: the computer was carried to another place. %s is the name of the chat that is there. */
  g_autofree char *where = g_strdup_printf (_ ("You are in “%s” now. This is another chat that you know."), here);
  g_autofree char *waits = NULL;

  if (n_left == 0 || other == NULL)
    return g_steal_pointer (&where);
  /* Translators: %s is the name of the chat where one was before. */
  waits = g_strdup_printf (_ ("What you wrote for “%s” waits until you are there again."), other);
  return g_strconcat (where, " ", waits, NULL);
}

char *
ahoy_error_text_namesake (const char *name,
                          const char *address)
{
  if (address == NULL)
    /* Translators: %s is the name of two chats. */
    return g_strdup_printf (_ ("This “%s” is another chat of the same name as one you know."), name);
  /* Translators: %1$s is the name of two chats, %2$s the address of the other one. */
  return g_strdup_printf (_ ("This “%1$s” is another chat of the same name as one you know. That one was last at %2$s."), name, address);
}

char *
ahoy_error_text_server_name (AhoyServer *server)
{
  const char *name = ahoy_server_get_name (server);

  return name != NULL && *name != '\0' ? g_strdup (name) : ahoy_server_dup_address (server);
}

char *
ahoy_error_text_server_detail (AhoyServer *server)
{
  g_autofree char *address = ahoy_server_dup_address (server);
  g_autofree char *people = NULL;
  int              users = ahoy_server_get_users (server);

  if (users < 0)
    return g_steal_pointer (&address);

  people = g_strdup_printf (ngettext ("%u person online", "%u people online", users), (guint) users);
  /* Translators: a server's address and how many people are online there. */
  return g_strdup_printf (_ ("%s · %s"), address, people);
}

char *
ahoy_error_text_history_problem (const GError *error,
                                 const char   *path,
                                 gboolean      open)
{
  /* Translators: what is said is not written to the disk for some reason; the reason stands before it. */
  const char *effect = open ? _ ("Until that is over, new messages are only in memory.") : _ ("Messages of this session are not kept.");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    /* Translators: %s: "Messages of this session are not kept." or "Until that is over, new messages are only in memory." */
    return g_strdup_printf (_ ("There is no room for the message history: the disk is full, or a limit is reached. %s"), effect);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return g_strdup_printf (_ ("The message history was made by a newer version of Ahoy. %s"), effect);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    /* Translators: %1$s: "Messages of this session are not kept."; %2$s is the path of a file. */
    return g_strdup_printf (_ ("The message history is damaged. %1$s To begin a new one, move %2$s away."), effect, path);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup_printf (_ ("The message history cannot be written: %2$s. %1$s"), effect, path);

  return g_strdup_printf (_ ("The message history cannot be used: %2$s. %1$s"), effect, error->message);
}

static char *
describe_file_error (const GError *error)
{
  switch (error->code)
    {
    case G_FILE_ERROR_NOENT:
      return g_strdup (_ ("The file is not there."));
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
    case G_FILE_ERROR_ROFS:
      return g_strdup (_ ("You are not allowed to read or write there."));
    case G_FILE_ERROR_NOSPC:
      return g_strdup (_ ("The disk is full."));
    case G_FILE_ERROR_ISDIR:
      return g_strdup (_ ("This is a folder and no file."));
    default:
      /* Translators: %s is what the system says about a file. */
      return g_strdup_printf (_ ("The file cannot be used: %s"), error->message);
    }
}

char *
ahoy_error_text_file_problem (const GError *error)
{
  if (error->domain == G_FILE_ERROR)
    return describe_file_error (error);
  if (error->domain == G_KEY_FILE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return g_strdup (_ ("The file is empty or damaged."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_strdup (_ ("The file is gone."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WRONG_ETAG))
    return g_strdup (_ ("The file holds another identity than before."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return g_strdup (_ ("A passphrase protects the file."));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return g_strdup (_ ("The key in the file is of a kind that cannot be used."));

  return g_strdup_printf (_ ("The file cannot be used: %s"), error->message);
}

char *
ahoy_error_text_import_problem (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return g_strdup (_ ("There is no identity in this file, or it is damaged."));

  return ahoy_error_text_file_problem (error);
}
