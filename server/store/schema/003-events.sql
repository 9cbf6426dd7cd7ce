-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was said is one kind of event, and everyone is one room.

ALTER TABLE messages RENAME TO events;
ALTER TABLE events ADD COLUMN kind INTEGER NOT NULL DEFAULT 0; -- AhoydEventKind; 0: said
ALTER TABLE events ADD COLUMN room INTEGER NOT NULL DEFAULT 0; -- 0: everyone; without a meaning where there is a recipient
