-- Several clerks, each with a key of their own, and the agency's key beside them. `roles` is a JSON list;
-- who was here before may do what they could do before: everything.

ALTER TABLE clerk ADD COLUMN agency INTEGER NOT NULL DEFAULT 0 CHECK (agency IN (0, 1));
ALTER TABLE clerk ADD COLUMN roles TEXT NOT NULL DEFAULT '["clerk","signer","head","administrator"]'
    CHECK (json_valid(roles));
ALTER TABLE clerk ADD COLUMN left_at TEXT;
