-- Scenes by the number of the last change of what is kept of them: who is in them was decided anew, or somebody decided about who was seen.
CREATE TABLE changed_scenes (
  scene INTEGER PRIMARY KEY,
  change INTEGER NOT NULL
) STRICT;
CREATE INDEX changed_scenes_change ON changed_scenes (change);
INSERT INTO counters VALUES ('changed-scenes', 0);

CREATE TRIGGER scene_first_identified AFTER INSERT ON entities WHEN NEW.kind = 'scene' AND NEW.identified_with IS NOT NULL
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  INSERT OR REPLACE INTO changed_scenes SELECT NEW.number, value FROM counters WHERE name = 'changed-scenes';
END;
CREATE TRIGGER scene_identified AFTER UPDATE OF identified_with ON entities WHEN NEW.kind = 'scene'
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  INSERT OR REPLACE INTO changed_scenes SELECT NEW.number, value FROM counters WHERE name = 'changed-scenes';
END;
CREATE TRIGGER seen_decided AFTER UPDATE OF state ON suggestions
  WHEN NEW.entity_kind = 'scene' AND NEW.analyzer IN ('faces', 'person') AND NEW.state <> OLD.state
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  INSERT OR REPLACE INTO changed_scenes
    SELECT CAST(NEW.entity_id AS INTEGER), value FROM counters WHERE name = 'changed-scenes';
END;
