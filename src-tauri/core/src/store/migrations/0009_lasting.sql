-- What was appended to a copy so that its signature lasts. The copy as it was signed stays; the longer file
-- lies beside it, the newest row of a record is the one to hand out.

CREATE TABLE lasting (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    record TEXT NOT NULL REFERENCES record (id),
    sha256 TEXT NOT NULL REFERENCES blob (sha256),
    level  TEXT NOT NULL CHECK (level IN ('B-T', 'B-LT', 'B-LTA')),
    at     TEXT NOT NULL
) STRICT;

CREATE INDEX lasting_of ON lasting (record, seq);

CREATE TRIGGER lasting_is_kept_u BEFORE UPDATE ON lasting
BEGIN SELECT RAISE(ABORT, 'an extended copy is kept as it was made'); END;
CREATE TRIGGER lasting_is_kept_d BEFORE DELETE ON lasting
BEGIN SELECT RAISE(ABORT, 'an extended copy is kept as it was made'); END;
