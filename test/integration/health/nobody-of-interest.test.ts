/** Who is nobody of interest is neither counted nor shown by "Check library health", until that is taken back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContentId } from '../../../core/content-id.ts';
import type { HealthAnalyzerId } from '../../../core/health/analyzers.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { rematchAll } from '../../../tasks/matching/rematch.ts';
import { namingOperations } from '../../../tasks/naming/operations.ts';
import { anObservation, aPerson, aVector, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';
import { aSlice } from '../../fakes/slice.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { check, suggested } from './checking.ts';

const scene = (n: number) => ({ kind: 'scene', id: String(n) }) as const;

test('somebody hidden is neither counted nor shown, and is again once it is taken back', async (t) => {
  const stash = memoryStash({
    items: [1, 2, 3].map((n) => anItem(n, { files: [aFile(n)], performerIds: n === 3 ? ['5'] : [] })),
  });
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  await sees(context, 1, [1]);
  await sees(context, 2, [1, 2]);
  await sees(context, 3, [1, 2]);
  await rematchAll(context, aSlice());

  const before = async (): Promise<void> => {
    await check(context);
    assert.deepEqual(await told(context, 'scenes-without-performers'), [
      ['1', '1 person was seen in it.', [0]],
      ['2', '2 people were seen in it.', [0, 1]],
    ]);
    assert.deepEqual(
      (await told(context, 'people-counted')).map(([id, , faces]) => [id, faces]),
      [['3', [0, 1]]],
    );
  };
  await before();
  const { hiddenId } = await namingOperations['faces.hide'](context, { entity: scene(1), personKey: 0 });
  await check(context);
  assert.deepEqual(await told(context, 'scenes-without-performers'), [
    ['1', 'Only people were seen in it who are nobody of interest.', []],
    ['2', '1 person was seen in it.', [1]],
  ]);
  assert.deepEqual(await told(context, 'people-counted'), []);
  await namingOperations['faces.unhide'](context, { hiddenId });
  await before();
});

/** Ids of scenes, what is said of each, and the keys of the faces that are shown. */
async function told(
  context: FakeContext,
  analyzer: HealthAnalyzerId,
): Promise<[id: string, said: string, faces: number[]][]> {
  const found = (await suggested(context, analyzer)).map(({ entity, evidence }) => {
    assert.ok('said' in evidence && 'faces' in evidence);
    const faces = evidence.faces as readonly { readonly contentId: ContentId; readonly personKey: number }[];
    const said = evidence.said.flat().map(inEnglish).join(' ');
    return [entity.id, said, faces.map(({ personKey }) => personKey)] as [string, string, number[]];
  });
  return found.toSorted(([a], [b]) => Number(a) - Number(b));
}

/** People along these axes, all in the same frames. */
async function sees({ store }: FakeContext, n: number, axes: readonly number[]): Promise<void> {
  const persons = axes.map((axis, key) => {
    const template = aVector(axis, { lean: n * 0.05, towards: 7 });
    const [face] = aPerson(key).faces;
    const apartFrom = axes.map((_, other) => other).filter((other) => other !== key);
    return aPerson(key, {
      template,
      exemplars: [template],
      quality: 0.8,
      faces: [face!, face!, face!],
      apartFrom,
    });
  });
  const observation = anObservation(n, { persons });
  await store.observations.put({ observation, crops: [] });
  await store.observations.link(scene(n), `Scene ${n}`, [observation.contentId]);
}
