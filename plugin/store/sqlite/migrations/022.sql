-- People whom the user called nobody of interest, and the faces by which they are known: each a cluster of a file, as its pack saw
-- it. They outlive the observation that they come from.
CREATE TABLE hidden_people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE hidden_faces (
  hidden INTEGER NOT NULL REFERENCES hidden_people (id) ON DELETE CASCADE,
  content_id TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  crops_id INTEGER,
  cluster BLOB NOT NULL
) STRICT;
CREATE INDEX hidden_faces_hidden ON hidden_faces (hidden);
CREATE INDEX hidden_faces_content ON hidden_faces (content_id);
CREATE INDEX hidden_faces_crops ON hidden_faces (pack_id, crops_id);
CREATE INDEX hidden_faces_bytes ON hidden_faces (length(cluster));
CREATE TRIGGER hidden_face_deleted AFTER DELETE ON hidden_faces WHEN OLD.crops_id IS NOT NULL
BEGIN DELETE FROM crop_embeddings WHERE crops_id = OLD.crops_id; END;
-- How many clusters are matched with nobody, counted from the index alone.
CREATE INDEX identifications_unmatched ON identifications (entity) WHERE decision <> 'match';
