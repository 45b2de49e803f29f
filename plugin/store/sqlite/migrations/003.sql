-- A suggestion can be `removed`: it was accepted, and what was written for it has been taken off in Stash since.
-- SQLite cannot change a CHECK, so the table is made anew; ids stay, and none is given a second time.
ALTER TABLE suggestions RENAME TO old_suggestions;
CREATE TABLE suggestions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  entity_kind TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  entity_title TEXT NOT NULL,
  target_kind TEXT,
  target_id TEXT,
  target_name TEXT NOT NULL,
  -- Title and target, folded (`normalizeText`), to look for a part of either.
  search_text TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  confidence REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'stale', 'removed')),
  -- JSON as the kind declares it (`core/suggestions/kinds/`).
  payload TEXT NOT NULL,
  evidence TEXT NOT NULL,
  analyzer TEXT NOT NULL,
  analyzer_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO suggestions SELECT id, kind, key, entity_kind, entity_id, entity_title, target_kind, target_id, target_name,
  search_text, severity, confidence, state, payload, evidence, analyzer, analyzer_version, created_at, updated_at
  FROM old_suggestions;
DELETE FROM sqlite_sequence WHERE name = 'suggestions';
INSERT INTO sqlite_sequence SELECT 'suggestions', seq FROM sqlite_sequence WHERE name = 'old_suggestions';
DROP TABLE old_suggestions;

CREATE INDEX suggestions_entity ON suggestions (entity_kind, entity_id, state);
CREATE INDEX suggestions_confidence
  ON suggestions (state, confidence DESC, id DESC, kind, entity_kind, target_kind, target_id, search_text);
CREATE INDEX suggestions_newest
  ON suggestions (state, id DESC, confidence, kind, entity_kind, target_kind, target_id, search_text);
CREATE INDEX suggestions_target ON suggestions (target_kind, target_id, state);
CREATE INDEX suggestions_bytes
  ON suggestions (octet_length(payload) + octet_length(evidence) + octet_length(search_text));

-- What was written for a suggestion, the newest last.
CREATE INDEX journal_suggestion ON journal (suggestion_id, state, id) WHERE suggestion_id IS NOT NULL;
