import type { EntityRef } from '../../core/content-id.ts';
import { messageOf, StashSenseError } from '../../core/errors.ts';
import { SCAN_LIST } from '../../core/runs/tasks.ts';
import type { StateValue } from '../../core/state-keys.ts';
import { acceptSuggestions, type AcceptParts, type AcceptReport } from './accept.ts';
import { LOCK_FREE_MS, WRITES_PER_LOCK } from './write-parts.ts';
import { batchOfRun } from '../runs/run-views.ts';
import { RUN_TTL_MS, type Context, type Slice } from '../runs/task.ts';
import { inEnglish } from '../../core/messages/english.ts';

/**
Accepts suggestions automatically from the confidence in the settings; off by default.

Undone writes are not repeated. Without an entity it passes once over all open suggestions, in any number of slices. Refused
ones, and those of a dry run, are retried in the next run, and in this one only when they have changed.
*/
export async function autoAccept(
  context: AcceptParts & Pick<Context, 'log' | 'now'>,
  slice: Slice,
  entity?: EntityRef,
): Promise<'done' | 'yielded'> {
  const { store, settings, sleep } = context;
  if (settings.autoAcceptConfidence <= 0) return 'done';
  const kind = 'performer-seen';
  const minConfidence = settings.autoAcceptConfidence / 100;
  if (entity !== undefined) {
    const ids = await store.suggestions.acceptable({ kind, minConfidence, entity }, null, MAX_PER_ENTITY);
    await writeUnlessBusy(context, ids, slice);
    return 'done';
  }
  const pass = await readPass(context, slice);
  let { before } = pass;
  for (let chunks = 0; ; chunks++) {
    const ids = await store.suggestions.acceptable(
      { kind, minConfidence, list: SCAN_LIST, changedSince: pass.changedSince },
      before,
      WRITES_PER_LOCK,
    );
    const last = ids.at(-1);
    if (last === undefined) break;
    if (chunks > 0) await sleep(LOCK_FREE_MS);
    if (await slice.shouldYield()) {
      await keepPass(context, slice, { ...pass, before });
      return 'yielded';
    }
    // The remaining suggestions stay open.
    if (!(await writeUnlessBusy(context, ids, slice))) {
      await keepPass(context, slice, { ...pass, before });
      return 'done';
    }
    before = last;
    slice.advanced();
  }
  await keepPass(context, slice, { ...pass, before: null, changedSince: pass.beganAt });
  return 'done';
}

/** Upper bound of suggestions per entity, which has a few persons, a gallery some dozens. */
const MAX_PER_ENTITY = 1000;

type Pass = StateValue<'auto-accept:'>;

async function readPass(
  { store, settings, now }: Pick<Context, 'store' | 'settings' | 'now'>,
  { run }: Slice,
): Promise<Pass> {
  const { autoAcceptConfidence, autoAcceptTag, dryRun } = settings;
  const settled = JSON.stringify([autoAcceptConfidence, autoAcceptTag, dryRun]);
  const kept = await store.state.get(passKey(run.id));
  if (kept?.settled !== settled) return { settled, beganAt: now(), changedSince: 0, before: null };
  // The last pass has ended: the next one considers what has changed since it began.
  return kept.before === null ? { ...kept, beganAt: now() } : kept;
}

async function keepPass({ store }: Pick<Context, 'store'>, { run }: Slice, pass: Pass): Promise<void> {
  await store.state.set(passKey(run.id), pass, RUN_TTL_MS);
}

function passKey(runId: string) {
  return `auto-accept:${runId}` as const;
}

/** @returns false when another process holds the write lock for long; a later slice or the next scan continues */
async function writeUnlessBusy(
  context: AcceptParts & Pick<Context, 'log'>,
  ids: readonly string[],
  slice: Slice,
): Promise<boolean> {
  const { store, settings, log } = context;
  if (ids.length === 0) return true;
  let report: AcceptReport;
  try {
    report = await acceptSuggestions(context, ids, {
      by: 'scan',
      dryRun: false,
      batchId: batchOf(slice),
      minConfidence: settings.autoAcceptConfidence / 100,
    });
  } catch (error) {
    if (!(error instanceof StashSenseError && error.code === 'busy')) throw error;
    log.debug(messageOf(error));
    return false;
  }
  const { accepted, refused, dryRun } = report;
  if (dryRun)
    await store.runs.noteDryRun(
      slice.run.id,
      accepted.map(({ id }) => id),
    );
  log.info(
    `${dryRun ? 'Dry run: would have added' : 'Added'} ${accepted.length} ${accepted.length === 1 ? 'performer' : 'performers'} (auto-accept)${refused.length > 0 ? `; refused: ${refused.map(({ reason }) => inEnglish(reason)).join(' ')}` : '.'}`,
  );
  return true;
}

/** Batch of a run, so that all its writes can be undone together. */
export function batchOf({ run }: Slice): string {
  return batchOfRun(run.id);
}
