-- SPDX-License-Identifier: GPL-3.0-or-later
-- What one person has seen and still owes, on every server they were on.

-- One person on one server.
CREATE TABLE accounts (
  account INTEGER PRIMARY KEY,
  server TEXT NOT NULL, -- server id
  self TEXT NOT NULL,   -- skeleton of the name
  UNIQUE (server, self)
) STRICT;

CREATE TABLE messages (
  rowid INTEGER PRIMARY KEY, -- for the search index
  account INTEGER NOT NULL REFERENCES accounts,
  id INTEGER NOT NULL,   -- the server's
  time INTEGER NOT NULL, -- milliseconds since 1970 UTC
  sender TEXT NOT NULL,
  recipient TEXT, -- NULL: everyone
  peer TEXT,      -- whispers: skeleton of the other one
  cid TEXT,       -- our own
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  UNIQUE (account, id)
) STRICT;
CREATE INDEX messages_peer ON messages (account, peer, id) WHERE peer IS NOT NULL;

-- Said by us and not yet shown by the server, in the order it was said.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL REFERENCES accounts,
  cid TEXT NOT NULL,
  time INTEGER NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT,
  peer TEXT,
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  UNIQUE (account, cid)
) STRICT;

-- Numbers to be remembered: how far what was read, what was delivered, from where on the history has no gap.
CREATE TABLE marks (
  account INTEGER NOT NULL REFERENCES accounts,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (account, kind, key)
) STRICT, WITHOUT ROWID;

-- Finds any three characters in a row, in any script; filled a little at a time when nothing else is to be done.
CREATE VIRTUAL TABLE found USING fts5 (text, content = 'messages', content_rowid = 'rowid', tokenize = 'trigram');
CREATE TABLE found_until (rowid INTEGER NOT NULL) STRICT;
INSERT INTO found_until VALUES (0);
