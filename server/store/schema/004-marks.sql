-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far whispers have come is no fact like others.

CREATE TABLE marks (
  sender TEXT NOT NULL,                 -- skeletons
  recipient TEXT NOT NULL,
  delivered INTEGER NOT NULL,           -- the newest whisper that was; 0: none
  seen INTEGER NOT NULL,
  PRIMARY KEY (sender, recipient)
) STRICT, WITHOUT ROWID;

INSERT INTO marks (sender, recipient, delivered, seen)
  SELECT substr (kind, instr (kind, ':') + 1), key,
    max (CASE WHEN kind < 'delivered;' THEN CAST (value AS INTEGER) ELSE 0 END),
    max (CASE WHEN kind >= 'seen:' THEN CAST (value AS INTEGER) ELSE 0 END)
  FROM facts WHERE kind >= 'delivered:' AND kind < 'delivered;' OR kind >= 'seen:' AND kind < 'seen;'
  GROUP BY 1, 2;
DELETE FROM facts WHERE kind >= 'delivered:' AND kind < 'delivered;' OR kind >= 'seen:' AND kind < 'seen;';
