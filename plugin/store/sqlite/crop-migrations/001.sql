-- A crop set is the crops of one observation, or of one reference.
CREATE TABLE crop_sets (
  id INTEGER PRIMARY KEY,
  crop_count INTEGER NOT NULL,
  byte_count INTEGER NOT NULL,
  crops BLOB NOT NULL
) STRICT;
CREATE INDEX crop_sets_size ON crop_sets (crop_count, byte_count);
CREATE INDEX crop_sets_bytes ON crop_sets (id, byte_count);
-- Sets that the main file may not name: written before it says so, or about to be dropped.
CREATE TABLE orphans (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
