-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the server's log no longer has stays where it was, and how far the account came in each run of that log is known.

-- Accounts were put aside, as SERVER#ACCOUNT, when their server had lost its log. What they hold belongs before everything else of the account that
-- took their place.
CREATE TABLE renewed (account INTEGER PRIMARY KEY, now INTEGER NOT NULL, nth INTEGER NOT NULL) STRICT;
INSERT INTO renewed SELECT old.account, present.account, row_number() OVER (PARTITION BY present.account ORDER BY old.account)
  FROM accounts old JOIN accounts present ON present.self = old.self AND old.server = present.server || '#' || old.account;

ALTER TABLE accounts ADD COLUMN partings INTEGER NOT NULL DEFAULT 0; -- how often its server's log was set back
UPDATE accounts SET partings = (SELECT count(*) FROM renewed WHERE now = accounts.account);

ALTER TABLE marks ADD COLUMN path TEXT NOT NULL DEFAULT ''; -- with "read": see messages

-- How far the account came in each run of the log.
CREATE TABLE runs (
  account INTEGER NOT NULL REFERENCES accounts,
  run TEXT NOT NULL,
  nth INTEGER NOT NULL, -- of all that were met
  last INTEGER NOT NULL, -- newest id held without a gap; of the newest run: not kept up
  PRIMARY KEY (account, run)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages_3 (
  rowid INTEGER PRIMARY KEY, -- for the search index
  account INTEGER NOT NULL REFERENCES accounts,
  place INTEGER NOT NULL, -- the id; of what only we have, the last one before it that the server has, too
  path TEXT NOT NULL DEFAULT '', -- '': the server has it; else see ahoy-place.h
  id INTEGER NOT NULL,   -- the server's, when it had it
  time INTEGER NOT NULL, -- milliseconds since 1970 UTC
  sender TEXT NOT NULL,
  recipient TEXT, -- NULL: everyone
  peer TEXT,      -- whispers: skeleton of the other one
  cid TEXT,       -- our own
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  UNIQUE (account, place, path)
) STRICT;
INSERT INTO messages_3 (rowid, account, place, path, id, time, sender, recipient, peer, cid, re, text)
  SELECT m.rowid, ifnull(r.now, m.account), iif(r.now IS NULL, m.id, 0), iif(r.now IS NULL, '', printf('%08x%016x', r.nth, m.id)),
         m.id, m.time, m.sender, m.recipient, m.peer, m.cid, m.re, m.text
    FROM messages m LEFT JOIN renewed r ON r.account = m.account;
DROP TABLE messages;
ALTER TABLE messages_3 RENAME TO messages;
CREATE INDEX messages_peer ON messages (account, peer, place, path) WHERE peer IS NOT NULL;
CREATE INDEX messages_copies ON messages (account, id) WHERE path <> '';

DELETE FROM marks WHERE account IN (SELECT account FROM renewed);
DELETE FROM accounts WHERE account IN (SELECT account FROM renewed);
DROP TABLE renewed;
