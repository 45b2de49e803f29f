/** Fingerprints of scenes that the user linked, given back to the stash-boxes that were ticked: once, counted, never otherwise. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError, type ErrorCode } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { Settings } from '../../../core/settings.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { giveAll } from '../../../tasks/stash-box/scenes/fingerprints/give.ts';
import { notGiven } from '../../../tasks/stash-box/scenes/fingerprints/given.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, memoryBox, severalBoxes } from '../../fakes/memory-box.ts';
import { aSlice } from '../../fakes/slice.ts';
import { aFile, anItem, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { acceptance } from './linking.ts';

const OTHER = 'https://other.example/graphql';

test('nothing is given before it is switched on, nor of what was only suggested, refused or linked elsewhere', async (t) => {
  const { sent, link, run, give, set } = await opened(t, { scenes: 4 });
  await run();
  await link(['1', '2']);
  await run();
  await assert.rejects(async () => await give(), /switch that on first/);
  await set(OTHER, true);
  await run();
  assert.deepEqual(sent, []);
});

test('switched on, the next run gives those of each linked scene once, and counts them', async (t) => {
  const { sent, link, run, set, view } = await opened(t, { scenes: 3 });
  await run();
  await link(['1', '2']);
  await set(BOX, true);
  await run();
  assert.deepEqual(sent.toSorted(), [`1 ${BOX}`, `2 ${BOX}`]);
  assert.deepEqual((await view())[0], {
    endpoint: BOX,
    name: 'Box',
    isOn: true,
    linked: 2,
    scenes: 2,
    fingerprints: 2,
  });
  await link(['3']);
  await run();
  await run();
  assert.deepEqual(sent.toSorted(), [`1 ${BOX}`, `2 ${BOX}`, `3 ${BOX}`]);
});

test('a few are given at a call, which says where the next goes on; switched off, no more are', async (t) => {
  const { sent, link, run, give, set } = await opened(t, { scenes: 7 });
  await run();
  await link(['1', '2', '3', '4', '5', '6', '7']);
  await set(BOX, true);
  const first = await give();
  assert.deepEqual([first.scenes, first.fingerprints, sent.length], [5, 5, 5]);
  const second = await give(first.next!);
  assert.deepEqual([second.scenes, second.next, sent.length], [2, null, 7]);
  assert.equal((await give()).scenes, 0);
  await set(BOX, false);
  await assert.rejects(async () => await give(), /switch that on first/);
  assert.equal(new Set(sent).size, 7, 'none was given twice');
});

test('between two scenes it waits as long as the stash-box wants', async (t) => {
  const { link, run, give, set, slept } = await opened(t, { scenes: 2 });
  await run();
  await link(['1', '2']);
  await set(BOX, true);
  slept.length = 0;
  await give();
  assert.deepEqual(slept, [250, 250], 'one request each, 240 a minute');
});

test('what was undone, is excluded by now or has no fingerprint is not given', async (t) => {
  const { context, stash, sent, link, run, give, set } = await opened(t, { scenes: 4 });
  await run();
  const [undone] = await link(['1']);
  await link(['2', '3', '4']);
  await set(BOX, true);
  await undo(context, { ids: [undone!] });
  stash.items.set('scene:2', anItem(2, { files: [aFile(2)], tagIds: ['77'] }));
  stash.items.set('scene:3', anItem(3, { files: [aFile(3, { durationMs: null })] }));
  await give();
  assert.deepEqual(sent, [`4 ${BOX}`]);
});

test('a refusal is told, keeps no run from going on, and is tried again; a dry run gives nothing', async (t) => {
  const at = await opened(t, { scenes: 2 });
  await at.run();
  await at.link(['1', '2']);
  await at.set(BOX, true);
  at.refuse(true);
  const { scenes, problem } = await at.give();
  assert.deepEqual([scenes, problem], [0, plain('not authorized')]);
  assert.equal((await at.run()).end, 'finished');
  assert.deepEqual((await at.view())[0]?.scenes, 0);
  at.refuse(false);
  const dry = { ...at.context, settings: { ...at.context.settings, dryRun: true } };
  assert.equal((await sceneBoxOperations['fingerprints.give'](dry, { endpoint: BOX, from: 0 })).dryRun, true);
  assert.deepEqual(at.sent, []);
  assert.equal((await at.give()).scenes, 2);
});

test('one scene that is refused for good keeps no other from being given; three in a row end it', async (t) => {
  const at = await opened(t, { scenes: 6 });
  await at.run();
  await at.link(['1', '2', '3', '4', '5', '6']);
  await at.set(BOX, true);
  const newest = (await linkedIn(at.context)).map((id) => `${id} ${BOX}`);
  at.refuse(new Set([newest[0]!, newest[2]!]));
  const { scenes, next, problem } = await at.give();
  assert.deepEqual([scenes, next, problem], [4, null, plain('not authorized')]);
  assert.deepEqual(at.sent, [newest[1], ...newest.slice(3)]);
  at.sent.length = 0;
  at.asked.length = 0;
  await at.run();
  assert.deepEqual(at.asked, [newest[0], newest[2]], 'the next run asks these once more');
});

test('a run goes on after a scene that is refused, and asks no more after three in a row', async (t) => {
  const at = await opened(t, { scenes: 6 });
  await at.run();
  await at.link(['1', '2', '3', '4', '5', '6']);
  await at.set(BOX, true);
  const newest = (await linkedIn(at.context)).map((id) => `${id} ${BOX}`);
  at.refuse(new Set([newest[0]!, newest[2]!, newest[3]!, newest[4]!]));
  assert.equal((await at.run()).end, 'finished');
  assert.deepEqual([at.sent, at.asked], [[newest[1]], newest.slice(0, 5)]);
});

test('a perceptual hash that Stash made since is given in the next run, and what was given before is counted once', async (t) => {
  const at = await opened(t, { scenes: 2 });
  await at.run();
  await at.link(['1', '2']);
  await at.set(BOX, true);
  await at.run();
  hasPhash(at.stash, 1);
  at.sent.length = 0;
  await at.run();
  await at.run();
  assert.deepEqual(at.sent, [`1 ${BOX}`]);
  const [box] = await at.view();
  assert.deepEqual([box?.scenes, box?.fingerprints], [2, 3]);
});

test('a further fingerprint that is refused is tried again, and after a kill counts as given', async (t) => {
  const at = await opened(t, { scenes: 1 });
  await at.run();
  await at.link(['1']);
  await at.set(BOX, true);
  await at.run();
  hasPhash(at.stash, 1);
  at.refuse(true);
  await at.run();
  assert.equal(at.asked.length, 2);
  // As after a kill: of what was sent nobody has heard.
  at.refuse(true, 'stash-unreachable');
  await at.run();
  await at.run();
  assert.equal(at.asked.length, 3);
  const [box] = await at.view();
  assert.deepEqual([box?.scenes, box?.fingerprints], [1, 1]);
});

test('of what an earlier version gave only the number is known: what is more than that is new', () => {
  const toGive = { hashes: ['a', 'b', 'c'], lacksPhash: false };
  assert.deepEqual(notGiven(toGive, { at: 0, fingerprints: 2 }), ['c']);
  assert.deepEqual(notGiven(toGive, { at: 0, fingerprints: null }), []);
  assert.deepEqual(notGiven(toGive, { at: 0, fingerprints: 1, given: ['b'] }), ['a', 'c']);
});

for (const sliceMs of [FAST.sliceMs, 0])
  test(`three scenes that are always refused keep no other from being given, in slices of ${sliceMs} ms`, async (t) => {
    const at = await opened(t, { scenes: 9 });
    await at.runInSlices(sliceMs);
    await at.link(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    await at.set(BOX, true);
    const newest = (await linkedIn(at.context)).map((id) => `${id} ${BOX}`);
    at.refuse(new Set(newest.slice(0, 3)));
    await at.runInSlices(FAST.sliceMs);
    assert.deepEqual([at.sent, at.asked], [[], newest.slice(0, 3)]);
    at.asked.length = 0;
    await at.runInSlices(sliceMs);
    assert.deepEqual(at.sent, newest.slice(3));
    assert.deepEqual(at.asked, [...newest.slice(3), ...newest.slice(0, 3)], 'those last, each once');
  });

test('of scenes that were refused in earlier runs the one refused longest ago is tried first', async (t) => {
  const at = await opened(t, { scenes: 6 });
  await at.run();
  await at.link(['1', '2', '3', '4', '5', '6']);
  await at.set(BOX, true);
  const newest = (await linkedIn(at.context)).map((id) => `${id} ${BOX}`);
  at.refuse(true);
  for (let n = 0; n < 4; n++) await at.run();
  assert.deepEqual(at.asked, [...newest, ...newest], 'three a run');
  at.refuse(false);
  assert.equal((await at.give()).scenes, 5);
  assert.deepEqual(at.sent, newest.slice(0, 5));
  assert.equal((await at.give()).scenes, 1);
});

test('after silence Stash may still be sending: it is asked for nothing more, and not for the same again', async (t) => {
  const at = await opened(t, { scenes: 3 });
  await at.run();
  await at.link(['1', '2', '3']);
  await at.set(BOX, true);
  at.refuse(true, 'stash-unreachable');
  assert.equal((await at.give()).problem?.id, plain('not authorized').id);
  assert.equal(at.asked.length, 1);
  at.refuse(false);
  assert.equal((await at.give()).scenes, 2);
  assert.equal(new Set(at.asked).size, 3, 'none was asked for twice');
});

test('a scene that is excluded between two questions is left out, and the rest is given', async (t) => {
  const at = await opened(t, { scenes: 2 });
  await at.run();
  await at.link(['1', '2']);
  await at.set(BOX, true);
  const { exclusions } = at.context;
  const late = {
    ...at.context,
    exclusions: {
      ...exclusions,
      check: async (entity: Parameters<typeof exclusions.check>[0]) => {
        if (entity.id === '1') throw new StashSenseError('excluded', plain('excluded'));
        await exclusions.check(entity);
      },
    },
  };
  const { scenes } = await sceneBoxOperations['fingerprints.give'](late, { endpoint: BOX, from: 0 });
  assert.deepEqual([scenes, at.sent], [1, [`2 ${BOX}`]]);
});

test('scenes that are not due are looked at once in a run, and a slice ends between two of them', async (t) => {
  const { context, stash, sent, link, run, set } = await opened(t, { scenes: 4 });
  await run();
  await link(['1', '2', '3', '4']);
  for (const n of [1, 2, 3, 4])
    stash.items.set(`scene:${n}`, anItem(n, { files: [aFile(n, { durationMs: null })] }));
  await set(BOX, true);
  let looked = 0;
  const library = {
    ...context.library,
    item: async (entity: Parameters<typeof context.library.item>[0]) => {
      looked++;
      return await context.library.item(entity);
    },
  };
  const parts = { ...context, library };
  const slice = { ...aSlice(), shouldYield: () => Promise.resolve(true) };
  const ends: string[] = [];
  for (let n = 0; n < 6; n++) ends.push(await giveAll(parts, slice));
  assert.deepEqual(ends, ['yielded', 'yielded', 'yielded', 'yielded', 'done', 'done']);
  assert.deepEqual([looked, sent], [4, []]);
});

test('one whose answer was lost in a kill is not given a second time', async (t) => {
  const { context, sent, link, run, give, set } = await opened(t, { scenes: 2 });
  await run();
  await link(['1', '2']);
  await set(BOX, true);
  const never = new Promise<void>(() => undefined);
  const killed = {
    ...context,
    fingerprints: {
      submit: async (sceneId: string, endpoint: string) => {
        sent.push(`${sceneId} ${endpoint}`);
        await never;
      },
    },
  };
  void sceneBoxOperations['fingerprints.give'](killed, { endpoint: BOX, from: 0 });
  while (sent.length === 0) await new Promise((done) => void setTimeout(done, 5));
  await give();
  assert.equal(sent.length, 2);
  assert.equal(new Set(sent).size, 2);
});

test('in slices that end at the first chance each is given once', async (t) => {
  const { sent, link, run, runInSlices, set } = await opened(t, { scenes: 4 });
  await run();
  await link(['1', '2', '3', '4']);
  await set(BOX, true);
  await runInSlices(0);
  assert.deepEqual(
    sent.toSorted(),
    ['1', '2', '3', '4'].map((id) => `${id} ${BOX}`),
  );
});

/** Ids of the scenes that were linked, in the order in which they are given. */
async function linkedIn({ store }: Pick<FakeContext, 'store'>): Promise<string[]> {
  const { items } = await store.suggestions.list(
    { kind: 'scene-stash-id', state: 'accepted' },
    'newest',
    100,
    0,
  );
  return items.map(({ entity }) => entity.id);
}

function hasPhash({ items }: Pick<MemoryStash, 'items'>, n: number): void {
  const { fingerprints } = aFile(n);
  items.set(
    `scene:${n}`,
    anItem(n, { files: [aFile(n, { fingerprints: { ...fingerprints, phash: 'abc' } })] }),
  );
}

type Options = { readonly scenes: number; readonly settings?: Partial<Settings> };

async function opened(t: TestContext, { scenes, settings = { excludedTags: 'Private' } }: Options) {
  const stash = memoryStash();
  stash.tags.set('Private', '77');
  const [box, other] = [memoryBox(), memoryBox(OTHER, 'Other')];
  const sent: string[] = [];
  const slept: number[] = [];
  const asked: string[] = [];
  let refused: boolean | ReadonlySet<string> = false;
  let code: ErrorCode = 'stash-refused';
  const made = await fakeContext(t, stash, {
    stashBoxes: severalBoxes([box, other]),
    settings,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    fingerprints: {
      submit: (sceneId, endpoint) => {
        const what = `${sceneId} ${endpoint}`;
        asked.push(what);
        const is = typeof refused === 'boolean' ? refused : refused.has(what);
        if (is) return Promise.reject(new StashSenseError(code, plain('not authorized')));
        sent.push(what);
        return Promise.resolve();
      },
    },
  });
  const context = { ...made, hashes: { ...made.hashes, phash: () => Promise.resolve(null) } };
  for (let n = 1; n <= scenes; n++) {
    stash.items.set(`scene:${n}`, anItem(n, { files: [aFile(n)] }));
    box.scenes.push(aBoxScene(n, [{ algorithm: 'OSHASH', hash: n.toString(16).padStart(16, '0') }]));
  }
  return {
    context,
    stash,
    sent,
    asked,
    slept,
    /** True: all; else these. */
    refuse: (is: boolean | ReadonlySet<string>, withCode: ErrorCode = 'stash-refused') =>
      ([refused, code] = [is, withCode]),
    run: async () => await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), {}),
    runInSlices: async (sliceMs: number) => {
      const short = { ...context, limits: { ...FAST, sliceMs } };
      const args = taskArgsSchema('link-scenes').parse({});
      let { end } = await runSlice(short, linkScenesTask, args, {});
      for (let n = 0; end === 'requeued' && n < 50; n++) {
        const { run: id, token } = stash.started.at(-1)?.args ?? {};
        ({ end } = await runSlice(short, linkScenesTask, args, { run: String(id), token: String(token) }));
      }
      assert.equal(end, 'finished');
    },
    /** @returns ids of the journal */
    link: async (sceneIds: readonly string[]) => {
      const filter = { kind: 'scene-stash-id', state: 'open' } as const;
      const { items } = await context.store.suggestions.list(filter, 'newest', 100, 0);
      const ids = items.filter(({ entity }) => sceneIds.includes(entity.id)).map(({ id }) => id);
      assert.equal(ids.length, sceneIds.length);
      const { accepted } = await suggestionOperations['suggestions.accept'](context, acceptance(ids));
      return accepted.flatMap(({ journalId }) => journalId ?? []);
    },
    set: async (endpoint: string, isOn: boolean) =>
      await sceneBoxOperations['fingerprints.set'](context, { endpoint, isOn }),
    give: async (from = 0) => await sceneBoxOperations['fingerprints.give'](context, { endpoint: BOX, from }),
    view: async () => (await sceneBoxOperations['fingerprints.view'](context, {})).boxes,
  };
}
