/** Two decide about one suggestion at once: whichever comes first, Stash, the suggestion and the "no" say the same in the end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { Output } from '../../core/contract/operations.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { Store } from '../../core/ports/store.ts';
import { openStore } from '../../plugin/store/store.ts';
import { acceptSuggestions } from '../../tasks/suggestions/accept.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { ANALYZER } from '../../tasks/matching/proposals.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { contentId, performer, proposal } from '../contract/store-samples.ts';
import { startStashDouble } from '../double/stash-double.ts';
import {
  anObservation,
  aPerson,
  aVector,
  fakeContext,
  PACK,
  tempFolder,
  type FakeContext,
} from '../fakes/context.ts';
import { aFile, anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { fakeVision } from '../fakes/vision.ts';
import { aSlice } from '../fakes/slice.ts';
import { runPlugin } from './plugin-process.ts';

const SCENE = { kind: 'scene', id: '1' } as const;
const KEEP = { by: 'person', dryRun: false } as const;

type World = {
  /** Two processes with one store and one Stash. */
  readonly one: FakeContext;
  readonly two: FakeContext;
  readonly stash: MemoryStash;
};

/** The ways to say no to performer 5 on scene 1. */
const NOES: Record<string, (context: FakeContext) => Promise<'rejected' | 'refused'>> = {
  'suggestions.reject': async (context) => {
    const id = await idOf(context, '5');
    const { rejected } = await suggestionOperations['suggestions.reject'](context, { ids: [id] });
    return rejected.length > 0 ? 'rejected' : 'refused';
  },
  'entity.reject': async (context) => {
    const input = { entity: SCENE, performerId: '5', personKey: 0, undo: false };
    return await suggestionOperations['entity.reject'](context, input).then(
      () => 'rejected',
      (error: { code?: string }) => {
        assert.equal(error.code, 'changed-since');
        return 'refused';
      },
    );
  },
};

for (const [name, sayNo] of Object.entries(NOES)) {
  test(`${name} while the performer is being written waits, and is told that they were added`, async (t) => {
    const { one, two, stash } = await matched(t);
    let no: Promise<unknown> = Promise.resolve();
    const waits = toldToWait(two);
    before(stash.writer, 'change', async () => {
      no = sayNo(two);
      await Promise.race([no, waits]);
    });
    const { accepted } = await acceptSuggestions(one, [await idOf(one, '5')], KEEP);
    assert.equal(accepted.length, 1);
    assert.equal(await no, 'refused');
    assert.deepEqual(await stateOf(one, stash), { there: ['5'], state: 'accepted', rejected: false });
  });

  test(`accepting while ${name} is under way waits, and is told that it was rejected`, async (t) => {
    const { one, two, stash } = await matched(t);
    const id = await idOf(two, '5');
    let yes = null as ReturnType<typeof acceptSuggestions> | null;
    const waits = toldToWait(two);
    const library = { ...stash.library };
    before(library, 'performer', async () => {
      yes ??= acceptSuggestions(two, [id], KEEP);
      await Promise.race([yes, waits]);
    });
    assert.equal(await sayNo({ ...one, library }), 'rejected');
    const { accepted, refused } = (await yes)!;
    assert.deepEqual([accepted, refused.map((it) => it.id)], [[], [id]]);
    assert.deepEqual(await stateOf(one, stash), { there: [], state: 'rejected', rejected: true });
  });
}

test('what a person accepts and undoes while a scan goes through its list is not written again', async (t) => {
  const { one, two, stash } = await matched(t);
  Object.assign(one.settings, { autoAcceptConfidence: 10 });
  await one.store.work.enqueue('scan', [{ ...SCENE, title: '', revision: '', priority: 0 }]);
  const acceptable = one.store.suggestions.acceptable.bind(one.store.suggestions);
  let isFirst = true;
  Object.assign(one.store.suggestions, {
    acceptable: async (...args: Parameters<typeof acceptable>) => {
      const ids = await acceptable(...args);
      if (isFirst) {
        isFirst = false;
        const { accepted } = await acceptSuggestions(two, ids, KEEP);
        await undo(two, { ids: accepted.map(({ journalId }) => journalId ?? '') });
      }
      return ids;
    },
  });
  await autoAccept(one, aSlice());
  assert.deepEqual(await stateOf(one, stash), { there: [], state: 'open', rejected: false });
});

test('an undo while a scene is matched again leaves the suggestion open', async (t) => {
  const { one, two, stash } = await matched(t);
  const { accepted } = await acceptSuggestions(two, [await idOf(two, '5')], KEEP);
  await known(one, 6);
  let isFirst = true;
  const library = { ...stash.library };
  library.item = async (entity) => {
    const read: StashEntity | null = await stash.library.item(entity);
    if (isFirst) await undo(two, { ids: accepted.map(({ journalId }) => journalId ?? '') });
    isFirst = false;
    return read;
  };
  await rematchAll({ ...one, library }, aSlice());
  assert.deepEqual(await stateOf(one, stash), { there: [], state: 'open', rejected: false });
  assert.equal((await one.store.suggestions.get(await idOf(one, '6')))?.state, 'open');
});

test('a no while a scene is matched again is heard, also to somebody who was never suggested', async (t) => {
  const { one, two, stash } = await matched(t);
  await known(one, 6);
  const library = { ...stash.library };
  let isFirst = true;
  before(library, 'item', async () => {
    if (!isFirst) return;
    isFirst = false;
    const input = { entity: SCENE, performerId: '6', personKey: 1, undo: false };
    await suggestionOperations['entity.reject'](two, input);
  });
  await rematchAll({ ...one, library }, aSlice());
  const { items } = await one.store.suggestions.list({ state: 'open' }, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ target }) => target?.id),
    ['5'],
  );
});

test('accept all and reject all as two processes at once: each suggestion is the one or the other', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-decide-'));
  const double = await startStashDouble({ configDir: folder });
  t.after(async () => {
    await double.close();
    rmSync(folder, { recursive: true, force: true });
  });
  double.library.addPerformer({ name: 'Performer 1' });
  const SCENES = 45;
  for (let n = 1; n <= SCENES; n++) {
    const fingerprints = [{ type: 'oshash', value: contentId(n).slice('oshash:'.length) }];
    const file = double.library.addFile({ kind: 'video', path: `/nowhere/${n}.mp4`, fingerprints });
    double.library.addScene({ title: `Scene ${n}`, fileIds: [file.id] });
  }
  const data = path.join(folder, 'stash-sense');
  const store = await openStore({ folder: data });
  t.after(() => store.close());
  for (let n = 1; n <= SCENES; n++) {
    const entity = { kind: 'scene', id: String(n) } as const;
    await store.observations.link(entity, `Scene ${n}`, [contentId(n)]);
    const made = proposal(n, 1, { analyzer: ANALYZER, confidence: 0.9 });
    const payload = { seen: [{ contentId: contentId(n), personKey: 0 }] };
    await store.suggestions.replace(entity, ANALYZER, [{ ...made, payload }]);
  }
  const ids = (await store.suggestions.list({}, 'confidence', 100, 0)).items.map(({ id }) => id);
  const ask = async (mode: string, input: unknown) =>
    await runPlugin({ stashUrl: double.url, configDir: folder }, { mode, input });
  const [yes, no] = await Promise.all([
    ask('suggestions.accept', { ids }),
    ask('suggestions.reject', { ids }),
  ]);
  assert.deepEqual([yes.error, no.error], [null, null]);
  const { accepted } = yes.output as Output<'suggestions.accept'>;
  const { rejected } = no.output as Output<'suggestions.reject'>;
  assert.deepEqual([...accepted.map(({ id }) => id), ...rejected].toSorted(), ids.toSorted());
  for (const { id, state, entity } of (await store.suggestions.list({}, 'newest', 100, 0)).items) {
    const isThere = double.library.scenes.all().find((it) => it.id === entity.id)!.performerIds.length > 0;
    const isRejected = await store.dismissals.isDismissed(
      notSeen([contentId(Number(entity.id))], performer(1)),
    );
    assert.deepEqual(
      { state, isThere, isRejected },
      rejected.includes(id)
        ? { state: 'rejected', isThere: false, isRejected: true }
        : { state: 'accepted', isThere: true, isRejected: false },
      `scene ${entity.id}`,
    );
  }
  t.diagnostic(`${accepted.length} accepted, ${rejected.length} rejected`);
});

/** Scene 1 shows persons 5 and 6; performer 5 is known and suggested, nobody knows 6. */
async function matched(t: TestContext): Promise<World> {
  const stash = memoryStash({
    items: [anItem(1, { files: [aFile(1)] })],
    performers: [aPerformer(5), aPerformer(6)],
  });
  const folder = tempFolder(t);
  const vision = fakeVision();
  const one = await fakeContext(t, stash, { folder, vision });
  const two = await fakeContext(t, stash, { folder, vision });
  const persons = [5, 6].map((axis, key) =>
    aPerson(key, { template: aVector(axis), exemplars: [aVector(axis)] }),
  );
  const observation = anObservation(1, { persons });
  await one.store.observations.put({ observation, crops: [] });
  await one.store.observations.link(SCENE, 'Scene 1', [observation.contentId]);
  await known(one, 5);
  await rematchAll(one, aSlice());
  return { one, two, stash };
}

async function known({ store }: { readonly store: Store }, n: number): Promise<void> {
  await store.people.putPerformer(aPerformer(n));
  await store.people.putReference({
    performerId: String(n),
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: '',
    packId: PACK,
    state: 'used',
    embedding: aVector(n),
    quality: 0.9,
    crop: null,
  });
}

async function idOf({ store }: { readonly store: Store }, performerId: string): Promise<string> {
  const { items } = await store.suggestions.list(
    { target: { kind: 'performer', id: performerId } },
    'newest',
    1,
    0,
  );
  assert.ok(items[0], `performer ${performerId} is not suggested`);
  return items[0].id;
}

/** Of performer 5 on scene 1: what Stash has, what the suggestion says, and whether there is a "no". */
async function stateOf({ store }: FakeContext, stash: MemoryStash): Promise<unknown> {
  return {
    there: stash.items.get('scene:1')?.performerIds,
    state: (await store.suggestions.get(await idOf({ store }, '5')))?.state,
    rejected: await store.dismissals.isDismissed(notSeen(['oshash:0000000000000001'], aPerformer(5))),
  };
}

/** Is over once this process finds the lock held by the other. */
async function toldToWait({ store }: FakeContext): Promise<void> {
  const acquire = store.locks.acquire.bind(store.locks);
  await new Promise<void>((resolve) => {
    Object.assign(store.locks, {
      acquire: async (...args: Parameters<typeof acquire>) => {
        const isOurs = await acquire(...args);
        if (!isOurs) resolve();
        return isOurs;
      },
    });
  });
}

/** Something else happens before each of these calls goes on. */
function before<Name extends string>(
  of: Record<Name, (...args: never[]) => unknown>,
  name: Name,
  meanwhile: () => Promise<void>,
): void {
  const call = of[name].bind(of) as (...args: unknown[]) => unknown;
  Object.assign(of, {
    [name]: async (...args: unknown[]) => {
      await meanwhile();
      return await call(...args);
    },
  });
}
