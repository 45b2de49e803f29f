-- On which entities Stash has a performer.
CREATE INDEX entity_performers_performer ON entity_performers (performer_id, entity);
