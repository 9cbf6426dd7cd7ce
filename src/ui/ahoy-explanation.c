/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Shows sentences on status pages as they are. */

#include "ui/ahoy-explanation.h"

void
ahoy_explanation_show (AdwStatusPage *page,
                       const char    *text)
{
  g_autofree char *markup = NULL;

  g_return_if_fail (ADW_IS_STATUS_PAGE (page));
  g_return_if_fail (text != NULL);

  markup = g_markup_escape_text (text, -1);
  adw_status_page_set_description (page, markup);
}
