-- The job of Stash's queue that works on the run, or will. Its ids begin at 1 whenever Stash starts, so the time it was added
-- at, as Stash writes it, is a part of its name.
ALTER TABLE runs ADD COLUMN job_id TEXT;
ALTER TABLE runs ADD COLUMN job_added_at TEXT;
-- Why the last slice ended before its work did; empty: it did not.
ALTER TABLE runs ADD COLUMN interruption TEXT NOT NULL DEFAULT '';
-- What it is at, and how much is done, 0 to 1: never falls during a run.
ALTER TABLE runs ADD COLUMN step TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN fraction REAL NOT NULL DEFAULT 0;

-- What a dry run would have written: ids of suggestions, which say themselves what that is. One that is gone does not count.
CREATE TABLE dry_run_suggestions (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  suggestion INTEGER NOT NULL,
  PRIMARY KEY (run, suggestion)
) STRICT, WITHOUT ROWID;

-- Counts a batch by the state of its entries from the index alone.
CREATE INDEX journal_batch_states ON journal (batch_id, state);
