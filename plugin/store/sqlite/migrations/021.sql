-- What an analyzer has told of, in the order of the entities.
CREATE INDEX suggestions_analyzer ON suggestions (analyzer, entity_kind, entity_id)
  WHERE state IN ('open', 'accepted', 'removed');
