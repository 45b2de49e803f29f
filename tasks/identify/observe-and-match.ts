import type { EntityRef } from '../../core/content-id.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Lease } from '../../core/ports/runs.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import type { StateValue } from '../../core/state-keys.ts';
import type { Outcome } from '../runs/for-each-item.ts';
import { observeEntity, type ObserveOptions, type ObserveParts } from '../observe/observe-entity.ts';
import { noteSuccess } from './last-attempt.ts';
import { matchEntities } from '../matching/match.ts';
import { openRecognizer, currentMatcherVersion, type Recognizer } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';
import type { Message } from '../../core/messages/schema.ts';

/** Interval at which progress is published, and how long it is valid without renewal. */
const PUBLISH_EVERY_MS = 400;
const PROGRESS_TTL_MS = 15_000;

export type ObserveAndMatch = (
  item: StashEntity,
  options: Omit<ObserveOptions, 'report' | 'onPartial'>,
) => Promise<{ readonly decoded: number }>;

/** Observes and identifies entities. The gallery is loaded once, and anew when it changes. */
export function createObserveAndMatch(
  context: ObserveParts & Pick<Context, 'openGallery' | 'referencePacks'>,
): ObserveAndMatch {
  const { store, now } = context;
  let recognizer: Recognizer | null = null;

  return async (item, options) => {
    let publishedAt = -Infinity;
    let newest: LiveProgress = { fraction: 0, message: message('observe.isLooking') };
    let publishing = Promise.resolve();
    const publishNewest = (): void => {
      publishedAt = now();
      // Progress is only displayed; nothing depends on it.
      publishing = publishing
        .then(() => publishProgress(context, item, newest))
        .catch((error: unknown) => logFault(context.log, error));
    };
    const report = (fraction: number, said: Message): void => {
      newest = { fraction, message: said };
      if (now() - publishedAt >= PUBLISH_EVERY_MS) publishNewest();
    };
    const match = async (): Promise<void> => {
      if (recognizer?.matcherVersion !== (await currentMatcherVersion(context)))
        recognizer = await openRecognizer(context);
      // Matches with the present state: `item` was read before the observation, and suggestions may have been accepted or undone since.
      await matchEntities(context, recognizer, [{ kind: item.kind, id: item.id, title: item.title }]);
    };
    let lease: Lease | null = null;
    try {
      await publishProgress(context, item, newest);
      // While the task waits for the inference lock nothing is reported, and the progress entry would expire after 15 s.
      lease = store.leases.keep({ state: keyOf(item), ttlMs: PROGRESS_TTL_MS }, PROGRESS_TTL_MS / 3);
      const decoded = await observeEntity(context, item, {
        ...options,
        report,
        // Live progress is shown only for an identification started at the page.
        ...(options.waiting === 'for a person' && { onPartial: match }),
      });
      await match();
      if (options.waiting === 'for a person') await noteSuccess(context, item);
      return { decoded };
    } finally {
      lease?.end();
      // A pending write would otherwise restore the entry after it was deleted.
      await publishing;
      await store.state.delete(keyOf(item));
    }
  };
}

/** Works on one item of a list; skips it when Stash no longer has the entity. `began`: told what Stash says of it before the work. */
export async function workOn(
  { library }: Pick<Context, 'library'>,
  observeAndMatch: ObserveAndMatch,
  work: WorkItem,
  {
    began,
    ...options
  }: Omit<ObserveOptions, 'report' | 'onPartial'> & {
    readonly began?: (item: StashEntity) => Promise<void>;
  },
): Promise<{ outcome: Outcome; item: StashEntity | null }> {
  if (work.kind === 'performer' || work.kind === 'box-performer')
    throw new TypeError('a performer is no subject');
  const item = await library.item({ kind: work.kind, id: work.id });
  if (item === null) return { outcome: { state: 'skipped' }, item };
  await began?.(item);
  if (item.kind !== 'gallery' && item.files.length === 0)
    return {
      outcome: { state: 'skipped', note: message('media.noFileOfEntity', { kind: item.kind }) },
      item,
    };
  await observeAndMatch(item, options);
  return { outcome: { state: 'done' }, item };
}

export type LiveProgress = StateValue<'progress:'>;

async function publishProgress(
  { store }: Pick<Context, 'store'>,
  entity: EntityRef,
  progress: LiveProgress,
): Promise<void> {
  await store.state.set(keyOf(entity), progress, PROGRESS_TTL_MS);
}

/** Progress of the entity's identification; null when none is running. */
export async function readProgress(
  { store }: Pick<Context, 'store'>,
  entity: EntityRef,
): Promise<LiveProgress | null> {
  return await store.state.get(keyOf(entity));
}

function keyOf({ kind, id }: EntityRef) {
  return `progress:${kind}:${id}` as const;
}
