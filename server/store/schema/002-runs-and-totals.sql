-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which runs the log grew in, what its authors' messages take, and how long the clock has held.

-- One row for each start of the server that somebody heard of, in their order.
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,             -- 16 hex digits
  first INTEGER NOT NULL                -- no id below this was given in it
) STRICT;

-- Kept true by whoever adds and deletes messages, in the same transaction.
CREATE TABLE authors (
  skeleton TEXT PRIMARY KEY,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL                -- what they take in the file, as the server reckons it
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_sender ON messages (sender_skeleton, id);

-- Numbers that there is one of each.
--   reckoning   by which rule `authors` was filled; another one than the server's: fill it anew
--   said        rows in the table of that name
--   clock       what the clock said last; milliseconds since 1970 UTC
--   clock-held  for how long it has held since it jumped, while the server ran; milliseconds
CREATE TABLE numbers (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The clock may be wrong; ids are in order.
DROP INDEX said_time;
CREATE INDEX said_id ON said (id);
