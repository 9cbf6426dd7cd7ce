/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folder with the server's key and data, held with a lock for as long as this lives: two servers in one folder would be one server to
 * everybody who looks for them. The lock goes with the process, however that ends. */

typedef struct _AhoydDataDir AhoydDataDir;

/* The file in it that ahoyd-store-sqlite.h keeps. */
#define AHOYD_DATA_LOG "log.sqlite"

/* @path: asked for; NULL: $STATE_DIRECTORY (systemd), else /var/lib/ahoyd for root, else ahoyd in the user's data folder; if the last two
 * are in use, the first of ahoyd-2, ahoyd-3, ... that is not. Made when missing, mode 0700.
 * Returns: (transfer full): NULL with a G_IO_ERROR whose message is a sentence for the operator. */
AhoydDataDir *ahoyd_data_dir_open (const char *path,
                                   GError    **error);
/* Like ahoyd_data_dir_open(), for those who only change something there: nothing is made, so that nothing is there afterwards that its server may not touch.
 * @path: one folder. Returns: (transfer full): NULL with G_IO_ERROR_NOT_FOUND when no server has ever had it, _BUSY when one has it now. */
AhoydDataDir *ahoyd_data_dir_open_used (const char *path,
                                        GError    **error);
void          ahoyd_data_dir_free (AhoydDataDir *dir);

/* Like ahoyd_data_dir_open_used(), in a folder that is there, whether or not a server has ever had it. */
AhoydDataDir *ahoyd_data_dir_open_there (const char *path,
                                         GError    **error);

/* Writes down who has the folder: @config: the key file the server was started with; NULL: none. @name: its name. */
void ahoyd_data_dir_record (AhoydDataDir *dir,
                            const char   *config,
                            const char   *name);
/* What the last server there wrote down, also while one has it. @config (out) (transfer full) (nullable): absolute. @name (out) (transfer full).
 * Returns: FALSE when nothing was. */
gboolean ahoyd_data_dir_read_record (const char *path,
                                     char      **config,
                                     char      **name);

/* The TCP port that the last server there took because no other was asked for or free: clients have it written down. 0: none. */
guint16 ahoyd_data_dir_get_port (AhoydDataDir *dir);
/* Of no more effect than that when it cannot be written. */
void ahoyd_data_dir_set_port (AhoydDataDir *dir,
                              guint16       port);

/* For commands of root: what is made from now on belongs to the owner of the folder @path, whose server has to be able to use it. Of no effect
 * for others. Returns: FALSE with a G_IO_ERROR. */
gboolean ahoyd_data_dir_act_as_owner (const char *path,
                                      GError    **error);
/* Ends what ahoyd_data_dir_act_as_owner() began. */
void ahoyd_data_dir_act_as_self (void);

/* Returns: (transfer full): the folder that is tried first for @path; for those who only look, whoever holds it. */
char *ahoyd_data_dir_choose (const char *path);

const char *ahoyd_data_dir_get_path (AhoydDataDir *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDataDir, ahoyd_data_dir_free)

G_END_DECLS
