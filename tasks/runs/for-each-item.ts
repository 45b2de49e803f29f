import type { ListName } from '../../core/runs/tasks.ts';
import { hasCode, messageOf, toMachineError, policyOf, StashSenseError, saidOf } from '../../core/errors.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Context, Slice } from './task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

/** `note`: why there was nothing to do, for people; it is listed with the troubles. */
export type Outcome = { readonly state: 'done' } | { readonly state: 'skipped'; readonly note?: Message };

/** Then it is the disk, and a library must not be given up file by file because of it. */
const MANY_MISSING = 20;

/** How often the table is asked how much is left. */
const COUNT_EVERY_MS = 3000;

/**
The one loop of all long tasks: claims one item after the other from a list of the work table.

A failed item is counted, kept with its reason and does not stop the others; trouble of the run (no Stash, no weights,
a full disk) does. What somebody else holds for a moment is waited for: the item is given back and had again.
*/
export async function forEachItem(
  {
    store,
    owner,
    limits,
    log,
    now,
    sleep,
  }: Pick<Context, 'store' | 'owner' | 'limits' | 'log' | 'now' | 'sleep'>,
  slice: Slice,
  list: ListName,
  work: (item: WorkItem) => Promise<Outcome>,
): Promise<'drained' | 'yielded'> {
  slice.renewsLeaseOf(list);
  const { progress } = slice;
  let countedAt = -Infinity;
  let othersHoldSince: number | null = null;
  let missingInARow = 0;
  let busySince: number | null = null;

  for (;;) {
    if (await slice.shouldYield()) return 'yielded';
    if (now() - countedAt > COUNT_EVERY_MS) {
      progress.remains(list, (await store.work.counts(list)).pending);
      countedAt = now();
    }
    const item = await store.work.claim(list, owner, limits.leaseMs);
    if (item === null) {
      // What is left is held by somebody else, or by a process that died a moment ago.
      const { pending } = await store.work.counts(list);
      progress.remains(list, pending);
      othersHoldSince ??= now();
      if (pending === 0 || now() - othersHoldSince > 2 * limits.leaseMs) return 'drained';
      await sleep(Math.min(500, limits.heartbeatMs));
      continue;
    }
    othersHoldSince = null;
    const began = now();
    try {
      const outcome = await work(item);
      await store.work.finish(item, owner, outcome.state, 'note' in outcome ? outcome.note : undefined);
      progress.count(list, outcome.state, now() - began);
      slice.advanced();
      missingInARow = 0;
      busySince = null;
    } catch (caught) {
      const error = toMachineError(message('machine.workingOn', { item: nameOfEntity(item) }), caught);
      const { scope, retry } = policyOf(error);
      if (scope === 'item') {
        await fail(item, error, now() - began);
        missingInARow = hasCode(error, 'file-missing') ? missingInARow + 1 : 0;
        if (missingInARow >= MANY_MISSING) throw manyMissing(error);
        continue;
      }
      await store.work.release(list, owner);
      busySince ??= now();
      if (!retry || now() - busySince > 2 * limits.leaseMs) throw error;
      log.debug(`${item.kind} ${item.id}: ${messageOf(error)} It is tried again.`);
      await sleep(Math.min(500, limits.heartbeatMs));
    }
  }

  async function fail(item: WorkItem, error: unknown, workedMs: number): Promise<void> {
    log.warn(`${item.kind} ${item.id} (${item.title}): ${messageOf(error)}`);
    logFault(log, error);
    await store.work.fail(item, owner, saidOf(error), !policyOf(error).retry);
    // Also an attempt that is repeated: attempts are counted, and there are at most three.
    slice.advanced();
    const after = await store.work.get(list, item.kind, item.id);
    if (after?.state === 'failed') progress.count(list, 'failed', workedMs);
  }
}

function manyMissing(last: unknown): StashSenseError {
  return new StashSenseError(
    'file-missing',
    message('media.manyMissing', { count: MANY_MISSING, last: saidOf(last) }),
    { cause: last },
  );
}
