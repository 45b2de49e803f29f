-- Performers of different stash-boxes who are one person, and those who could be.
CREATE TABLE box_joins (
  one INTEGER NOT NULL REFERENCES box_performers (number) ON DELETE CASCADE,
  other INTEGER NOT NULL REFERENCES box_performers (number) ON DELETE CASCADE,
  -- JSON: what speaks for it.
  evidence TEXT NOT NULL,
  -- Why they stay apart; null: they are one person.
  why TEXT,
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_joins_other ON box_joins (other);
CREATE INDEX box_joins_doubtful ON box_joins (why) WHERE why IS NOT NULL;
