-- As what scenes were last looked up at a stash-box.
CREATE TABLE box_scene_look_ups (
  endpoint TEXT NOT NULL,
  scene_id TEXT NOT NULL,
  revision TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, scene_id)
) STRICT, WITHOUT ROWID;

-- Stash's perceptual hash of files of which Stash has none, computed here. Null: there is none to be had.
CREATE TABLE computed_phashes (
  content_id TEXT NOT NULL,
  -- Of the file as Stash had it: the hash rests on it.
  duration_ms INTEGER NOT NULL,
  phash TEXT,
  PRIMARY KEY (content_id, duration_ms)
) STRICT, WITHOUT ROWID;
