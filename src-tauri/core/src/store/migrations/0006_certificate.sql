-- A clerk's certificates, newest last: keys and certificates come and go, and what an old one signed
-- stays verifiable by it. `chain` is DER after DER, the clerk's own first, then its issuers.

CREATE TABLE certificate (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    clerk        INTEGER NOT NULL REFERENCES clerk (id),
    chain        BLOB NOT NULL,
    key_file     TEXT NOT NULL,
    installed_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER certificate_is_kept_u BEFORE UPDATE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate is kept as it was installed'); END;
CREATE TRIGGER certificate_is_kept_d BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'a certificate is kept as it was installed'); END;

INSERT INTO certificate (clerk, chain, key_file, installed_at)
SELECT id, certificate, key_file, added_at FROM clerk ORDER BY id;

ALTER TABLE clerk DROP COLUMN certificate;
ALTER TABLE clerk DROP COLUMN key_file;
