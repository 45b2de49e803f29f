-- Performers who look like one person: both directions of a pair are one row, the lower id first.
CREATE TABLE look_alikes (
  performer_id TEXT NOT NULL REFERENCES performers (id) ON DELETE CASCADE,
  other_id TEXT NOT NULL REFERENCES performers (id) ON DELETE CASCADE,
  similarity REAL NOT NULL,
  PRIMARY KEY (performer_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX look_alikes_other ON look_alikes (other_id);
CREATE INDEX look_alikes_similarity ON look_alikes (similarity DESC, performer_id, other_id);
-- Who was compared with everybody, by a signature of name and references.
CREATE TABLE compared_people (person_id TEXT PRIMARY KEY, signature TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- The user said that these are two people.
CREATE TABLE told_apart (
  id INTEGER PRIMARY KEY,
  -- Of each: id, name and disambiguation (folded) and stash IDs, by which they are found again after a merge.
  performer_id TEXT NOT NULL,
  identity TEXT NOT NULL,
  stash_ids TEXT NOT NULL,
  other_id TEXT NOT NULL,
  other_identity TEXT NOT NULL,
  other_stash_ids TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (performer_id, other_id)
) STRICT;
