/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks for the passphrase of an exported identity: for a new one twice, warning of one that is short. Response "go": it may be used; "cancel". */

#define AHOY_TYPE_PASSPHRASE_DIALOG (ahoy_passphrase_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPassphraseDialog, ahoy_passphrase_dialog, AHOY, PASSPHRASE_DIALOG, AdwMessageDialog)

/* To protect what is exported. */
GtkWidget *ahoy_passphrase_dialog_new_choose (GtkWindow *parent);
/* To open what is imported. @wrong: the one typed before was not the right one. */
GtkWidget *ahoy_passphrase_dialog_new_ask (GtkWindow *parent,
                                           gboolean   wrong);

const char *ahoy_passphrase_dialog_get_passphrase (AhoyPassphraseDialog *self);

G_END_DECLS
