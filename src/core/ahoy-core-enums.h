/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The codes that core speaks in. Sentences for people are made of them in src/ui. Each has a GType (ahoy-core-enum-types.h). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  AHOY_CLIENT_OFFLINE,    /* not connected, and not trying */
  AHOY_CLIENT_CONNECTING, /* first attempt: TCP or log-in under way */
  AHOY_CLIENT_REFUSED,    /* connected, but the name was refused: ahoy_chat_retry_name() or _disconnect() */
  AHOY_CLIENT_ONLINE,
  AHOY_CLIENT_RECONNECTING, /* was online; trying again by itself, with backoff. Conversations stay, what is sent waits */
} AhoyClientState;

/* Why a name was refused, or why the client is offline. */
typedef enum {
  AHOY_REFUSAL_NONE,
  AHOY_REFUSAL_UNSPECIFIED, /* a classic server gives no reason: in use or not allowed */
  AHOY_REFUSAL_IN_USE,
  AHOY_REFUSAL_INVALID,
  AHOY_REFUSAL_LOOK_ALIKE,
  AHOY_REFUSAL_OWNED,
  AHOY_REFUSAL_BANNED,
  AHOY_REFUSAL_FULL,
  AHOY_REFUSAL_TOO_MANY, /* one's key owns as many names there as it may */
} AhoyRefusal;

/* What is wrong with a name, before any server is asked. */
typedef enum {
  AHOY_NAME_PROBLEM_NONE,
  AHOY_NAME_PROBLEM_EMPTY,
  AHOY_NAME_PROBLEM_TOO_LONG,
  AHOY_NAME_PROBLEM_BEGINNING, /* its first character looks like one that begins a line of the server's */
  AHOY_NAME_PROBLEM_COMMA,
  AHOY_NAME_PROBLEM_COLON,     /* before a space, or a wide one */
  AHOY_NAME_PROBLEM_MIXED,     /* letters of several alphabets */
  AHOY_NAME_PROBLEM_CHARACTER, /* one that nobody sees, or that is none */
} AhoyNameProblem;

typedef enum {
  AHOY_FAILURE_NONE,
  AHOY_FAILURE_UNREACHABLE, /* no TCP connection: refused, no route, timed out, unknown host */
  AHOY_FAILURE_NOT_AHOY,    /* something answered that does not speak the protocol */
  AHOY_FAILURE_CLOSED,      /* the server closed before the log-in was answered */
  AHOY_FAILURE_TIMEOUT,     /* connected, but the log-in was never answered */
  AHOY_FAILURE_HANDSHAKE,   /* no encrypted connection could be made */
  AHOY_FAILURE_KEY_CHANGED, /* a full stop: this is not the server that is known there. ahoy_chat_accept_server() */
  AHOY_FAILURE_DOWNGRADED,  /* a full stop: the server that is known there was more than this, by AhoyDowngrade. The same */
  AHOY_FAILURE_REPLACED,    /* the same identity has logged in from somewhere else, and has this name now */
} AhoyFailure;

/* In what a server is less than it was. The first of them that is so. */
typedef enum {
  AHOY_DOWNGRADE_NONE,
  AHOY_DOWNGRADE_PLAIN,   /* it proved who it is, by TLS, and now answers in clear */
  AHOY_DOWNGRADE_CLASSIC, /* it was extended, and now answers as a classic server does, with TLS or without */
  AHOY_DOWNGRADE_NO_ID,   /* it said which server it is, and now says nothing there */
} AhoyDowngrade;

typedef enum {
  AHOY_MESSAGE_CHAT,         /* from somebody, to everyone or to one person */
  AHOY_MESSAGE_NOTICE,       /* from the server or its operator */
  AHOY_MESSAGE_PLAIN,        /* a line of a foreign classic server that names nobody we know: shown as it came */
  AHOY_MESSAGE_PRESENCE,     /* who joined and who left since the message before: one condensed line */
  AHOY_MESSAGE_SET_BACK,     /* the server's log was set back: it no longer has what stands above, only we do */
  AHOY_MESSAGE_KEY_CHANGED,  /* "from" came back under another key than the one we knew, or without one */
  AHOY_MESSAGE_UNKNOWN_NAME, /* a whisper above was not taken: nobody called "from" was ever here */
  AHOY_MESSAGE_NOT_HERE,     /* a whisper above was not taken: "from" is away, and nothing is kept for them */
  AHOY_MESSAGE_MAILBOX_FULL, /* a whisper above was not taken: too much waits for "from", who is away, already */
} AhoyMessageKind;

typedef enum {
  AHOY_MESSAGE_RECEIVED,  /* not ours */
  AHOY_MESSAGE_WAITING,   /* ours, not yet known to be with the server */
  AHOY_MESSAGE_SENT,      /* ours, the server has it (its echo came; or, with a server that does not echo, it was written) */
  AHOY_MESSAGE_DELIVERED, /* ours, a whisper that reached the other client */
  AHOY_MESSAGE_SEEN,      /* ours, a whisper that was seen */
  AHOY_MESSAGE_FAILED,    /* ours, refused for good: kept, can be copied */
} AhoyMessageState;

typedef enum {
  AHOY_FINDER_IDLE,
  AHOY_FINDER_LOOKING,
  AHOY_FINDER_FOUND, /* the search is over, at least one server */
  AHOY_FINDER_NONE,  /* the search is over, no server: look at the probes */
} AhoyFinderState;

/* What a probe is aimed at. */
typedef enum {
  AHOY_PROBE_THIS_COMPUTER, /* 127.255.255.255, and ::1 */
  AHOY_PROBE_INTERFACE,     /* the directed broadcast address of one interface */
  AHOY_PROBE_MULTICAST,     /* the IPv6 group on one interface */
  AHOY_PROBE_LIMITED,       /* 255.255.255.255 */
  AHOY_PROBE_ADDRESS,       /* unicast: typed or remembered */
  AHOY_PROBE_SWEEP,         /* unicast, to each address of a small subnet */
  AHOY_PROBE_NEIGHBOURS,    /* people on these networks who are online on a server that did not hear us */
  AHOY_PROBE_MDNS,          /* this computer's Avahi */
  AHOY_PROBE_SRV,           /* the name servers of a domain */
} AhoyProbeKind;

/* What became of a datagram that looks like an answer to a broadcast, and that we sent ourselves. */
typedef enum {
  AHOY_TRIAL_NONE, /* it could not be made: nothing is known */
  AHOY_TRIAL_SENT,
  AHOY_TRIAL_HEARD, /* it came in: no firewall here holds answers back */
} AhoyTrial;

/* The likely cause when nobody answered, from all probes together. */
typedef enum {
  AHOY_DIAGNOSIS_NONE,
  AHOY_DIAGNOSIS_NO_NETWORK,      /* no interface but loopback is up: cable, Wi-Fi */
  AHOY_DIAGNOSIS_NO_ADDRESS,      /* an interface is up but has no address */
  AHOY_DIAGNOSIS_NO_IPV4,         /* asked over IPv6 alone: an interface is up but has no IPv4 address, and nobody answered */
  AHOY_DIAGNOSIS_SEND_BLOCKED,    /* sending was refused (EPERM, EACCES): a firewall on this computer */
  AHOY_DIAGNOSIS_SEND_FAILED,     /* sending failed otherwise on every interface */
  AHOY_DIAGNOSIS_RECEIVE_BLOCKED, /* sent, and not even our own answers came in: a firewall on this computer */
  AHOY_DIAGNOSIS_NO_SERVER,       /* sent and nobody answered: no server here, a firewall on its computer, or an access point that isolates */
} AhoyDiagnosis;

typedef enum {
  AHOY_HOST_STOPPED,
  AHOY_HOST_STARTING,
  AHOY_HOST_RUNNING,
  AHOY_HOST_FAILED,
} AhoyHostState;

/* What came of a search; see core/connector/ahoy-server-search.h. */
typedef enum {
  AHOY_SERVER_SEARCH_FOUND,      /* one server, or several that are one */
  AHOY_SERVER_SEARCH_SEVERAL,    /* somebody has to choose */
  AHOY_SERVER_SEARCH_DOUBTFUL,   /* it is not encrypted, and the person knows some that are */
  AHOY_SERVER_SEARCH_NONE,       /* nobody */
  AHOY_SERVER_SEARCH_NO_ADDRESS, /* nobody is known under the address */
  AHOY_SERVER_SEARCH_IN_VAIN,    /* nobody besides those who were not there: what became of the last of them is to be said */
} AhoyServerSearchEnd;

/* The way from "not connected" to "online"; see core/connector/ahoy-connector.h. */
typedef enum {
  AHOY_STEP_NAME,       /* 1. not connected */
  AHOY_STEP_ADDRESS,    /*    an address is being typed */
  AHOY_STEP_LOOKING,    /* 2. */
  AHOY_STEP_CHOOSING,   /* 3. several servers answered; or one that is not encrypted, and the person knows some that are */
  AHOY_STEP_NONE_FOUND, /* 4. */
  AHOY_STEP_HOSTING,    /*    the own server is starting */
  AHOY_STEP_CONNECTING,
  AHOY_STEP_TROUBLE,  /*    no connection, or no server could be started: ahoy_connector_get_trouble() */
  AHOY_STEP_CHANGED,  /*    full stop: another server than the known one, or not encrypted any more: ahoy_connector_accept_server() */
  AHOY_STEP_REPLACED, /*    the same person connected from somewhere else: ahoy_connector_reconnect() */
  AHOY_STEP_REFUSED,  /* 5. */
  AHOY_STEP_TALKING,  /* 6 and 7 */
} AhoyStep;

typedef enum {
  AHOY_TROUBLE_NONE,
  AHOY_TROUBLE_ADDRESS,  /* nobody is known under the address that was typed */
  AHOY_TROUBLE_CONNECT,  /* the chat's "failure" says more */
  AHOY_TROUBLE_HOST,     /* the own server did not start, or stopped: ahoy_connector_get_host_error() */
  AHOY_TROUBLE_HOST_LOG, /* so it did, because its log is lost or damaged: ahoy_connector_host_anew() */
} AhoyTrouble;

G_END_DECLS
