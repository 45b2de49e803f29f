/** "Link stash-box IDs" over a Stash and a stash-box in memory. */
import type { TestContext } from 'node:test';
import type { BoxSceneProfile } from '../../../core/ports/boxes/box-scenes.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { Settings } from '../../../core/settings.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { linkStashIds } from '../../../tasks/stash-box/task.ts';
import { aVector, fakeContext, PACK, type FakeContext } from '../../fakes/context.ts';
import { boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { aPerformer, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { fakeVision } from '../../fakes/vision.ts';

export type Opened = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly box: MemoryBox;
};

export async function opened(
  t: TestContext,
  { settings = {} }: { settings?: Partial<Settings> } = {},
): Promise<Opened> {
  const stash = memoryStash();
  const box = memoryBox();
  const context = await fakeContext(t, stash, { vision: fakeVision(), stashBoxes: box, settings });
  return { context, stash, box };
}

/** A performer with these fields who is learnt by a face along axis `n`, unless `axis` says otherwise. */
export async function addPerformer(
  { store }: FakeContext,
  stash: MemoryStash,
  n: number,
  overrides: Partial<StashPerformer>,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
  axis: number | null = n,
): Promise<void> {
  const performer = aPerformer(n, overrides);
  stash.performers.set(performer.id, performer);
  stash.performerFields.set(performer.id, fields);
  await store.people.putPerformer(performer);
  if (axis === null) return;
  await store.people.putReference({
    performerId: performer.id,
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: performer.id,
    packId: PACK,
    state: 'used',
    embedding: aVector(axis),
    quality: 0.8,
    crop: null,
  });
}

export async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<SliceReport> {
  return await runSlice(context, linkStashIds, taskArgsSchema('link-stash-ids').parse(args), {});
}

export async function suggested({ store }: FakeContext): Promise<SuggestionOf<'performer-stash-id'>[]> {
  const filter = { kind: 'performer-stash-id', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 100, 0)).items;
}

export function acceptance(ids: string[]) {
  return { ids, dryRun: false, choices: {}, again: [] };
}

export async function wrongOnes({ store }: FakeContext): Promise<SuggestionOf<'stash-id-repair'>[]> {
  const filter = { kind: 'stash-id-repair', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 100, 0)).items;
}

/** What is published of scene `n`, without anything. */
export function aSceneProfile(n: number, overrides: Partial<BoxSceneProfile> = {}): BoxSceneProfile {
  return {
    id: boxId(n),
    deleted: false,
    title: null,
    code: null,
    details: null,
    director: null,
    date: null,
    urls: [],
    studio: null,
    tags: [],
    cast: [],
    images: [],
    ...overrides,
  };
}
