-- Performers by the surest of what is suggested about them.
CREATE INDEX suggestions_performers
  ON suggestions (state, confidence DESC, id DESC, kind, analyzer, entity_id, search_text)
  WHERE entity_kind = 'performer';
