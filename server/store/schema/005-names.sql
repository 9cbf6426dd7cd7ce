-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is known of a name is no string like another: each matter has a table.

CREATE TABLE tenures (
  skeleton TEXT PRIMARY KEY,
  released INTEGER NOT NULL             -- the newest message from when the name was somebody else's
) STRICT, WITHOUT ROWID;

CREATE TABLE taken (
  skeleton TEXT PRIMARY KEY,
  id INTEGER NOT NULL                   -- the newest whisper that reached whoever has that name
) STRICT, WITHOUT ROWID;

CREATE TABLE owners (
  skeleton TEXT PRIMARY KEY,
  key TEXT NOT NULL,                    -- the fingerprint of the key that owns the name
  since INTEGER NOT NULL,               -- seconds since 1970 UTC; 0: nobody knows
  seen INTEGER NOT NULL                 -- the same
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
  skeleton TEXT PRIMARY KEY,
  name TEXT,                            -- as they wrote it last; NULL: not to be remembered yet
  secret TEXT                           -- the hash of the one that holds the name; NULL: none does
) STRICT, WITHOUT ROWID;

INSERT INTO tenures (skeleton, released) SELECT key, CAST (value AS INTEGER) FROM facts WHERE kind = 'released';
INSERT INTO taken (skeleton, id) SELECT key, CAST (value AS INTEGER) FROM facts WHERE kind = 'taken';
INSERT INTO owners (skeleton, key, since, seen)
  SELECT key, value,
    coalesce ((SELECT CAST (s.value AS INTEGER) FROM facts s WHERE s.kind = 'owner-since' AND s.key = o.key), 0),
    coalesce ((SELECT CAST (s.value AS INTEGER) FROM facts s WHERE s.kind = 'owner-seen' AND s.key = o.key), 0)
  FROM facts o WHERE kind = 'owner';
INSERT INTO people (skeleton, name, secret)
  SELECT key, max (CASE kind WHEN 'person' THEN value END), max (CASE kind WHEN 'secret' THEN value END)
  FROM facts WHERE kind IN ('person', 'secret') GROUP BY key;
DROP TABLE facts;
