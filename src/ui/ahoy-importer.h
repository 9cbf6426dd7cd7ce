/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Leads to an identity from another computer: asks for the file, then for its passphrase until it is right, and tells what is wrong with the file. */

/* Takes the identity, and goes on with it. Errors as of ahoy_keyring_import(). */
typedef gboolean (*AhoyImporterTake) (const char *file,
                                      const char *passphrase,
                                      gpointer    data,
                                      GError    **error);

#define AHOY_TYPE_IMPORTER (ahoy_importer_get_type ())
G_DECLARE_FINAL_TYPE (AhoyImporter, ahoy_importer, AHOY, IMPORTER, GObject)

/* @data must outlive it. */
AhoyImporter *ahoy_importer_new (AhoyImporterTake take,
                                 gpointer         data);
/* @parent: the window that asks. Nothing happens while a file is being chosen. */
void ahoy_importer_start (AhoyImporter *self,
                          GtkWindow    *parent);
/* Goes on from there: a file was chosen and a passphrase typed. */
void ahoy_importer_take (AhoyImporter *self,
                         GtkWindow    *parent,
                         const char   *file,
                         const char   *passphrase);

G_END_DECLS
