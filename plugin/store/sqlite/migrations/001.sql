-- Ids of Stash are text; `number` is the same as a number, to order by. Times are Unix milliseconds.

CREATE TABLE work_items (
  list TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery', 'performer')),
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
CREATE INDEX work_items_next ON work_items (list, attempts, priority DESC, number DESC)
  WHERE state = 'pending' AND owner IS NULL;
CREATE INDEX work_items_held ON work_items (list, owner) WHERE owner IS NOT NULL;
CREATE INDEX work_items_states ON work_items (list, state);
CREATE INDEX work_items_failures ON work_items (list, updated_at DESC, number DESC)
  WHERE state = 'failed' OR (state = 'skipped' AND last_error IS NOT NULL);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL,
  wanted TEXT NOT NULL CHECK (wanted IN ('run', 'stop')),
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'stopped', 'failed')),
  args TEXT NOT NULL,
  owner TEXT,
  heartbeat_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  slices INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  items_per_hour REAL,
  seconds_left REAL,
  message TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX runs_running ON runs (task) WHERE state = 'running';

-- A released lock keeps its row, because its counter must never go back.
CREATE TABLE locks (
  name TEXT PRIMARY KEY,
  owner TEXT,
  heartbeat_at INTEGER NOT NULL,
  counter INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE lock_requests (
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (name, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE observations (
  id INTEGER PRIMARY KEY,
  content_id TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  media TEXT NOT NULL CHECK (media IN ('video', 'picture')),
  size_bytes INTEGER NOT NULL,
  duration_ms REAL,
  sampling_version INTEGER NOT NULL,
  frame_count INTEGER NOT NULL,
  observed_at INTEGER NOT NULL,
  person_count INTEGER NOT NULL,
  crops_id INTEGER,
  persons BLOB NOT NULL,
  UNIQUE (content_id, pack_id)
) STRICT;
CREATE INDEX observations_persons ON observations (person_count);
CREATE INDEX observations_bytes ON observations (length(persons));
CREATE UNIQUE INDEX observations_crops ON observations (crops_id) WHERE crops_id IS NOT NULL;

CREATE TABLE entities (
  row INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery')),
  id TEXT NOT NULL,
  number INTEGER NOT NULL GENERATED ALWAYS AS (CAST(id AS INTEGER)) VIRTUAL,
  -- Null until its files were linked.
  title TEXT,
  matched_with TEXT,
  -- The matcher version its identifications were made with; null: none are kept.
  identified_with TEXT,
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX entities_order ON entities (kind, number);
CREATE TABLE entity_contents (
  entity INTEGER NOT NULL REFERENCES entities (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  content_id TEXT NOT NULL,
  PRIMARY KEY (entity, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_contents_content ON entity_contents (content_id);
-- Whom Stash had on it when it was last asked.
CREATE TABLE entity_performers (
  entity INTEGER NOT NULL REFERENCES entities (row) ON DELETE CASCADE,
  performer_id TEXT NOT NULL,
  PRIMARY KEY (entity, performer_id)
) STRICT, WITHOUT ROWID;

-- What the last match decided about each cluster of an entity.
CREATE TABLE identifications (
  entity INTEGER NOT NULL REFERENCES entities (row) ON DELETE CASCADE,
  cluster_key INTEGER NOT NULL,
  position INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('match', 'ambiguous', 'unknown')),
  -- Of a match with a performer of this Stash; null otherwise.
  performer_id TEXT,
  confidence REAL NOT NULL,
  margin REAL NOT NULL,
  candidates TEXT NOT NULL,
  PRIMARY KEY (entity, cluster_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identifications_performer ON identifications (performer_id, entity) WHERE performer_id IS NOT NULL;
-- The clusters of files that one cluster of an entity consists of: two entities of one file share them.
CREATE TABLE cluster_members (
  entity INTEGER NOT NULL,
  cluster_key INTEGER NOT NULL,
  position INTEGER NOT NULL,
  content_id TEXT NOT NULL,
  person_key INTEGER NOT NULL,
  PRIMARY KEY (entity, cluster_key, position),
  FOREIGN KEY (entity, cluster_key) REFERENCES identifications (entity, cluster_key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_members_content ON cluster_members (content_id, person_key);

CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('people-version', 1);

CREATE TABLE performers (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL GENERATED ALWAYS AS (CAST(id AS INTEGER)) VIRTUAL,
  name TEXT NOT NULL,
  disambiguation TEXT NOT NULL,
  aliases TEXT NOT NULL,
  stash_ids TEXT NOT NULL,
  image_path TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX performers_number ON performers (number, id);
CREATE TABLE performer_references (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  performer_id TEXT NOT NULL REFERENCES performers (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('profile', 'image', 'confirmed')),
  source_key TEXT NOT NULL,
  revision TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  state TEXT NOT NULL,
  quality REAL NOT NULL,
  crops_id INTEGER,
  embedding BLOB,
  UNIQUE (performer_id, pack_id, source_key)
) STRICT;
CREATE INDEX performer_references_pack ON performer_references (pack_id, state, performer_id);
CREATE INDEX performer_references_bytes ON performer_references (source, length(embedding));
CREATE UNIQUE INDEX performer_references_crops ON performer_references (crops_id) WHERE crops_id IS NOT NULL;
-- Whom all observations were matched with, by a signature of name and references.
CREATE TABLE matched_people (person_id TEXT PRIMARY KEY, signature TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Lists are found, searched and counted from the indexes alone: rows carry large evidence.
CREATE TABLE suggestions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  entity_kind TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  entity_title TEXT NOT NULL,
  target_kind TEXT,
  target_id TEXT,
  target_name TEXT NOT NULL,
  -- Title and target, folded (`normalizeText`), to look for a part of either.
  search_text TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
  confidence REAL NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'stale')),
  -- JSON as the kind declares it (`core/suggestions/kinds/`).
  payload TEXT NOT NULL,
  evidence TEXT NOT NULL,
  analyzer TEXT NOT NULL,
  analyzer_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX suggestions_entity ON suggestions (entity_kind, entity_id, state);
CREATE INDEX suggestions_confidence
  ON suggestions (state, confidence DESC, id DESC, kind, entity_kind, target_kind, target_id, search_text);
CREATE INDEX suggestions_newest
  ON suggestions (state, id DESC, confidence, kind, entity_kind, target_kind, target_id, search_text);
CREATE INDEX suggestions_target ON suggestions (target_kind, target_id, state);
CREATE INDEX suggestions_bytes
  ON suggestions (octet_length(payload) + octet_length(evidence) + octet_length(search_text));

CREATE TABLE dismissals (
  id INTEGER PRIMARY KEY,
  -- The kind, where it holds for a file whatever entity has it; else the suggestion's key, and the rest is empty.
  key TEXT NOT NULL,
  content_id TEXT NOT NULL,
  performer_id TEXT NOT NULL,
  -- Name and disambiguation, folded (`normalizeText`).
  identity TEXT NOT NULL,
  stash_ids TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (content_id, key, performer_id)
) STRICT;
CREATE INDEX dismissals_bytes ON dismissals
  (octet_length(key) + octet_length(content_id) + octet_length(identity) + octet_length(stash_ids));

CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'written', 'undone', 'void')),
  entity_kind TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  entity_title TEXT NOT NULL,
  -- JSON of core/changes: planned ones, from `written` on those that happened; what the entity was known by.
  changes TEXT NOT NULL,
  identity TEXT NOT NULL,
  summary TEXT NOT NULL,
  suggestion_id TEXT,
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  undone_at INTEGER
) STRICT;
CREATE INDEX journal_entity ON journal (entity_kind, entity_id);
CREATE INDEX journal_batch ON journal (batch_id);
CREATE INDEX journal_state ON journal (state, id);
CREATE INDEX journal_bytes
  ON journal (octet_length(changes) + octet_length(identity) + octet_length(summary));

CREATE TABLE state (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX state_expiry ON state (expires_at) WHERE expires_at IS NOT NULL;
