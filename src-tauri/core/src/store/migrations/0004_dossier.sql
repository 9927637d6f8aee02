-- Dossiers: a row is what its journal entries made of it; the columns are for lists and search.

CREATE TABLE dossier (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL,
    procedure   TEXT NOT NULL,
    owner       TEXT NOT NULL,
    received_at TEXT NOT NULL,
    due_at      TEXT,
    body        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX dossier_by_receipt ON dossier (received_at);

-- The last number taken of a day (yymmdd) of the reserved range; 'provisional' for the others.
CREATE TABLE dossier_number (
    day  TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE record ADD COLUMN dossier TEXT REFERENCES dossier (id);
ALTER TABLE record ADD COLUMN place INTEGER;
