-- SPDX-License-Identifier: GPL-3.0-or-later
-- Whom one person knows on one server, and by which key.
CREATE TABLE people (
  account INTEGER NOT NULL REFERENCES accounts,
  person TEXT NOT NULL,   -- skeleton of the name
  known TEXT NOT NULL,    -- fingerprint: the first one, or the one that was accepted
  since INTEGER NOT NULL, -- when that was: seconds since 1970 UTC
  key TEXT,               -- fingerprint they came with last; NULL: without
  verified INTEGER NOT NULL,
  PRIMARY KEY (account, person)
) STRICT, WITHOUT ROWID;
