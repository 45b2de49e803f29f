-- Suggestions by how bad what they tell of is, counted from the index alone.
CREATE INDEX suggestions_severity
  ON suggestions (state, severity, confidence DESC, id DESC, kind, entity_kind, created_at);
