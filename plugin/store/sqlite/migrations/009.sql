-- A list of the work queue may hold performers of stash-boxes, whose ids are numbers of box_performers.
ALTER TABLE work_items RENAME TO work_items_before;
CREATE TABLE work_items (
  list TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery', 'performer', 'box-performer')),
  id TEXT NOT NULL,
  number INTEGER NOT NULL GENERATED ALWAYS AS (CAST(id AS INTEGER)) VIRTUAL,
  title TEXT NOT NULL,
  -- What was known of the item when it was enqueued: another one opens a finished item again.
  revision TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'skipped', 'failed')),
  priority REAL NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT,
  updated_at INTEGER NOT NULL,
  owner TEXT,
  heartbeat_at INTEGER,
  PRIMARY KEY (list, kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO work_items (list, kind, id, title, revision, state, priority, attempts, last_error, updated_at, owner, heartbeat_at)
  SELECT list, kind, id, title, revision, state, priority, attempts, last_error, updated_at, owner, heartbeat_at FROM work_items_before;
DROP TABLE work_items_before;
CREATE INDEX work_items_next ON work_items (list, attempts, priority DESC, number DESC)
  WHERE state = 'pending' AND owner IS NULL;
CREATE INDEX work_items_held ON work_items (list, owner) WHERE owner IS NOT NULL;
CREATE INDEX work_items_states ON work_items (list, state);
CREATE INDEX work_items_failures ON work_items (list, updated_at DESC, number DESC)
  WHERE state = 'failed' OR (state = 'skipped' AND last_error IS NOT NULL);

-- What stash-boxes say of performers, for the reference packs that are built here.
CREATE TABLE box_performers (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON: what a pack holds of them, and their pictures.
  performer TEXT NOT NULL,
  -- With which pictures and rules they were looked at; null: not yet.
  looked_as TEXT,
  -- The set of kept crops; null: none are kept. `rank` of a crop is the place of its picture in box_pictures by image_id.
  crops_id INTEGER,
  UNIQUE (endpoint, id)
) STRICT;
CREATE UNIQUE INDEX box_performers_crops ON box_performers (crops_id) WHERE crops_id IS NOT NULL;

-- What became of each picture that was looked at.
CREATE TABLE box_pictures (
  performer INTEGER NOT NULL REFERENCES box_performers (number) ON DELETE CASCADE,
  image_id TEXT NOT NULL,
  state TEXT NOT NULL,
  quality REAL NOT NULL,
  PRIMARY KEY (performer, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_pictures_states ON box_pictures (performer, state);

-- By embedder, so that another face pack with the same embedder needs no picture.
CREATE TABLE box_embeddings (
  performer INTEGER NOT NULL,
  image_id TEXT NOT NULL,
  embedder TEXT NOT NULL,
  embedding BLOB NOT NULL,
  PRIMARY KEY (performer, image_id, embedder),
  FOREIGN KEY (performer, image_id) REFERENCES box_pictures (performer, image_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX box_embeddings_bytes ON box_embeddings (length(embedding));

-- The list of each pack that is built: ids to be asked for, and who is in it.
CREATE TABLE box_lists (
  pack TEXT NOT NULL,
  id TEXT NOT NULL,
  -- 0: still to be asked for.
  is_answered INTEGER NOT NULL,
  -- Null: the stash-box has nobody of this id, or they are left out.
  performer INTEGER REFERENCES box_performers (number) ON DELETE CASCADE,
  PRIMARY KEY (pack, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_lists_wanted ON box_lists (pack, id) WHERE is_answered = 0;
CREATE INDEX box_lists_performer ON box_lists (performer) WHERE performer IS NOT NULL;
