-- Several desks: the one for single papers, and one a dossier being worked at. A state is how the
-- pages lie and what was decided about the papers; typed texts are one row a desk.

CREATE TABLE desk (
    id        TEXT PRIMARY KEY,
    state     INTEGER,
    typed     TEXT NOT NULL,
    dossier   TEXT REFERENCES dossier (id),
    opened_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_state (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    desk   TEXT NOT NULL REFERENCES desk (id),
    layout TEXT NOT NULL
) STRICT;
CREATE INDEX desk_state_by_desk ON desk_state (desk);

INSERT INTO desk (id, state, typed, opened_at)
    SELECT 'loose', state, json_object('papers', json_object('0', json(fields))), '' FROM draft;
INSERT INTO desk_state (seq, desk, layout)
    SELECT seq, 'loose', json_object('pages', json(pages)) FROM draft_state;

DROP TABLE draft;
DROP TABLE draft_state;
