-- Until when the last time-stamp of an archived copy can be judged (RFC 3339): before then it needs another one.

ALTER TABLE lasting ADD COLUMN holds_until TEXT;
