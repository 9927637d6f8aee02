-- The counter: who it is, what it made, what it owes the warehouse.
-- AUTOINCREMENT where ids must never return. Text times are RFC 3339 with offset.

CREATE TABLE station (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    station      TEXT NOT NULL,
    office_code  TEXT NOT NULL,
    office_name  TEXT NOT NULL,
    training     INTEGER NOT NULL CHECK (training IN (0, 1)),
    public_key   BLOB NOT NULL CHECK (length(public_key) = 32),
    last_running INTEGER NOT NULL DEFAULT 0,
    opened_at    TEXT NOT NULL
) STRICT;

CREATE TABLE clerk (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL,
    certificate BLOB NOT NULL,
    key_file    TEXT NOT NULL,
    added_at    TEXT NOT NULL
) STRICT;

CREATE TABLE blob (
    sha256    TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes     INTEGER NOT NULL,
    stored_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    id            TEXT PRIMARY KEY,
    code          TEXT NOT NULL UNIQUE,
    code_owner    TEXT NOT NULL,
    code_type     TEXT NOT NULL,
    code_number   TEXT NOT NULL,
    code_station  TEXT NOT NULL,
    code_running  INTEGER NOT NULL,
    name          TEXT NOT NULL,
    issued        TEXT NOT NULL,
    issuer        TEXT NOT NULL,
    abstract      TEXT NOT NULL,
    valid_until   TEXT NOT NULL,
    permanent     INTEGER NOT NULL CHECK (permanent IN (0, 1)),
    kept_whole    INTEGER NOT NULL CHECK (kept_whole IN (0, 1)),
    pages         INTEGER NOT NULL,
    sha256        TEXT NOT NULL REFERENCES blob (sha256),
    findings      TEXT NOT NULL,
    clerk         INTEGER NOT NULL REFERENCES clerk (id),
    signed_by     TEXT NOT NULL,
    signed_at     TEXT NOT NULL,
    UNIQUE (code_station, code_running)
) STRICT;

CREATE TABLE record_page (
    record   TEXT NOT NULL REFERENCES record (id),
    place    INTEGER NOT NULL,
    original TEXT NOT NULL REFERENCES blob (sha256),
    file     TEXT NOT NULL,
    page     INTEGER NOT NULL,
    turns    INTEGER NOT NULL CHECK (turns BETWEEN 0 AND 3),
    PRIMARY KEY (record, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    seq       INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    record    TEXT NOT NULL REFERENCES record (id),
    body      TEXT NOT NULL,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    journal  INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
    record   TEXT NOT NULL REFERENCES record (id),
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'received', 'held_back')),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason   TEXT
) STRICT;

-- What such a counter held.
INSERT INTO station VALUES (1, 'PYN4YMC6', 'H56.14', 'UBND xã Thử Nghiệm', 0, zeroblob(32), 1, '2026-11-20T08:00:00+07:00');
INSERT INTO clerk VALUES (1, 'Nguyễn Thị Lan', x'3000', 'clerk-1.pem', '2026-11-20T08:00:00+07:00');
INSERT INTO blob VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 10, '2026-11-20T08:01:00+07:00');
INSERT INTO record VALUES ('0193-r', '001087000001.KQ.G15.000031.PYN4YMC6-000001', '001087000001', 'KQ.G15.000031', '', 'PYN4YMC6', 1,
  'Giấy khai sinh', '', '', '', '', 0, 0, 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '[]', 1,
  'Nguyễn Thị Lan', '2026-11-20T08:01:00+07:00');
INSERT INTO journal VALUES (1, '2026-11-20T08:01:00+07:00', 'digitized', '0193-r', '{}', zeroblob(32), zeroblob(64));
INSERT INTO outbox VALUES (1, 1, '0193-r', 'waiting', 0, NULL);
PRAGMA user_version = 1;
