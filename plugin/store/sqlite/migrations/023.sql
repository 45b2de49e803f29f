-- How many suggestions there are of each kind in each state, so that the page need not count them.
CREATE TABLE suggestion_counts (
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  total INTEGER NOT NULL,
  PRIMARY KEY (state, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO suggestion_counts SELECT state, kind, count(*) FROM suggestions GROUP BY state, kind;

-- No upsert: what a statement says of conflicts holds in the triggers it fires too.
CREATE TRIGGER suggestion_counted AFTER INSERT ON suggestions
BEGIN
  INSERT INTO suggestion_counts SELECT NEW.state, NEW.kind, 0
    WHERE NOT EXISTS (SELECT 1 FROM suggestion_counts WHERE state = NEW.state AND kind = NEW.kind);
  UPDATE suggestion_counts SET total = total + 1 WHERE state = NEW.state AND kind = NEW.kind;
END;
CREATE TRIGGER suggestion_counted_anew AFTER UPDATE OF state, kind ON suggestions
  WHEN (NEW.state, NEW.kind) <> (OLD.state, OLD.kind)
BEGIN
  UPDATE suggestion_counts SET total = total - 1 WHERE state = OLD.state AND kind = OLD.kind;
  INSERT INTO suggestion_counts SELECT NEW.state, NEW.kind, 0
    WHERE NOT EXISTS (SELECT 1 FROM suggestion_counts WHERE state = NEW.state AND kind = NEW.kind);
  UPDATE suggestion_counts SET total = total + 1 WHERE state = NEW.state AND kind = NEW.kind;
END;
CREATE TRIGGER suggestion_uncounted AFTER DELETE ON suggestions
BEGIN
  UPDATE suggestion_counts SET total = total - 1 WHERE state = OLD.state AND kind = OLD.kind;
END;

-- With all that the page filters by, so that what is left out is not read from the table.
DROP INDEX suggestions_confidence;
CREATE INDEX suggestions_confidence
  ON suggestions (state, confidence DESC, id DESC, kind, entity_kind, entity_id, target_kind, target_id, severity, created_at,
    search_text);
DROP INDEX suggestions_newest;
CREATE INDEX suggestions_newest
  ON suggestions (state, id DESC, confidence, kind, entity_kind, entity_id, target_kind, target_id, severity, created_at,
    search_text);
