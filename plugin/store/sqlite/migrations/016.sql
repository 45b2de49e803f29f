-- Whom Stash has on each scene, and its studio, as last read: by them performers are expected in scenes.
CREATE TABLE scene_studios (
  scene INTEGER PRIMARY KEY,
  studio_id TEXT NOT NULL
) STRICT;
CREATE INDEX scene_studios_studio ON scene_studios (studio_id, scene);
CREATE TABLE scene_credits (
  scene INTEGER NOT NULL,
  performer_id TEXT NOT NULL,
  -- 1: this plugin put the performer there, so that it lets nobody expect them.
  is_ours INTEGER NOT NULL,
  PRIMARY KEY (scene, performer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scene_credits_performer ON scene_credits (performer_id);
-- Grows whenever somebody else may be expected in a scene.
INSERT INTO counters VALUES ('credits-version', 1);
