import { z } from 'zod';
import type { Subject } from '../../core/content-id.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Lease } from '../../core/ports/runs.ts';
import type { StashItem } from '../../core/ports/library.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import type { StateKey } from '../../core/state-keys.ts';
import type { Outcome } from '../runs/for-each-item.ts';
import { observeEntity, type ObserveOptions } from '../observe/observe-entity.ts';
import { noteSuccess } from './last-attempt.ts';
import { matchSubjects } from '../matching/match.ts';
import { readPresent } from '../matching/rematch.ts';
import { openRecognizer, currentMatcherVersion, type Recognizer } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';

/** How often the page is told how far a look is, and for how long it believes it. */
const TELL_EVERY_MS = 400;
const TOLD_TTL_MS = 15_000;

export type ObserveAndMatch = (
  item: StashItem,
  options: Omit<ObserveOptions, 'report' | 'onPart'>,
) => Promise<{ readonly decoded: number }>;

/** Looks at subjects and says who is in them; who can be recognised is read once, and again when it changes. */
export function createObserveAndMatch(context: Context): ObserveAndMatch {
  const { store, now } = context;
  let recognizer: Recognizer | null = null;

  return async (item, options) => {
    let toldAt = -Infinity;
    let newest: Told = { fraction: 0, message: 'Looking' };
    let telling = Promise.resolve();
    const tellNewest = (): void => {
      toldAt = now();
      // Only for who watches; nothing depends on it.
      telling = telling
        .then(() => tell(context, item, newest))
        .catch((error: unknown) => logFault(context.log, error));
    };
    const report = (fraction: number, message: string): void => {
      newest = { fraction, message };
      if (now() - toldAt >= TELL_EVERY_MS) tellNewest();
    };
    const match = async (): Promise<void> => {
      if (recognizer?.matcherVersion !== (await currentMatcherVersion(context)))
        recognizer = await openRecognizer(context);
      // Read again: the item is as old as the look, and somebody may have accepted or undone meanwhile.
      await matchSubjects(
        context,
        recognizer,
        [{ kind: item.kind, id: item.id, title: item.title }],
        (subjects) => readPresent(context.library, subjects),
      );
    };
    let lease: Lease | null = null;
    try {
      await tell(context, item, newest);
      // A look that waits for the inference lock reports nothing, and its progress entry would expire after 15 s.
      lease = store.leases.keep({ state: keyOf(item), ttlMs: TOLD_TTL_MS }, TOLD_TTL_MS / 3);
      const decoded = await observeEntity(context, item, {
        ...options,
        report,
        // Nobody watches a scan.
        ...(options.waiting === 'for a person' && { onPart: match }),
      });
      await match();
      if (options.waiting === 'for a person') await noteSuccess(context, item);
      return { decoded };
    } finally {
      lease?.end();
      // A write that is still under way would otherwise put the entry back after it was deleted.
      await telling;
      await store.state.delete(keyOf(item));
    }
  };
}

/** One item of a list: what Stash has no more is left out. */
export async function workOn(
  { library }: Pick<Context, 'library'>,
  observeAndMatch: ObserveAndMatch,
  work: WorkItem,
  options: Omit<ObserveOptions, 'report' | 'onPart'>,
): Promise<{ outcome: Outcome; item: StashItem | null }> {
  if (work.kind === 'performer') throw new TypeError('a performer is no subject');
  const item = await library.item({ kind: work.kind, id: work.id });
  if (item === null) return { outcome: { state: 'skipped' }, item };
  if (item.kind !== 'gallery' && item.files.length === 0)
    return {
      outcome: { state: 'skipped', note: `Stash knows no file of this ${item.kind}: nothing to look at.` },
      item,
    };
  await observeAndMatch(item, options);
  return { outcome: { state: 'done' }, item };
}

const Told = z.object({ fraction: z.number(), message: z.string() });
export type Told = z.infer<typeof Told>;

async function tell({ store }: Context, subject: Subject, told: Told): Promise<void> {
  await store.state.set(keyOf(subject), told, TOLD_TTL_MS);
}

/** How far a look at this subject is; null when nobody is at it. */
export async function readTold({ store }: Pick<Context, 'store'>, subject: Subject): Promise<Told | null> {
  const told = Told.safeParse(await store.state.get(keyOf(subject)));
  return told.success ? told.data : null;
}

function keyOf({ kind, id }: Subject): StateKey {
  return `looking:${kind}:${id}`;
}
