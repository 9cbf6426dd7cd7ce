/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* The log's file. Every call blocks on the disk; used by one thread at a time. Errors are those of ahoy-sqlite.h. */

typedef struct _AhoydDatabase AhoydDatabase;

/* "Ahoy": PRAGMA application_id, which says whose file this is. */
#define AHOYD_DATABASE_APPLICATION_ID 0x41686f79

typedef enum {
  AHOYD_DURABILITY_PROCESS, /* what was committed survives the end of this process, however it ends */
  AHOYD_DURABILITY_POWER,   /* and a power cut: each commit waits for the disk */
} AhoydDurability;

/* Opens @path, or makes it (mode 0600), and brings its schema up to date. */
AhoydDatabase *ahoyd_database_open (const char     *path,
                                    AhoydDurability durability,
                                    GError        **error);
/* When there is no room for that: the file as it is, for reading only. See ahoy_sqlite_open_reading(). */
AhoydDatabase *ahoyd_database_open_alone (const char *path,
                                          GError    **error);
void           ahoyd_database_close (AhoydDatabase *db);
/* PRAGMA user_version of a file whose schema is up to date. */
guint ahoyd_database_get_newest_schema (void);

/* Whether the disk has room enough to try that. */
gboolean ahoyd_database_has_room (const char *path);
/* See ahoy_sqlite_set_hurry(). */
void ahoyd_database_set_hurry (AhoydDatabase *db,
                               const int     *hurry);

/* Makes right what a crash may have left behind: what @tables (element-type AhoydTable) say of names that are not to be remembered, or do
 * not say of those that are. Before anything is read from the file; a transaction of its own. */
gboolean ahoyd_database_tidy (AhoydDatabase   *db,
                              const GPtrArray *tables,
                              GError         **error);
/* See ahoy_sqlite_empty_journal(). */
void ahoyd_database_empty_journal (AhoydDatabase *db);

/* Returns: (transfer full): the file for who reads pages of it, see ahoyd-log-pages.h. */
AhoySqlite *ahoyd_database_open_reading (const char *path,
                                         gboolean    alone,
                                         GError    **error);

/* The newest id ever given; 0: none. */
gboolean ahoyd_database_last (AhoydDatabase *db,
                              guint64       *id,
                              GError       **error);

/* Adds the runs that the log knows to @runs. */
gboolean ahoyd_database_read_runs (AhoydDatabase *db,
                                   AhoydRuns     *runs,
                                   GError       **error);
/* What is appended from now on is of the run with that name: it gets into the log with the first of that, or with ahoyd_database_keep_run(). */
void     ahoyd_database_set_run (AhoydDatabase *db,
                                 const char    *run);
gboolean ahoyd_database_keep_run (AhoydDatabase *db,
                                  GError       **error);

/* One transaction. Its end is a commit only when that returns TRUE; then and on errors no transaction is open any more. */
gboolean ahoyd_database_begin (AhoydDatabase *db,
                               GError       **error);
gboolean ahoyd_database_commit (AhoydDatabase *db,
                                GError       **error);
void     ahoyd_database_rollback (AhoydDatabase *db);

/* Stamps @event with @time and the next id, or, when its sender had said it before, with what it got then (@repeated (out)). Where it is only of
 * interest as a repeat and is none, nothing is done: it has no id then. */
gboolean ahoyd_database_append (AhoydDatabase *db,
                                AhoydEvent    *event,
                                gint64         time,
                                gboolean      *repeated,
                                GError       **error);

/* See ahoyd-table.h. */
gboolean ahoyd_database_load_table (AhoydDatabase *db,
                                    AhoydTable    *table,
                                    GError       **error);
gboolean ahoyd_database_write_row (AhoydDatabase         *db,
                                   const AhoydTableClass *table,
                                   gconstpointer          row,
                                   GError               **error);

/* A whisper that is not in the log any more. */
typedef struct {
  char   *sender; /* skeletons */
  char   *recipient;
  guint64 id;
} AhoydForgotWhisper;

/* What one or more of the functions below took away. */
typedef struct {
  guint64    n;      /* messages */
  guint64    bytes;  /* what they took, as ahoyd-tally.h reckons */
  gint64     oldest; /* their stamps; milliseconds since 1970 UTC */
  gint64     newest;
  GPtrArray *gone;     /* (element-type utf8) skeletons whom nothing in the log is from or for any more */
  GPtrArray *whispers; /* (element-type AhoydForgotWhisper) */
  gboolean   more;     /* call again */
} AhoydForgot;

void ahoyd_forgot_init (AhoydForgot *forgot);
void ahoyd_forgot_clear (AhoydForgot *forgot);

/* Milliseconds since 1970 UTC. */
typedef struct {
  gint64 since;      /* messages from before go */
  gint64 held_since; /* but whispers that nobody has got only those from before this; 0: none of them */
} AhoydOldLimit;

/* How far a pass has come: { G_MININT64, 0 } at its beginning. */
typedef struct {
  gint64 time;
  gint64 id;
} AhoydOldCursor;

/* Each of these is a transaction of its own, of up to @limit messages. What they took away is added to @forgot when they return TRUE; else it is not to be
 * used any more. */

/* Messages that are too old. */
gboolean ahoyd_database_forget_old (AhoydDatabase       *db,
                                    const AhoydOldLimit *old,
                                    AhoydOldCursor      *cursor,
                                    guint                limit,
                                    AhoydForgot         *forgot,
                                    GError             **error);
/* Messages that are too many: until all of them take at most @max_bytes. Whose: see ahoyd-shares.h. */
gboolean ahoyd_database_forget_large (AhoydDatabase *db,
                                      guint64        max_bytes,
                                      guint          limit,
                                      AhoydForgot   *forgot,
                                      GError       **error);

/* Who said what cannot be told from @since (milliseconds since 1970 UTC) minus 400 days on, unless the message is still there; among the
 * @limit oldest of what is remembered so. @n_forgotten (out). */
gboolean ahoyd_database_forget_said (AhoydDatabase *db,
                                     gint64         since,
                                     guint          limit,
                                     guint         *n_forgotten,
                                     GError       **error);
/* Nor more than of the @max newest. */
gboolean ahoyd_database_trim_said (AhoydDatabase *db,
                                   guint64        max,
                                   guint          limit,
                                   GError       **error);

/* What all messages take, as ahoyd-tally.h reckons. */
guint64 ahoyd_database_get_bytes (AhoydDatabase *db);
/* Of how many it is remembered who said them. */
guint64 ahoyd_database_get_n_said (AhoydDatabase *db);

/* Makes the file a little smaller when much of it is free. @more (out): call again. */
gboolean ahoyd_database_give_back (AhoydDatabase *db,
                                   gboolean      *more,
                                   GError       **error);

/* Whom the event in @row is for: @room and @person are the columns of these. Its string is the row's. */
AhoyTarget ahoyd_database_read_target (sqlite3_stmt *row,
                                       int           room,
                                       int           person);

/* A number that there is one of. @found (out): whether there is. */
gboolean ahoyd_database_get_number (AhoydDatabase *db,
                                    const char    *name,
                                    gint64        *number,
                                    gboolean      *found,
                                    GError       **error);
gboolean ahoyd_database_set_number (AhoydDatabase *db,
                                    const char    *name,
                                    gint64         number,
                                    GError       **error);
/* The stamp of the newest message. */
gboolean ahoyd_database_newest_stamp (AhoydDatabase *db,
                                      gint64        *time,
                                      gboolean      *found,
                                      GError       **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoydForgot, ahoyd_forgot_clear)

/* Tells @store's mailboxes what waits: the whispers in the log above what their recipient has taken, as the table says that @store has loaded. In ahoyd-database-held.c. */
gboolean ahoyd_database_load_mailboxes (AhoydDatabase *db,
                                        AhoydStore    *store,
                                        GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDatabase, ahoyd_database_close)

G_END_DECLS
