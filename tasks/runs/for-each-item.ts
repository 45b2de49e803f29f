import type { ListName } from '../../core/runs/tasks.ts';
import { hasCode, messageOf, toMachineError, policyOf, StashSenseError, saidOf } from '../../core/errors.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Context, Slice } from './task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { StashRef } from '../../core/stash-ref.ts';

/** `note`: why the item was skipped, shown in the list of failures. */
export type Outcome = { readonly state: 'done' } | { readonly state: 'skipped'; readonly note?: Message };

/** After this many missing files in a row the disk is probably not mounted: the run ends instead of failing every file. */
const MANY_MISSING = 20;

const ENDS_RUN = { scope: 'run', retry: false } as const;

/** How often the number of pending items is counted. */
const COUNT_EVERY_MS = 3000;

/**
The one loop of all long tasks: claims one item after the other from a list of the work queue.

A failed item is stored with its reason, and the loop continues. An error of the whole run (no Stash, no weights, a full disk)
ends it, as does one that `endsRun` names: what the item failed by would fail the others too. One that is excluded by now is forgotten. When something is locked by another process, the item is released, and claimed again after a pause.
*/
export async function forEachItem(
  {
    store,
    exclusions,
    owner,
    limits,
    log,
    now,
    sleep,
  }: Pick<Context, 'store' | 'exclusions' | 'owner' | 'limits' | 'log' | 'now' | 'sleep'>,
  slice: Slice,
  list: ListName,
  work: (item: WorkItem) => Promise<Outcome>,
  endsRun: (error: unknown) => boolean = () => false,
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
      // The pending items are claimed by another process, or by one that has died and whose lease has not expired.
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
      // In one transaction: a run that is killed now has the item in its counts. After a power cut it is worked on again.
      await store.transaction(
        async () => {
          await store.work.finish(item, owner, outcome.state, 'note' in outcome ? outcome.note : undefined);
          progress.count(list, outcome.state, now() - began);
          await slice.publish();
        },
        { durable: false },
      );
      slice.advanced();
      missingInARow = 0;
      busySince = null;
    } catch (caught) {
      if (hasCode(caught, 'excluded')) {
        if (isOfStash(item)) await exclusions.forget(item);
        progress.count(list, 'skipped', now() - began);
        slice.advanced();
        continue;
      }
      const error = toMachineError(message('machine.workingOn', { item: nameOf(item) }), caught);
      const { scope, retry } = endsRun(error) ? ENDS_RUN : policyOf(error);
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
    // Also when the item is retried: attempts are stored, and there are at most three.
    slice.advanced();
    const after = await store.work.get(list, item.kind, item.id);
    if (after?.state !== 'failed') return;
    progress.count(list, 'failed', workedMs);
    await slice.publish();
  }
}

function isOfStash(item: WorkItem): item is WorkItem & StashRef {
  return item.kind !== 'box-performer';
}

function nameOf(item: WorkItem): Message {
  return isOfStash(item) ? nameOfEntity(item) : message('stash.titled', { title: item.title });
}

function manyMissing(last: unknown): StashSenseError {
  return new StashSenseError(
    'file-missing',
    message('media.manyMissing', { count: MANY_MISSING, last: saidOf(last) }),
    { cause: last },
  );
}
