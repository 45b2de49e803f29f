-- As what performers were last looked up at a stash-box, so that nobody is asked about again who has not changed.
CREATE TABLE box_look_ups (
  endpoint TEXT NOT NULL,
  performer_id TEXT NOT NULL,
  revision TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (endpoint, performer_id)
) STRICT, WITHOUT ROWID;
