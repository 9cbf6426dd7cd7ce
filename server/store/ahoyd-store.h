/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "store/ahoyd-mailboxes.h"
#include "store/ahoyd-event.h"
#include "store/ahoyd-page-query.h"
#include "store/ahoyd-runs.h"
#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* The log of what was said. PROTOCOL.md, "Ids".
 *
 * Handlers append; the store stamps each message with its id and time, keeps it as well as it promises to, and only then announces it, in
 * id order. What it announces is what people see, so nobody ever sees what a crash would take back. An announcement
 * never comes from inside ahoyd_store_append(), but from the main context the store was made for.
 *
 * Not thread-safe, whatever threads an implementation has inside: the thread that iterates that context. */

typedef struct _AhoydStore AhoydStore;

/* Each appended message ends in exactly one of these, in the order of ahoyd_store_append(). */
typedef struct {
  /* It is in the log. */
  void (*committed) (AhoydEvent *event,
                     gpointer    data);
  /* The same sender had said it before under the same cid: it is not said again; @event bears the stamp of the first time, and
   * what was said then. */
  void (*repeated) (AhoydEvent *event,
                    gpointer    data);
  /* It is not in the log and nobody will see it. G_IO_ERROR_NO_SPACE, G_IO_ERROR_READ_ONLY, or G_IO_ERROR_FAILED. */
  void (*rejected) (AhoydEvent   *event,
                    const GError *error,
                    gpointer      data);
  /* It was only of interest as a repeat, and is none: it is not in the log. May be NULL where none such is appended. */
  void (*refused) (AhoydEvent *event,
                   gpointer    data);
  /* Much comes at once, a portion at a time: microseconds until the store may ask again whether the next can come; 0: now. May be NULL. */
  gint64 (*pace) (gpointer data);
  /* Retention has taken away the last message that was from or for somebody; @skeleton: who. May be NULL. */
  void (*gone) (const char *skeleton,
                gpointer    data);
  /* ahoyd_store_forget_name() was called. May be NULL. */
  void (*forgotten) (const char *skeleton,
                     gpointer    data);
} AhoydStoreListener;

/* The answer to a question for a page. */
typedef struct {
  GPtrArray    *messages; /* AhoydEvent by increasing id, all announced as committed before; empty with an error */
  gboolean      more;     /* not all are here that are meant: a bound cut some off, or there was no more time to look for them */
  guint64       reached;  /* not for `newest`: all that are meant are here up to this id */
  gint64        spent;    /* microseconds of a processor that it took */
  const GError *error;    /* the log could not be read; G_IO_ERROR_TIMED_OUT: nothing was found in the time there is for one question */
} AhoydPageResult;

/* @result (transfer none). */
typedef void (*AhoydPageReady) (const AhoydPageResult *result,
                                gpointer               data);

typedef struct _AhoydPage AhoydPage;

/* How much is kept. */
typedef struct {
  guint days;      /* 0: for ever */
  guint held_days; /* for whispers that nobody has got, when it is more than days; 0: for ever */
  guint mb;        /* 0: any size. Megabytes of 1,000,000 bytes */
} AhoydKeep;

/* What an implementation is: the struct below comes first in its own. */
typedef struct {
  void (*append) (AhoydStore *store,
                  AhoydEvent *event);
  AhoydPage *(*page) (AhoydStore           *store,
                      const AhoydPageQuery *query,
                      AhoydPageReady        ready,
                      gpointer              data);
  AhoydKeeping *(*write_row) (AhoydStore  *store,
                              AhoydTable  *table,
                              gpointer     row, /* (transfer full) */
                              AhoydRowKept kept,
                              gpointer     data); /* see AhoydTableWrite */
  void (*set_keep) (AhoydStore      *store,
                    const AhoydKeep *keep); /* NULL: it keeps what it keeps */
  void (*keep_run) (AhoydStore *store);     /* NULL: nothing is kept */
  guint64 (*get_last) (AhoydStore *store);
  guint (*get_n_pending) (AhoydStore *store);
  void (*flush) (AhoydStore *store);
  void (*give_up) (AhoydStore *store);
  void (*free) (AhoydStore *store);
} AhoydStoreClass;

/* Written by ahoyd-store.c alone. */
struct _AhoydStore {
  /*< protected >*/
  const AhoydStoreClass    *klass;
  const AhoydStoreListener *events;
  gpointer                  events_data;
  GPtrArray                *tables; /* (element-type AhoydTable) */
  AhoydMailboxes           *mailboxes;
  AhoydRuns                *runs; /* this one is the last of them */
  char                      run[AHOYD_RUN_LEN + 1];
  gboolean                  run_asked;  /* somebody is to be told, so it is to be written */
  gboolean                  run_kept;   /* it is in the log */
  gboolean                  unwritable; /* nothing can be written at the moment, and the operator knows */
};

/* A page that was asked for and is not ready. */
struct _AhoydPage {
  /*< protected >*/
  AhoydPageReady ready; /* NULL: cancelled */
  gpointer       data;
  int            cancelled; /* the same for other threads: atomic */
};

/* Who hears of appended messages: one listener, which stays until the store is freed. @events: static. */
void ahoyd_store_listen (AhoydStore               *store,
                         const AhoydStoreListener *events,
                         gpointer                  data);
/* Nobody is told any more; nothing is appended until somebody listens again. */
void ahoyd_store_unlisten (AhoydStore *store);

/* @event (transfer full): not stamped yet; the store is the only one to change it from now on. */
void ahoyd_store_append (AhoydStore *store,
                         AhoydEvent *event);

/* Asks for a page; @ready comes later, once. Only what is committed now can be in it.
 * Returns: (transfer none): to cancel with, until @ready. */
AhoydPage *ahoyd_store_page (AhoydStore           *store,
                             const AhoydPageQuery *query,
                             AhoydPageReady        ready,
                             gpointer              data);
/* @ready will not come. */
void ahoyd_store_page_cancel (AhoydPage *page);

/* The id of the newest committed message, also when retention has taken it away; 0: none ever. */
guint64 ahoyd_store_get_last (AhoydStore *store);

/* Returns: (transfer none): what waits for whom. The store counts what comes into the log; who knows that something has reached somebody says so there. */
AhoydMailboxes *ahoyd_store_get_mailboxes (AhoydStore *store);

/* Appended and not announced yet. */
guint ahoyd_store_get_n_pending (AhoydStore *store);

/* The run of this store: 16 hex digits that no other start of it has had. PROTOCOL.md, "Runs". It gets into the log with the first message, or when this is
 * called for the first time, because somebody may be told.
 * Returns: (transfer none) (nullable): NULL: it is not in the log and cannot get there at the moment, so that nobody is to be told. */
const char *ahoyd_store_get_run (AhoydStore *store);
/* Somebody holds everything up to @since; @marks (nullable): how far they came in which run, as the network says it, see ahoyd-runs.h.
 * Returns: the first id that they hold and this log does not, or holds as something else; 0: there is none. */
guint64 ahoyd_store_get_parted (AhoydStore *store,
                                guint64     since,
                                const char *marks);

/* Returns: (transfer none): the rows of that table, which the store must have. See ahoyd-table.h. */
gpointer ahoyd_store_get_rows (AhoydStore            *store,
                               const AhoydTableClass *table);

/* The name with that skeleton is nobody's, or somebody else's from now on: whoever keeps anything of the one who had it is told to forget that. */
void ahoyd_store_forget_name (AhoydStore *store,
                              const char *skeleton);

/* How much is kept from now on; what is more goes soon. */
void ahoyd_store_set_keep (AhoydStore      *store,
                           const AhoydKeep *keep);

/* Waits (blocks) until all that was appended is in the log or rejected, and all rows are kept, and announces it. For stopping in
 * good order. */
void ahoyd_store_flush (AhoydStore *store);

/* For stopping in time: what was appended and is not being written yet is dropped without a word to anybody. What is being written comes, and rows are kept. */
void ahoyd_store_give_up (AhoydStore *store);

/* Appended messages that were not announced yet are not announced any more, and pages asked for and rows waited for do not come. Waits for what is being
 * written, and for rows, and for nothing else. */
void ahoyd_store_free (AhoydStore *store);

/* For implementations. */
void ahoyd_store_init (AhoydStore            *store,
                       const AhoydStoreClass *klass);
void ahoyd_store_clear (AhoydStore *store);
/* Beside those that every store has (ahoyd-tables.h): before anything is read. */
void ahoyd_store_add_table (AhoydStore            *store,
                            const AhoydTableClass *table);
/* A whisper has left the log: tells the mailboxes, and the tables. Skeletons. */
void ahoyd_store_forget_whisper (AhoydStore *store,
                                 const char *from,
                                 const char *to,
                                 guint64     id);
/* Whether anything can be written at the moment; else the operator knows. */
void ahoyd_store_note_writable (AhoydStore *store,
                                gboolean    writable);
/* The name of this run is in the log, or could not be written: then that is tried again for the next one who is to be told. */
void ahoyd_store_note_run (AhoydStore *store,
                           gboolean    kept);
/* What became of @event: tells the mailboxes, and the listener. @error (nullable): it was rejected. */
void ahoyd_store_announce (AhoydStore   *store,
                           AhoydEvent   *event,
                           gboolean      repeated,
                           const GError *error);
/* All earlier runs are in store->runs, and an id below @first was given in one of them. */
void ahoyd_store_begin_run (AhoydStore *store,
                            guint64     first);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydStore, ahoyd_store_free)

G_END_DECLS
