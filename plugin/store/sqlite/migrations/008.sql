-- What the embedders that face packs add made of a set of kept crops, by the id of the set, which no other set ever gets. Kept for
-- each embedder, so that it serves every pack that has the embedder. A row without an embedding says that there is none to be had.
CREATE TABLE crop_embeddings (
  crops_id INTEGER NOT NULL,
  embedder TEXT NOT NULL,
  embeddings BLOB NOT NULL,
  PRIMARY KEY (crops_id, embedder)
) STRICT, WITHOUT ROWID;

-- They go with the last row that names the crops, whichever way it goes.
CREATE TRIGGER observation_deleted AFTER DELETE ON observations WHEN OLD.crops_id IS NOT NULL
BEGIN DELETE FROM crop_embeddings WHERE crops_id = OLD.crops_id; END;
CREATE TRIGGER observation_crops_replaced AFTER UPDATE OF crops_id ON observations
  WHEN OLD.crops_id IS NOT NULL AND OLD.crops_id IS NOT NEW.crops_id
BEGIN DELETE FROM crop_embeddings WHERE crops_id = OLD.crops_id; END;
CREATE TRIGGER reference_deleted AFTER DELETE ON performer_references WHEN OLD.crops_id IS NOT NULL
BEGIN DELETE FROM crop_embeddings WHERE crops_id = OLD.crops_id; END;
CREATE TRIGGER reference_crops_replaced AFTER UPDATE OF crops_id ON performer_references
  WHEN OLD.crops_id IS NOT NULL AND OLD.crops_id IS NOT NEW.crops_id
BEGIN DELETE FROM crop_embeddings WHERE crops_id = OLD.crops_id; END;
