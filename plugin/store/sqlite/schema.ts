/**
The tables of the main file. One entry a version; what has been released is never edited, only followed by another.
Ids of Stash are text; `number` is the same as a number, to order by. Times are Unix milliseconds.
*/
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE work (
    task TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery', 'performer')),
    id TEXT NOT NULL,
    number INTEGER NOT NULL GENERATED ALWAYS AS (CAST(id AS INTEGER)) VIRTUAL,
    title TEXT NOT NULL,
    mark TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'skipped', 'failed')),
    priority REAL NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    updated_at INTEGER NOT NULL,
    owner TEXT,
    heartbeat_at INTEGER,
    PRIMARY KEY (task, kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX work_next ON work (task, attempts, priority DESC, number DESC)
    WHERE state = 'pending' AND owner IS NULL;
  CREATE INDEX work_held ON work (task, owner) WHERE owner IS NOT NULL;
  CREATE INDEX work_states ON work (task, state);
  CREATE INDEX work_troubles ON work (task, updated_at DESC, number DESC)
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

  CREATE TABLE claims (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    heartbeat_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE claim_requests (
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
  CREATE UNIQUE INDEX observations_crops ON observations (crops_id) WHERE crops_id IS NOT NULL;

  CREATE TABLE subjects (
    row INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('scene', 'image', 'gallery')),
    id TEXT NOT NULL,
    number INTEGER NOT NULL GENERATED ALWAYS AS (CAST(id AS INTEGER)) VIRTUAL,
    -- Null until it was linked.
    title TEXT,
    matched_with TEXT,
    UNIQUE (kind, id)
  ) STRICT;
  CREATE INDEX subjects_order ON subjects (kind, number);
  CREATE TABLE subject_contents (
    subject INTEGER NOT NULL REFERENCES subjects (row) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    content_id TEXT NOT NULL,
    PRIMARY KEY (subject, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX subject_contents_content ON subject_contents (content_id);

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
  CREATE TABLE person_references (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    performer_id TEXT NOT NULL REFERENCES performers (id) ON DELETE CASCADE,
    source TEXT NOT NULL CHECK (source IN ('profile', 'image', 'confirmed')),
    origin TEXT NOT NULL,
    hint TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    pack_id TEXT NOT NULL,
    state TEXT NOT NULL,
    quality REAL NOT NULL,
    crops_id INTEGER,
    embedding BLOB,
    UNIQUE (performer_id, pack_id, origin)
  ) STRICT;
  CREATE INDEX person_references_pack ON person_references (pack_id, state, performer_id);
  CREATE UNIQUE INDEX person_references_crops ON person_references (crops_id) WHERE crops_id IS NOT NULL;

  CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_title TEXT NOT NULL,
    performer_id TEXT NOT NULL,
    performer_name TEXT NOT NULL,
    -- Title and name in one spelling, to look for a part of either.
    words TEXT NOT NULL,
    confidence REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'stale')),
    evidence TEXT NOT NULL,
    analyzer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX suggestions_subject ON suggestions (subject_kind, subject_id, state);
  CREATE INDEX suggestions_confidence ON suggestions (state, confidence DESC, id DESC);
  CREATE INDEX suggestions_newest ON suggestions (state, id DESC);
  CREATE INDEX suggestions_performer ON suggestions (performer_id);

  CREATE TABLE rejections (
    id INTEGER PRIMARY KEY,
    content_id TEXT NOT NULL,
    performer_id TEXT NOT NULL,
    -- Name and disambiguation in one spelling.
    identity TEXT NOT NULL,
    stash_ids TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (content_id, performer_id)
  ) STRICT;

  CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'written', 'undone', 'void')),
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_title TEXT NOT NULL,
    added TEXT NOT NULL,
    removed TEXT NOT NULL,
    before TEXT NOT NULL,
    summary TEXT NOT NULL,
    suggestion_id TEXT,
    by TEXT NOT NULL,
    at INTEGER NOT NULL,
    undone_at INTEGER
  ) STRICT;
  CREATE INDEX journal_subject ON journal (subject_kind, subject_id);
  CREATE INDEX journal_batch ON journal (batch_id);
  CREATE INDEX journal_planned ON journal (id) WHERE state = 'planned';

  CREATE TABLE state (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX state_expiry ON state (expires_at) WHERE expires_at IS NOT NULL;
  `,
  // For 100 000 scenes: lists are found, searched and counted, and data measured, without reading the rows themselves.
  `
  DROP INDEX suggestions_confidence;
  DROP INDEX suggestions_newest;
  DROP INDEX suggestions_performer;
  DROP INDEX journal_planned;
  CREATE INDEX suggestions_confidence
    ON suggestions (state, confidence DESC, id DESC, subject_kind, performer_id, words);
  CREATE INDEX suggestions_newest ON suggestions (state, id DESC, confidence, subject_kind, performer_id, words);
  CREATE INDEX suggestions_performer ON suggestions (performer_id, state);
  CREATE INDEX journal_state ON journal (state, id);
  CREATE INDEX observations_bytes ON observations (length(persons));
  CREATE INDEX person_references_bytes ON person_references (source, length(embedding));
  CREATE INDEX suggestions_bytes ON suggestions (octet_length(evidence) + octet_length(words));
  CREATE INDEX rejections_bytes
    ON rejections (octet_length(content_id) + octet_length(identity) + octet_length(stash_ids));
  CREATE INDEX journal_bytes
    ON journal (octet_length(added) + octet_length(removed) + octet_length(before) + octet_length(summary));
  `,
  // A released lock keeps its row, because its counter must never go back.
  `
  CREATE TABLE locks (
    name TEXT PRIMARY KEY,
    owner TEXT,
    heartbeat_at INTEGER NOT NULL,
    counter INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO locks SELECT name, owner, heartbeat_at, 1 FROM claims;
  DROP TABLE claims;
  ALTER TABLE locks RENAME TO claims;
  `,
];

/**
The crops' own file: a cache beside the main one, so that that stays small to back up. A group is the crops of one
observation, or of one reference. `doubtful` lists the orphans of `crop-file.ts`.
*/
export const CROP_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE groups (
    id INTEGER PRIMARY KEY,
    crop_count INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    crops BLOB NOT NULL
  ) STRICT;
  CREATE INDEX groups_size ON groups (crop_count, byte_count);
  -- Groups that the main file may not name: written before it says so, or about to be dropped.
  CREATE TABLE doubtful (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  `,
  'CREATE INDEX groups_bytes ON groups (id, byte_count)',
];
