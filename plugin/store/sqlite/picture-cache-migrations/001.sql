-- "SSpc": tells whose file it is, also where SQLite can no longer read it.
PRAGMA application_id = 1397977187;
-- What was found in pictures of people; `content`: SHA-256 of the picture and of what looks at it.
CREATE TABLE pictures (
  content BLOB PRIMARY KEY,
  found BLOB NOT NULL,
  -- SHA-256 of `content` and `found`.
  checksum BLOB NOT NULL,
  -- Days since 1970.
  used_on INTEGER NOT NULL
) STRICT;
CREATE INDEX pictures_used ON pictures (used_on);
