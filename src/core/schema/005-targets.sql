-- SPDX-License-Identifier: GPL-3.0-or-later
-- What is said has a kind, and is said to a room or to one person. Everyone is room 0.

ALTER TABLE messages ADD COLUMN kind INTEGER NOT NULL DEFAULT 0; -- 0: said
ALTER TABLE messages ADD COLUMN room INTEGER DEFAULT 0; -- NULL: to the person `recipient`, and `peer` is the other one of the two
UPDATE messages SET room = NULL WHERE peer IS NOT NULL;
CREATE INDEX messages_room ON messages (account, room, place, path) WHERE room > 0;

ALTER TABLE outbox ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN room INTEGER DEFAULT 0;
UPDATE outbox SET room = NULL WHERE peer IS NOT NULL;

-- Numbers to be remembered of a room or of the talk with one person: how far that was read, what was delivered, from where on the history has no gap.
-- What is so of all of them stands at room 0.
CREATE TABLE marks_5 (
  account INTEGER NOT NULL REFERENCES accounts,
  kind TEXT NOT NULL,
  room INTEGER, -- NULL: of a person
  person TEXT,  -- skeleton of the name; NULL: of a room
  value INTEGER NOT NULL,
  path TEXT NOT NULL DEFAULT '', -- with "read": see messages
  CHECK ((room IS NULL) <> (person IS NULL))
) STRICT;
INSERT INTO marks_5 (account, kind, room, person, value, path)
  SELECT account, kind, iif(key = '', 0, NULL), nullif(key, ''), value, path FROM marks;
DROP TABLE marks;
ALTER TABLE marks_5 RENAME TO marks;
CREATE UNIQUE INDEX marks_rooms ON marks (account, kind, room) WHERE room IS NOT NULL;
CREATE UNIQUE INDEX marks_people ON marks (account, kind, person) WHERE person IS NOT NULL;
