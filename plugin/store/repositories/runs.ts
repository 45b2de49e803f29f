import { z } from 'zod';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { type Message, messageFromText, messageToText } from '../../../core/messages/schema.ts';
import type { Run, Runs } from '../../../core/ports/runs.ts';
import { type StoreParts, UNGUARDED } from '../parts.ts';
import type { Connection, Row, Value } from '../sqlite/database.ts';

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
          'UPDATE runs SET owner = ?2, heartbeat_at = ?3, slices = slices + ?4 WHERE id = ?1',
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

    pause: (id, owner) =>
      database.write((sql) => {
        sql.run(
          `UPDATE runs SET owner = NULL, heartbeat_at = ?3 WHERE id = ?1 AND owner = ?2 AND state = 'running'`,
          id,
          owner,
          now(),
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
      database.read((sql) => sql.all('SELECT * FROM runs ORDER BY id DESC LIMIT ?', limit).map(toRun)),

    newestOfEach: () =>
      database.read((sql) =>
        sql
          .all('SELECT * FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY task) ORDER BY id DESC')
          .map(toRun),
      ),
  };
}

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

const RunRow = z.object({
  id: z.int(),
  task: z.string(),
  wanted: z.enum(['run', 'stop']),
  state: z.enum(['running', 'finished', 'stopped', 'failed']),
  args: z.string(),
  owner: z.string().nullable(),
  heartbeat_at: z.number(),
  started_at: z.number(),
  ended_at: z.number().nullable(),
  slices: z.int(),
  done: z.int(),
  skipped: z.int(),
  failed: z.int(),
  total: z.int(),
  items_per_hour: z.number().nullable(),
  seconds_left: z.number().nullable(),
  message: z.string(),
});
const Args = z.record(z.string(), z.unknown());

function toRun(row: Row): Run {
  const parsed = RunRow.parse(row);
  return {
    id: String(parsed.id),
    task: parsed.task,
    wanted: parsed.wanted,
    state: parsed.state,
    args: Args.parse(JSON.parse(parsed.args)),
    owner: parsed.owner,
    heartbeatAt: parsed.heartbeat_at,
    startedAt: parsed.started_at,
    endedAt: parsed.ended_at,
    slices: parsed.slices,
    done: parsed.done,
    skipped: parsed.skipped,
    failed: parsed.failed,
    total: parsed.total,
    itemsPerHour: parsed.items_per_hour,
    secondsLeft: parsed.seconds_left,
    message: messageFromText(parsed.message),
  };
}
