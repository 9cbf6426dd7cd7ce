-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far the log was taken in. The tables part_N, each for so many ids, are made when they are needed.

CREATE TABLE progress (
  until INTEGER NOT NULL, -- the newest message that was taken in
  mark TEXT NOT NULL      -- what tells that message from another one with its id
) STRICT;
INSERT INTO progress (until, mark) VALUES (0, '');
