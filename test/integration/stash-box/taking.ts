/** What a stash-box knows of a scene, taken over: on the double over HTTP, or on a real Stash with STASH_URL. The stash-box is one in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, type TestContext } from 'node:test';
import type { FieldValues } from '../../../core/changes/change.ts';
import type { Output } from '../../../core/contract/operations.ts';
import type { Settings } from '../../../core/settings.ts';
import type { SceneTaken } from '../../../core/stash-box/scene/offer.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { boxId, memoryBox } from '../../fakes/memory-box.ts';
import { openChangeWorld, type ChangeWorld } from '../../fixtures/changes/world.ts';

let folder: string;
export let world: ChangeWorld;
/** What is made here has a name of its own, since Stash gives each once. */
let own = 0;
/** A stash-box of its own for each test: what one links the next does not find. */
export const endpointOfTest = (): string => `https://box${process.pid}-${own}.example/graphql`;
export const named = (name: string): string => `${name} ${process.pid} ${own}`;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-take-scene-'));
  world = await openChangeWorld(path.join(folder, 'config'));
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

type Offers = Output<'sceneBoxes.profile'>['offers'];

export async function opened(t: TestContext, values: FieldValues = {}, settings: Partial<Settings> = {}) {
  own++;
  const box = memoryBox(endpointOfTest());
  const context = await fakeContext(t, world.stash, { stashBoxes: box, settings });
  const entity = await world.fresh('scene');
  if (Object.keys(values).length > 0) await world.set(entity, values);
  const at = { sceneId: entity.id, stashId: { endpoint: endpointOfTest(), stashId: boxId(9) } };
  const ask = async (): Promise<Output<'sceneBoxes.profile'>> =>
    await sceneBoxOperations['sceneBoxes.profile'](context, at);
  const link = async (take: SceneTaken) => {
    const id = await propose(context, entity);
    const choices = { [id]: { take } };
    return await suggestionOperations['suggestions.accept'](context, { ids: [id], choices, dryRun: false });
  };
  const state = async () => (await world.read(entity)).values;
  return { context, box, entity, at, ask, link, state };
}

export function ticked(offers: Offers): SceneTaken {
  return Object.fromEntries(offers.map(({ key, revision }) => [key, revision]));
}

export const stashIdOf = (n: number) => ({ endpoint: endpointOfTest(), stash_id: boxId(n) });

export async function create(kind: 'performer' | 'studio' | 'tag', input: object): Promise<string> {
  const type = `${kind[0]!.toUpperCase()}${kind.slice(1)}CreateInput!`;
  const { made } = await world.ask<{ made: { id: string } }>(
    `mutation($input: ${type}) { made: ${kind}Create(input: $input) { id } }`,
    { input },
  );
  return made.id;
}

async function propose({ store }: FakeContext, entity: StashRef): Promise<string> {
  const about = { kind: 'scene', id: entity.id } as const;
  const { identity } = await world.read(entity);
  await store.suggestions.replace(about, 'test', [
    {
      kind: 'scene-stash-id',
      entity: about,
      entityTitle: 'Scene',
      target: null,
      targetName: '',
      severity: 'info',
      confidence: 0.99,
      payload: {
        stashId: { endpoint: endpointOfTest(), stashId: boxId(9) },
        contentIds: identity.contents.filter((one): one is `oshash:${string}` => one.startsWith('oshash:')),
      },
      evidence: {
        hits: [],
        isStrong: true,
        title: '',
        date: null,
        studio: null,
        seconds: null,
        cast: [],
        imageId: null,
        mine: { date: null, studio: null, seconds: null },
      },
      analyzer: 'test',
      analyzerVersion: 1,
    },
  ]);
  return (await store.suggestions.list({ entity: about, state: 'open' }, 'newest', 1, 0)).items[0]!.id;
}
