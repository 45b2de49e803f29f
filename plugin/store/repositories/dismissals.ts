import { z } from 'zod';
import type { Dismissals } from '../../../core/ports/suggestions.ts';
import { identityOf } from '../../../core/people/same-performer.ts';
import type { Dismissal } from '../../../core/suggestions/dismissal.ts';
import type { StoreParts } from '../parts.ts';
import type { Connection } from '../sqlite/database.ts';
import { isSamePerformer } from './people/same-performer.ts';

export function createDismissals({ database }: Pick<StoreParts, 'database'>): Dismissals {
  return {
    dismiss: (what, at) =>
      database.write(
        (sql) => {
          const performer = what.performer ?? null;
          sql.run(
            `INSERT INTO dismissals (key, content_id, performer_id, identity, stash_ids, at)
            SELECT DISTINCT ?2, value, ?3, ?4, ?5, ?6 FROM json_each(?1) WHERE true
            ON CONFLICT (content_id, key, performer_id) DO UPDATE SET
              identity = excluded.identity, stash_ids = excluded.stash_ids, at = excluded.at`,
            JSON.stringify(contentsOf(what)),
            keyOf(what),
            performer?.id ?? '',
            performer ? identityOf(performer) : '',
            JSON.stringify(performer?.stashIds ?? []),
            at,
          );
        },
        { durable: true },
      ),

    isDismissed: (what) => database.read((sql) => dismissalsOf(sql, what).length > 0),

    withdraw: (what) =>
      database.write(
        (sql) => {
          for (const id of dismissalsOf(sql, what)) sql.run('DELETE FROM dismissals WHERE id = ?', id);
        },
        { durable: true },
      ),
  };
}

/** An empty text stands for a finding that is in no file. */
function contentsOf(what: Dismissal): readonly string[] {
  return 'key' in what ? [''] : what.contentIds;
}

function keyOf(what: Dismissal): string {
  return 'key' in what ? what.key : what.kind;
}

function dismissalsOf(sql: Connection, what: Dismissal): number[] {
  return sql
    .all(
      `SELECT id, performer_id, identity, stash_ids FROM dismissals
      WHERE content_id IN (SELECT value FROM json_each(?)) AND key = ?`,
      JSON.stringify(contentsOf(what)),
      keyOf(what),
    )
    .map((row) => DismissalRow.parse(row))
    .filter(
      ({ performer_id: id, identity, stash_ids: stashIds }) =>
        what.performer === undefined ||
        isSamePerformer(
          sql,
          { id, identity, stashIds: StashIds.parse(JSON.parse(stashIds)) },
          what.performer,
        ),
    )
    .map((dismissal) => dismissal.id);
}

const DismissalRow = z.object({
  id: z.int(),
  performer_id: z.string(),
  identity: z.string(),
  stash_ids: z.string(),
});
const StashIds = z.array(z.object({ endpoint: z.string(), stashId: z.string() }));
