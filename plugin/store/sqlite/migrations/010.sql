-- Grows whenever a performer with stash IDs comes, goes or is changed: by them the people of reference packs are known.
INSERT INTO counters VALUES ('stash-ids-version', 1);

CREATE TRIGGER performer_stash_ids_added AFTER INSERT ON performers WHEN NEW.stash_ids <> '[]'
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'stash-ids-version'; END;
CREATE TRIGGER performer_stash_ids_changed AFTER UPDATE OF name, disambiguation, stash_ids ON performers
  WHEN (OLD.stash_ids <> '[]' OR NEW.stash_ids <> '[]')
    AND (OLD.name, OLD.disambiguation, OLD.stash_ids) <> (NEW.name, NEW.disambiguation, NEW.stash_ids)
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'stash-ids-version'; END;
CREATE TRIGGER performer_stash_ids_gone AFTER DELETE ON performers WHEN OLD.stash_ids <> '[]'
BEGIN UPDATE counters SET value = value + 1 WHERE name = 'stash-ids-version'; END;
