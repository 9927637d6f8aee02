-- What a clerk did to a page beyond turning it, oldest first: a JSON list; a page nothing is on, kept
-- beside the copy; and why findings were accepted. (On a desk all of it stands in the layout.)
ALTER TABLE record_page ADD COLUMN edits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE record_page ADD COLUMN blank INTEGER NOT NULL DEFAULT 0 CHECK (blank IN (0, 1));
ALTER TABLE record_page ADD COLUMN accepted TEXT;

-- Files of the hot folder that came in and were left where they lie, so that they come in once.
CREATE TABLE hot_file (
  path     TEXT NOT NULL PRIMARY KEY,
  bytes    INTEGER NOT NULL,
  modified INTEGER NOT NULL,  -- milliseconds since 1970
  at       TEXT NOT NULL
) STRICT;

-- Where the clerk was at last: one row of JSON, for a window that comes back after a crash.
CREATE TABLE place (
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  text TEXT NOT NULL
) STRICT;
