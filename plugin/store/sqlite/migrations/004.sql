-- What is to be matched once more, since its last match no longer counts.
CREATE INDEX entities_to_match ON entities (matched_with, kind, number)
  WHERE matched_with IS NULL AND identified_with IS NOT NULL;
