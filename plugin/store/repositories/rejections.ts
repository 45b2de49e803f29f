import { z } from 'zod';
import type { ContentId } from '../../../core/content-id.ts';
import type { Decisions } from '../../../core/ports/suggestions.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import type { StoreParts } from '../parts.ts';
import type { Connection } from '../sqlite/database.ts';
import { normalizeText } from '../../../core/normalize-text.ts';

export function createDecisions({ database }: Pick<StoreParts, 'database'>): Decisions {
  return {
    reject: (contentIds, performer, at) =>
      database.write(
        (sql) => {
          sql.run(
            `INSERT INTO rejections (content_id, performer_id, identity, stash_ids, at)
            SELECT DISTINCT value, ?2, ?3, ?4, ?5 FROM json_each(?1) WHERE true
            ON CONFLICT (content_id, performer_id) DO UPDATE SET
              identity = excluded.identity, stash_ids = excluded.stash_ids, at = excluded.at`,
            JSON.stringify(contentIds),
            performer.id,
            identityOf(performer),
            JSON.stringify(performer.stashIds),
            at,
          );
        },
        { durable: true },
      ),

    rejected: (contentIds, performer) =>
      database.read((sql) => rejectionsOf(sql, contentIds, performer).length > 0),

    unreject: (contentIds, performer) =>
      database.write(
        (sql) => {
          for (const id of rejectionsOf(sql, contentIds, performer))
            sql.run('DELETE FROM rejections WHERE id = ?', id);
        },
        { durable: true },
      ),
  };
}

function rejectionsOf(
  sql: Connection,
  contentIds: readonly ContentId[],
  performer: StashPerformer,
): number[] {
  return sql
    .all(
      `SELECT id, performer_id, identity, stash_ids FROM rejections
      WHERE content_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(contentIds),
    )
    .map((row) => RejectionRow.parse(row))
    .filter(({ performer_id: id, identity, stash_ids: stashIds }) => {
      if (id === performer.id) return true;
      const kinship = compareStashIds(StashIds.parse(JSON.parse(stashIds)), performer.stashIds);
      return kinship === 'same' || (kinship === 'unknown' && identity === identityOf(performer));
    })
    .map((rejection) => rejection.id);
}

/**
After a merge the performer has another id and is recognised by its stash IDs. Two performers with different ids of the
same stash-box are different people, even with the same name.
*/
function compareStashIds(
  before: StashPerformer['stashIds'],
  now: StashPerformer['stashIds'],
): 'same' | 'other' | 'unknown' {
  if (before.some((a) => now.some((b) => a.endpoint === b.endpoint && a.stashId === b.stashId)))
    return 'same';
  return before.some((a) => now.some((b) => a.endpoint === b.endpoint)) ? 'other' : 'unknown';
}

/** Stash has no two performers with the same name and disambiguation. */
function identityOf({ name, disambiguation }: StashPerformer): string {
  return `${normalizeText(name)}\n${normalizeText(disambiguation)}`;
}

const RejectionRow = z.object({
  id: z.int(),
  performer_id: z.string(),
  identity: z.string(),
  stash_ids: z.string(),
});
const StashIds = z.array(z.object({ endpoint: z.string(), stashId: z.string() }));
