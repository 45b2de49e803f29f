-- As what scenes were last compared as re-cuts with those of a stash-box.
CREATE TABLE box_recut_look_ups (
  endpoint TEXT NOT NULL,
  scene_id TEXT NOT NULL,
  revision TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, scene_id)
) STRICT, WITHOUT ROWID;
