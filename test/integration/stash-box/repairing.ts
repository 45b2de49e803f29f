/** Scenes whose stash IDs are wrong, at a stash-box in memory that has merged and deleted some. */
import type { TestContext } from 'node:test';
import type { StashIdValue } from '../../../core/changes/change.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { anItem, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';

export const OTHER_BOX = 'https://other.example/graphql';
export const at = (n: number) => ({ endpoint: BOX, stashId: boxId(n) });
export const IN_CAPITALS = boxId(5).replace('8000', 'a000');

export const oshash = (n: number) => ({
  algorithm: 'OSHASH' as const,
  hash: n.toString(16).padStart(16, '0'),
});
export const deleted = (n: number) => ({
  id: boxId(n),
  deleted: true,
  title: `Gone ${n}`,
  date: null,
  studio: null,
  imageId: null,
});
export const sorted = (ids: readonly StashIdValue[]) =>
  ids.toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1));

/** As the real client: what the box has and cannot answer is absent. */
export function without<One>(found: ReadonlyMap<string, One>, n: number): Map<string, One> {
  return new Map([...found].filter(([id]) => id !== boxId(n)));
}

export type Opened = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly box: MemoryBox;
  readonly other: MemoryBox;
};

/** @param ids of scenes, by their numbers */
export async function opened(
  t: TestContext,
  ids: Readonly<Record<number, readonly StashIdValue[]>>,
): Promise<Opened> {
  const stash = memoryStash();
  for (const [n, stashIds] of Object.entries(ids)) {
    stash.items.set(`scene:${n}`, anItem(Number(n)));
    stash.sceneStashIds.set(n, stashIds);
  }
  const box = memoryBox();
  const other = memoryBox(OTHER_BOX, 'Other');
  box.scenes.push(aBoxScene(1, []));
  box.sceneStates.set(IN_CAPITALS, { ...deleted(5), id: IN_CAPITALS, deleted: false });
  const merges: [number, number][] = [
    [2, 3],
    [3, 1],
    [7, 4],
    [9, 6],
    [40, 41],
    [41, 40],
  ];
  for (let n = 20; n < 30; n++) merges.push([n, n + 1]);
  for (const [from, to] of merges) {
    box.sceneStates.set(boxId(from), deleted(from));
    box.sceneMerges?.set(boxId(from), boxId(to));
  }
  for (const n of [4, 11]) box.sceneStates.set(boxId(n), deleted(n));
  other.scenes.push(aBoxScene(77, []));
  const client = await box.open(BOX);
  const stashBoxes: StashBoxes = {
    ...box,
    list: async () => [...(await box.list()), ...(await other.list())],
    open: async (endpoint) =>
      endpoint === OTHER_BOX
        ? await other.open(OTHER_BOX)
        : {
            ...client,
            sceneStates: async (asked) => without(await client.sceneStates(asked), 6),
            sceneMerges: async (asked) => without(await client.sceneMerges(asked), 11),
          },
  };
  const context = await fakeContext(t, stash, { stashBoxes });
  const hashes = { ...context.hashes, phash: () => Promise.resolve(null) };
  return { context: { ...context, hashes }, stash, box, other };
}

export async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<SliceReport> {
  return await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse(args), {});
}

export async function wrongOnes({ store }: FakeContext): Promise<SuggestionOf<'scene-id-repair'>[]> {
  const filter = { kind: 'scene-id-repair', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 1000, 0)).items;
}

export async function accept(context: FakeContext, id: string) {
  const input = { ids: [id], dryRun: false, choices: {}, again: [] };
  return await suggestionOperations['suggestions.accept'](context, input);
}
