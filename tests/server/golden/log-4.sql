-- A log as schema 4 keeps it, written down by hand. Every version to come must open it and find all of this.
PRAGMA application_id = 1097363321;
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  sender TEXT NOT NULL,
  sender_skeleton TEXT NOT NULL,
  recipient TEXT,
  recipient_skeleton TEXT,
  cid TEXT,
  re INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  kind INTEGER NOT NULL DEFAULT 0,
  room INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX messages_time ON events (time);
CREATE INDEX messages_held ON events (recipient_skeleton, id) WHERE recipient_skeleton IS NOT NULL;
CREATE INDEX messages_sender ON events (sender_skeleton, id);
CREATE TABLE said (
  sender_skeleton TEXT NOT NULL,
  cid TEXT NOT NULL,
  id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (sender_skeleton, cid)
) STRICT, WITHOUT ROWID;
CREATE INDEX said_id ON said (id);
CREATE TABLE facts (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,
  first INTEGER NOT NULL
) STRICT;
CREATE TABLE authors (
  skeleton TEXT PRIMARY KEY,
  messages INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE numbers (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE marks (
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  delivered INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (sender, recipient)
) STRICT, WITHOUT ROWID;
INSERT INTO events VALUES (41, 1700000000000, 'Alice', 'alice', NULL, NULL, NULL, 0, 'hello', 0, 0);
INSERT INTO events VALUES (43, 1700000000002, 'Alice', 'alice', NULL, NULL, NULL, 41, 'of a kind from the future', 77, 0);
INSERT INTO events VALUES (42, 1700000000001, 'Bob', 'bob', 'Alice', 'alice', '00000000000000aa', 41, '你好', 0, 0);
UPDATE sqlite_sequence SET seq = 50 WHERE name = 'events';
INSERT INTO said VALUES ('bob', '00000000000000aa', 42, 1700000000001);
INSERT INTO facts VALUES ('person', 'alice', 'Alice');
INSERT INTO facts VALUES ('secret', 'bob', 'the hash of a secret');
INSERT INTO facts VALUES ('released', 'bob', '41');
INSERT INTO facts VALUES ('held', 'alice', '42');
INSERT INTO facts VALUES ('taken', 'alice', '41');
INSERT INTO facts VALUES ('person', 'olga', 'Olga');
INSERT INTO facts VALUES ('owner', 'olga', 'the fingerprint of a key');
INSERT INTO facts VALUES ('owner-since', 'olga', '1600000000');
INSERT INTO facts VALUES ('owner-seen', 'olga', '1700000000');
INSERT INTO marks VALUES ('bob', 'alice', 42, 40);
INSERT INTO runs VALUES (1, '0123456789abcdef', 40);
INSERT INTO runs VALUES (2, 'fedcba9876543210', 42);
PRAGMA user_version = 4;
