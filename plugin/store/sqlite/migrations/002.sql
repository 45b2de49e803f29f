-- By what a performer is called, to find whom a name can mean. Filled by the next listing of the performers.
CREATE TABLE performer_names (
  performer_id TEXT NOT NULL REFERENCES performers (id) ON DELETE CASCADE,
  -- The name or an alias, folded (`normalizeText`).
  name TEXT NOT NULL,
  PRIMARY KEY (performer_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX performer_names_name ON performer_names (name);
