-- The paper on the desk: pages that came in and are not yet a copy, and what was typed.
-- Every edit of the pages is a new state; undo steps back. Typed fields are one row.

CREATE TABLE draft_state (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    pages TEXT NOT NULL
) STRICT;

CREATE TABLE draft (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    state  INTEGER REFERENCES draft_state (seq),
    fields TEXT NOT NULL
) STRICT;

INSERT INTO draft (id, state, fields) VALUES (1, NULL, '{}');
