-- What the user has to choose from, of suggestions without a target; their ids are part of the key.
CREATE TABLE suggestion_options (
  suggestion INTEGER NOT NULL REFERENCES suggestions (id) ON DELETE CASCADE,
  target_kind TEXT NOT NULL,
  target_id TEXT NOT NULL,
  PRIMARY KEY (suggestion, target_kind, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_options_target ON suggestion_options (target_kind, target_id);
