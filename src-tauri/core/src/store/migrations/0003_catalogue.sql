-- Procedures by version: a version is whole and never changes. The journal and the outbox tell of
-- more than records now: what an entry is about is its subject.

CREATE TABLE catalogue (
    version        INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    effective_from TEXT NOT NULL,
    source         TEXT NOT NULL,
    sha256         TEXT NOT NULL CHECK (length(sha256) = 64),
    sample         INTEGER NOT NULL CHECK (sample IN (0, 1)),
    imported_at    TEXT NOT NULL
) STRICT;

CREATE TABLE procedure (
    version INTEGER NOT NULL REFERENCES catalogue (version),
    code    TEXT NOT NULL,
    name    TEXT NOT NULL,
    field   TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (version, code)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER procedure_is_kept_u BEFORE UPDATE ON procedure
BEGIN SELECT RAISE(ABORT, 'a version of the catalogue never changes'); END;
CREATE TRIGGER procedure_is_kept_d BEFORE DELETE ON procedure
BEGIN SELECT RAISE(ABORT, 'a version of the catalogue never changes'); END;

DROP TRIGGER journal_is_append_only_u;
DROP TRIGGER journal_is_append_only_d;

CREATE TABLE journal_new (
    seq       INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
INSERT INTO journal_new SELECT seq, at, kind, record, body, hash, signature FROM journal;

CREATE TABLE outbox_old AS SELECT * FROM outbox;
DROP TABLE outbox;
DROP TABLE journal;
ALTER TABLE journal_new RENAME TO journal;

CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    journal  INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
    subject  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'received', 'held_back')),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason   TEXT
) STRICT;
INSERT INTO outbox SELECT seq, journal, record, state, attempts, reason FROM outbox_old;
DROP TABLE outbox_old;

CREATE INDEX journal_by_subject ON journal (subject);
CREATE INDEX outbox_by_subject ON outbox (subject);

CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
