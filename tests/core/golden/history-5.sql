-- A history as schema 5 keeps it, written down by hand. Every version to come must open it and find all of this.
PRAGMA application_id = 1634234216;
CREATE TABLE accounts (
  account INTEGER PRIMARY KEY,
  server TEXT NOT NULL,
  self TEXT NOT NULL,
  partings INTEGER NOT NULL DEFAULT 0,
  secret TEXT,
  UNIQUE (server, self)
) STRICT;
CREATE TABLE messages (
  rowid INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES accounts,
  place INTEGER NOT NULL,
  path TEXT NOT NULL DEFAULT '',
  id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT,
  peer TEXT,
  cid TEXT,
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  kind INTEGER NOT NULL DEFAULT 0,
  room INTEGER DEFAULT 0,
  UNIQUE (account, place, path)
) STRICT;
CREATE INDEX messages_peer ON messages (account, peer, place, path) WHERE peer IS NOT NULL;
CREATE INDEX messages_copies ON messages (account, id) WHERE path <> '';
CREATE INDEX messages_room ON messages (account, room, place, path) WHERE room > 0;
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
  kind INTEGER NOT NULL DEFAULT 0,
  room INTEGER DEFAULT 0,
  UNIQUE (account, cid)
) STRICT;
CREATE TABLE marks (
  account INTEGER NOT NULL REFERENCES accounts,
  kind TEXT NOT NULL,
  room INTEGER,
  person TEXT,
  value INTEGER NOT NULL,
  path TEXT NOT NULL DEFAULT '',
  CHECK ((room IS NULL) <> (person IS NULL))
) STRICT;
CREATE UNIQUE INDEX marks_rooms ON marks (account, kind, room) WHERE room IS NOT NULL;
CREATE UNIQUE INDEX marks_people ON marks (account, kind, person) WHERE person IS NOT NULL;
CREATE TABLE runs (
  account INTEGER NOT NULL REFERENCES accounts,
  run TEXT NOT NULL,
  nth INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (account, run)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5 (text, content = 'messages', content_rowid = 'rowid', tokenize = 'trigram');
CREATE TABLE found_until (rowid INTEGER NOT NULL) STRICT;
INSERT INTO found_until VALUES (0);
CREATE TABLE people (
  account INTEGER NOT NULL REFERENCES accounts,
  person TEXT NOT NULL,
  known TEXT NOT NULL,
  since INTEGER NOT NULL,
  key TEXT,
  verified INTEGER NOT NULL,
  PRIMARY KEY (account, person)
) STRICT, WITHOUT ROWID;
INSERT INTO accounts VALUES (1, 'server-a', 'alice', 0, '00112233445566778899aabbccddeeff');
INSERT INTO accounts VALUES (2, 'server-b', 'alice', 1, NULL);
INSERT INTO messages VALUES (1, 1, 41, '', 41, 1700000000000, 'bob', NULL, NULL, NULL, 0, 'hello', 0, 0);
INSERT INTO messages VALUES (2, 1, 42, '', 42, 1700000000001, 'alice', 'bob', 'bob', '00000000000000aa', 41, '你好', 0, NULL);
INSERT INTO messages VALUES (3, 2, 6, '000000010000000000000007', 7, 1700000000002, 'bob', NULL, NULL, NULL, 0, 'elsewhere', 0, 0);
INSERT INTO outbox VALUES (5, 1, '00000000000000bb', 1700000000003, 'alice', NULL, NULL, 0, 'owed', 0, 0);
INSERT INTO marks VALUES (1, 'read', NULL, 'bob', 41, '');
INSERT INTO marks VALUES (1, 'floor', 0, NULL, 7, '');
INSERT INTO runs VALUES (1, '00000000000000aa', 1, 42);
INSERT INTO people VALUES (1, 'bob', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1700000000, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1);
INSERT INTO people VALUES (1, 'carol', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba', 1700000001, NULL, 0);
INSERT INTO people VALUES (2, 'bob', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaca', 1700000002, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaada', 0);
PRAGMA user_version = 5;
