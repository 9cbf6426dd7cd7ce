-- SPDX-License-Identifier: GPL-3.0-or-later
-- By what a server knows one person again who proves no key.

ALTER TABLE accounts ADD COLUMN secret TEXT; -- 32 hex digits; NULL: none was made yet
