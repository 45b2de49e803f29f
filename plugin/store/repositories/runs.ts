import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { type Message, messageToText } from '../../../core/messages/schema.ts';
import type { Run, Runs } from '../../../core/ports/runs.ts';
import { type StoreParts, UNGUARDED } from '../parts.ts';
import { toRun } from '../codecs/run-row.ts';
import type { Connection, Value } from '../sqlite/database.ts';
import { toSuggestion } from './suggestion-rows.ts';

export function createRuns({
  database,
  now,
  isAlive,
}: Pick<StoreParts, 'database' | 'now' | 'isAlive'>): Runs {
  return {
    begin: (task, owner, args, leaseMs) =>
      database.write((sql) => {
        const running = runningOf(sql, task);
        if (!running) {
          const { lastId } = sql.run(
            `INSERT INTO runs (task, wanted, state, args, owner, heartbeat_at, started_at, slices)
            VALUES (?1, 'run', 'running', ?2, ?3, ?4, ?4, 1)`,
            task,
            JSON.stringify(args),
            owner,
            now(),
          );
          return { run: runOf(sql, String(lastId)), mine: true };
        }
        const { owner: holder, heartbeatAt } = running;
        if (holder !== null && holder !== owner && heartbeatAt > now() - leaseMs && isAlive(holder))
          return { run: running, mine: false };
        sql.run(
          `UPDATE runs SET owner = ?2, heartbeat_at = ?3, slices = slices + ?4, interruption = '' WHERE id = ?1`,
          running.id,
          owner,
          now(),
          holder === owner ? 0 : 1,
        );
        return { run: runOf(sql, running.id), mine: true };
      }),

    heartbeat: (id, owner, progress) =>
      database.write((sql) => {
        const changes = Object.entries(PROGRESS_COLUMNS).flatMap(([name, column]) => {
          const value = progress[name as keyof typeof PROGRESS_COLUMNS];
          return value === undefined ? [] : [{ column, value: valueOf(value) }];
        });
        sql.run(
          `UPDATE runs SET heartbeat_at = ?${changes.map((change) => `, ${change.column} = ?`).join('')}
          WHERE id = ? AND owner = ? AND state = 'running'`,
          now(),
          ...changes.map((change) => change.value),
          id,
          owner,
        );
        return runOf(sql, id);
      }, UNGUARDED),

    setJob: (id, owner, job) =>
      database.write((sql) => {
        sql.run(
          `UPDATE runs SET job_id = ?3, job_added_at = ?4 WHERE id = ?1 AND owner = ?2 AND state = 'running'`,
          id,
          owner,
          job?.id ?? null,
          job?.addedAt ?? null,
        );
      }, UNGUARDED),

    pause: (id, owner, { job, interruption } = {}) =>
      database.write((sql) => {
        sql.run(
          `UPDATE runs SET owner = NULL, heartbeat_at = ?3, interruption = ?4,
            job_id = iif(?5, ?6, job_id), job_added_at = iif(?5, ?7, job_added_at)
          WHERE id = ?1 AND owner = ?2 AND state = 'running'`,
          id,
          owner,
          now(),
          interruption === undefined ? '' : messageToText(interruption),
          job === undefined ? 0 : 1,
          job?.id ?? null,
          job?.addedAt ?? null,
        );
      }, UNGUARDED),

    end: (id, owner, state, said) =>
      database.write((sql) => endRun(sql, { id, owner, state, message: said, at: now() }), UNGUARDED),

    endAbandoned: (id, leaseMs, state, said) =>
      database.write((sql) => {
        const { owner, heartbeatAt } = runOf(sql, id);
        if (owner !== null && heartbeatAt > now() - leaseMs && isAlive(owner)) return false;
        return endRun(sql, { id, owner, state, message: said, at: now() });
      }),

    askStop: (task) =>
      database.write((sql) => {
        sql.run(`UPDATE runs SET wanted = 'stop' WHERE task = ? AND state = 'running'`, task);
        return runningOf(sql, task);
      }),

    running: () =>
      database.read((sql) =>
        sql.all(`SELECT * FROM runs WHERE state = 'running' ORDER BY task, id`).map(toRun),
      ),

    recent: (limit) =>
      database.read((sql) =>
        sql
          .all('SELECT * FROM runs ORDER BY coalesce(ended_at, heartbeat_at) DESC, id DESC LIMIT ?', limit)
          .map(toRun),
      ),

    newestOfEach: () =>
      database.read((sql) =>
        sql
          .all('SELECT * FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY task) ORDER BY id DESC')
          .map(toRun),
      ),

    noteDryRun: (id, suggestionIds) =>
      database.write((sql) => {
        sql.run(
          `INSERT OR IGNORE INTO dry_run_suggestions (run, suggestion)
          SELECT ?1, value FROM json_each(?2) WHERE EXISTS (SELECT 1 FROM suggestions WHERE id = value)
            AND EXISTS (SELECT 1 FROM runs WHERE id = ?1)
          LIMIT max(0, ?3 - (SELECT count(*) FROM dry_run_suggestions WHERE run = ?1))`,
          Number(id),
          JSON.stringify(suggestionIds.map(Number)),
          MAX_DRY_RUN_SUGGESTIONS,
        );
        sql.run(
          `DELETE FROM dry_run_suggestions WHERE run NOT IN (
            SELECT DISTINCT run FROM dry_run_suggestions ORDER BY run DESC LIMIT ?)`,
          MAX_DRY_RUNS,
        );
      }),

    dryRunCounts: () =>
      database.read(
        (sql) =>
          new Map(
            sql
              .all(`SELECT run, count(*) AS n FROM ${DRY_RUN} GROUP BY run`)
              .map((row) => [String(row['run']), Number(row['n'])]),
          ),
      ),

    dryRun: (id, limit, offset) =>
      database.read((sql) => ({
        total: Number(sql.get(`SELECT count(*) AS n FROM ${DRY_RUN} WHERE run = ?`, Number(id))?.['n']),
        items: sql
          .all(
            `SELECT suggestions.* FROM ${DRY_RUN} WHERE run = ? ORDER BY confidence DESC, suggestions.id DESC LIMIT ? OFFSET ?`,
            Number(id),
            limit,
            offset,
          )
          .map(toSuggestion),
      })),
  };
}

const DRY_RUN = 'dry_run_suggestions JOIN suggestions ON suggestions.id = suggestion';
/** As many as somebody may want to look through, of as many runs as are shown. */
const MAX_DRY_RUN_SUGGESTIONS = 10_000;
const MAX_DRY_RUNS = 5;

function endRun(
  sql: Connection,
  {
    id,
    owner,
    state,
    message: said,
    at,
  }: { id: string; owner: string | null; state: string; message: Message; at: number },
): boolean {
  const { changes } = sql.run(
    `UPDATE runs SET state = ?3, message = ?4, ended_at = ?5, owner = NULL, seconds_left = NULL
    WHERE id = ?1 AND state = 'running' AND owner IS ?2`,
    id,
    owner,
    state,
    messageToText(said),
    at,
  );
  return changes > 0;
}

const PROGRESS_COLUMNS = {
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  total: 'total',
  itemsPerHour: 'items_per_hour',
  secondsLeft: 'seconds_left',
  message: 'message',
  step: 'step',
  fraction: 'fraction',
} as const;

function valueOf(value: number | null | Message): Value {
  return value !== null && typeof value === 'object' ? messageToText(value) : value;
}

function runningOf(sql: Connection, task: string): Run | null {
  const row = sql.get(`SELECT * FROM runs WHERE task = ? AND state = 'running'`, task);
  return row ? toRun(row) : null;
}

function runOf(sql: Connection, id: string): Run {
  const row = sql.get('SELECT * FROM runs WHERE id = ?', id);
  if (!row) throw new StashSenseError('not-found', message('store.noRun', { id }));
  return toRun(row);
}
