import { z } from 'zod';
import {
  canBeMeant,
  comparePerformers,
  nameIn,
  type RememberedPerformer,
} from '../../../../core/people/same-performer.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import type { Connection } from '../../sqlite/database.ts';

/**
Whether a performer is the one whom a decision remembers. An alias decides only when Stash no longer has the remembered
performer, and nobody else has that name or alias.
*/
export function isSamePerformer(sql: Connection, before: RememberedPerformer, now: StashPerformer): boolean {
  const sameness = comparePerformers(before, now);
  if (sameness !== 'alias') return sameness === 'same';
  if (sql.get('SELECT 1 FROM performers WHERE id = ?', before.id)) return false;
  return !sql
    .all(
      `SELECT name, disambiguation FROM performers
      WHERE id IN (SELECT performer_id FROM performer_names WHERE name = ?1) AND id <> ?2`,
      nameIn(before.identity),
      now.id,
    )
    .some((row) => canBeMeant(before, now, Namesake.parse(row)));
}

const Namesake = z.object({ name: z.string(), disambiguation: z.string() });
