-- What a statement says of conflicts holds in the triggers it fires too, so that they replaced no row: the row is deleted first.
DROP TRIGGER scene_first_identified;
DROP TRIGGER scene_identified;
DROP TRIGGER seen_decided;

CREATE TRIGGER scene_first_identified AFTER INSERT ON entities WHEN NEW.kind = 'scene' AND NEW.identified_with IS NOT NULL
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  DELETE FROM changed_scenes WHERE scene = NEW.number;
  INSERT INTO changed_scenes SELECT NEW.number, value FROM counters WHERE name = 'changed-scenes';
END;
CREATE TRIGGER scene_identified AFTER UPDATE OF identified_with ON entities WHEN NEW.kind = 'scene'
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  DELETE FROM changed_scenes WHERE scene = NEW.number;
  INSERT INTO changed_scenes SELECT NEW.number, value FROM counters WHERE name = 'changed-scenes';
END;
CREATE TRIGGER seen_decided AFTER UPDATE OF state ON suggestions
  WHEN NEW.entity_kind = 'scene' AND NEW.analyzer IN ('faces', 'person') AND NEW.state <> OLD.state
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'changed-scenes';
  DELETE FROM changed_scenes WHERE scene = CAST(NEW.entity_id AS INTEGER);
  INSERT INTO changed_scenes
    SELECT CAST(NEW.entity_id AS INTEGER), value FROM counters WHERE name = 'changed-scenes';
END;
