-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was said, who may not say it twice, and what is known about people.

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused, also after the newest were deleted
  time INTEGER NOT NULL,                -- milliseconds since 1970 UTC
  sender TEXT NOT NULL,                 -- as shown
  sender_skeleton TEXT NOT NULL,        -- as compared
  recipient TEXT,                       -- NULL: everyone
  recipient_skeleton TEXT,
  cid TEXT,
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX messages_time ON messages (time);
CREATE INDEX messages_held ON messages (recipient_skeleton, id) WHERE recipient_skeleton IS NOT NULL;

-- Outlives the messages: a client may repeat what it said long after retention has taken the message away.
CREATE TABLE said (
  sender_skeleton TEXT NOT NULL,
  cid TEXT NOT NULL,
  id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (sender_skeleton, cid)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_time ON said (time);

CREATE TABLE facts (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
