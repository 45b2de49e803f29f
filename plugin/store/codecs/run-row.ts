import { z } from 'zod';
import { messageFromText } from '../../../core/messages/schema.ts';
import type { Run } from '../../../core/ports/runs.ts';
import type { Row } from '../sqlite/database.ts';

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
  step: z.string(),
  fraction: z.number(),
  job_id: z.string().nullable(),
  job_added_at: z.string().nullable(),
  interruption: z.string(),
});
const Args = z.record(z.string(), z.unknown());

export function toRun(row: Row): Run {
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
    step: messageFromText(parsed.step),
    fraction: parsed.fraction,
    job:
      parsed.job_id === null || parsed.job_added_at === null
        ? null
        : { id: parsed.job_id, addedAt: parsed.job_added_at },
    interruption: parsed.interruption === '' ? null : messageFromText(parsed.interruption),
  };
}
