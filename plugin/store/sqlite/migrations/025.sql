-- Scenes first, then images, galleries, performers, studios and tags, each by their number: 2^40 is more than any of them.
ALTER TABLE suggestions ADD COLUMN entity_place INTEGER GENERATED ALWAYS AS (
  CASE entity_kind WHEN 'scene' THEN 6 WHEN 'image' THEN 5 WHEN 'gallery' THEN 4 WHEN 'performer' THEN 3 WHEN 'studio' THEN 2
    WHEN 'tag' THEN 1 ELSE 0 END * 1099511627776 + CAST(entity_id AS INTEGER)) VIRTUAL;
-- The number of the performer whom it proposes, or who it is about; 0: there is none.
ALTER TABLE suggestions ADD COLUMN performer_place INTEGER GENERATED ALWAYS AS (
  CASE 'performer' WHEN target_kind THEN CAST(target_id AS INTEGER) WHEN entity_kind THEN CAST(entity_id AS INTEGER)
    ELSE 0 END) VIRTUAL;

-- As those of the other orders (023.sql).
CREATE INDEX suggestions_of_entities
  ON suggestions (state, entity_place DESC, id DESC, confidence, kind, entity_kind, entity_id, target_kind, target_id, severity,
    created_at, search_text);
CREATE INDEX suggestions_of_performers
  ON suggestions (state, performer_place DESC, id DESC, confidence, kind, entity_kind, entity_id, target_kind, target_id,
    severity, created_at, search_text);
