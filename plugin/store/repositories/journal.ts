import { z } from 'zod';
import { BatchCounts, ChangeCount } from '../../../core/changes/batch.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { messageFromText, messageToText } from '../../../core/messages/schema.ts';
import type { Journal } from '../../../core/ports/journal.ts';
import { JournalEntry, JournalState } from '../../../core/changes/journal-entry.ts';
import type { StoreParts } from '../parts.ts';
import type { Row, Value } from '../sqlite/database.ts';

/** Flushed to disk: after a power cut the journal must contain every write that Stash received. */
const DURABLE = { durable: true };

export function createJournal({ database, now }: Pick<StoreParts, 'database' | 'now'>): Journal {
  return {
    plan: (entry) =>
      database.write((sql) => {
        const { lastId } = sql.run(
          `INSERT INTO journal (batch_id, state, entity_kind, entity_id, entity_title, changes, identity,
            summary, suggestion_id, by, at)
          VALUES (?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          entry.batchId,
          entry.entity.kind,
          entry.entity.id,
          entry.entityTitle,
          JSON.stringify(entry.changes),
          JSON.stringify(entry.identity),
          messageToText(entry.summary),
          entry.suggestionId,
          entry.by,
          now(),
        );
        return String(lastId);
      }, DURABLE),

    settle: (id, state, changed) =>
      database.write((sql) => {
        const { changes } = sql.run(
          `UPDATE journal SET state = ?2, undone_at = iif(?2 = 'undone', ?3, undone_at),
            changes = coalesce(?4, changes), entity_id = coalesce(?5, entity_id)
          WHERE id = ?1`,
          id,
          state,
          now(),
          changed ? JSON.stringify(changed.changes) : null,
          changed?.entity?.id ?? null,
        );
        if (changes === 0) throw new StashSenseError('not-found', message('store.noJournalEntry', { id }));
      }, DURABLE),

    planned: () =>
      database.read((sql) =>
        sql.all(`SELECT * FROM journal WHERE state = 'planned' ORDER BY id`).map(toEntry),
      ),

    get: (id) =>
      database.read((sql) => {
        const row = sql.get('SELECT * FROM journal WHERE id = ?', id);
        return row ? toEntry(row) : null;
      }),

    list: ({ entity, batchId, state, before }, limit, offset) =>
      database.read((sql) => {
        const conditions: string[] = [];
        const values: Value[] = [];
        if (entity !== undefined) {
          conditions.push('entity_kind = ? AND entity_id = ?');
          values.push(entity.kind, entity.id);
        }
        if (batchId !== undefined) {
          conditions.push('batch_id = ?');
          values.push(batchId);
        }
        if (state !== undefined) {
          conditions.push('state = ?');
          values.push(state);
        }
        if (before !== undefined) {
          conditions.push('id < ?');
          values.push(Number(before));
        }
        const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
        return {
          total: Number(sql.get(`SELECT count(*) AS n FROM journal ${where}`, ...values)?.['n']),
          items: sql
            .all(`SELECT * FROM journal ${where} ORDER BY id DESC LIMIT ? OFFSET ?`, ...values, limit, offset)
            .map(toEntry),
        };
      }),

    batches: (ids) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT batch_id AS batchId, sum(state <> 'void') AS total, sum(state = 'written') AS written,
              sum(state = 'undone') AS undone
            FROM journal WHERE batch_id IN (SELECT value FROM json_each(?)) GROUP BY batch_id`,
            JSON.stringify(ids),
          )
          .map((row) => BatchCounts.parse(row)),
      ),

    changesOf: (batchId, states) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT change.value ->> 'op' AS op,
              coalesce(change.value ->> 'field', change.value ->> 'kind', change.value ->> '$.entity.kind') AS what,
              sum(iif(json_type(change.value, '$.values') = 'array', json_array_length(change.value, '$.values'), 1)) AS count
            FROM journal, json_each(journal.changes) AS change
            WHERE batch_id = ? AND state IN (SELECT value FROM json_each(?))
            GROUP BY op, what ORDER BY count DESC, op, what`,
            batchId,
            JSON.stringify(states),
          )
          .map((row) => ChangeCount.parse(row)),
      ),
  };
}

const JournalRow = z.object({
  id: z.int(),
  batch_id: z.string(),
  state: JournalState,
  entity_kind: z.string(),
  entity_id: z.string(),
  entity_title: z.string(),
  changes: z.string(),
  identity: z.string(),
  summary: z.string(),
  suggestion_id: z.string().nullable(),
  by: z.string(),
  at: z.number(),
  undone_at: z.number().nullable(),
});

function toEntry(row: Row): JournalEntry {
  const parsed = JournalRow.parse(row);
  return JournalEntry.parse({
    id: String(parsed.id),
    batchId: parsed.batch_id,
    state: parsed.state,
    entity: { kind: parsed.entity_kind, id: parsed.entity_id },
    entityTitle: parsed.entity_title,
    changes: JSON.parse(parsed.changes),
    identity: JSON.parse(parsed.identity),
    summary: messageFromText(parsed.summary),
    suggestionId: parsed.suggestion_id,
    by: parsed.by,
    at: parsed.at,
    undoneAt: parsed.undone_at,
  });
}
