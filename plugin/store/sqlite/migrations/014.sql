-- References of people that files of others have, for a reference pack that is built here: a line of such a file each.
CREATE TABLE contributed_people (
  pack TEXT NOT NULL,
  hash TEXT NOT NULL,
  ids TEXT NOT NULL,
  line TEXT NOT NULL,
  UNIQUE (pack, hash)
) STRICT;
