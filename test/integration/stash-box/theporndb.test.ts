/** What works over a box that has no more than what Stash asks of one, as ThePornDB's, and what is said of the rest. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { parse, validate, buildSchema } from 'graphql';
import { inEnglish } from '../../../core/messages/english.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { people } from '../../../tasks/people/task.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import { idFor } from '../../double/stash-box/portraits.ts';
import { readBoxSchema } from '../../double/stash-box/schema.ts';
import { asThePornDb } from '../../double/stash-box/theporndb.ts';
import { FAST, fakeContext, tempFolder } from '../../fakes/context.ts';
import { aFile, anItem } from '../../fakes/memory-stash.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { addPerformer, link, suggested } from './linking.ts';

const REDUCED = buildSchema(asThePornDb(readBoxSchema('v0.7.0')));
const DAY_MS = 86_400_000;

test('a pack is built of whom the scenes and performers name, and the studios that are left out are counted', async (t) => {
  const { context, double, pack, said, later } = await opened(t);
  const { message } = await runTask(context, buildReferencePack, { scope: 'mine', estimate: true });
  assert.match(inEnglish(message), /^About 2 people/);
  await runTask(context, buildReferencePack, { scope: 'mine' });
  assert.deepEqual(await pack(), ['Person 1', 'Person 2']);
  assert.deepEqual(said(/studio/), [
    'warn 127.0.0.1 has no list of the performers of a studio: 1 studio is left out of the pack, and those in your own scenes are taken.',
  ]);

  // Whom the box has changed is found with the listing of everybody, and who is new in Stash at once.
  double.data.change(idFor('person 1'), { name: 'Person 1 renamed' });
  later(DAY_MS);
  await runTask(context, people, {});
  assert.deepEqual(await pack(), ['Person 1', 'Person 2']);
  assert.deepEqual(said(/does not tell/), [
    'warn 127.0.0.1 does not tell whom it has changed: 2 people stay as known, and are asked for once a month; who is new in your Stash is added now.',
  ]);
  later(31 * DAY_MS);
  await runTask(context, people, {});
  assert.deepEqual(await pack(), ['Person 1 renamed', 'Person 2']);
  isUnderstood(double);
});

test('a pack of all of it ends in a sentence at once', async (t) => {
  const { context, double } = await opened(t);
  for (const estimate of [true, false])
    await assert.rejects(runTask(context, buildReferencePack, { scope: 'box', estimate }), {
      message:
        'The box has no list of all its performers: a pack can be built of those in your scenes and of your performers, or of ids.',
    });
  isUnderstood(double);
});

test('performers and scenes are found and suggested as at any other box', async (t) => {
  const { context, double, stash } = await opened(t);
  await addPerformer(context, stash, 3, { name: 'Person 3' });
  const { message } = await link(context);
  assert.match(inEnglish(message), /^1 performer was looked up: 1 is suggested/);
  assert.deepEqual(
    (await suggested(context)).map(({ payload }) => payload.stashId.stashId),
    [idFor('person 3')],
  );
  const args = { performerId: '3', endpoint: double.endpoint };
  assert.deepEqual(await stashBoxOperations['stashIds.findOne'](context, args), { isWhole: true });

  const file = aFile(7, { fingerprints: { oshash: '000000000000002a' } });
  stash.items.set('scene:7', anItem(7, { files: [file] }));
  const scenes = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), {});
  assert.match(inEnglish(scenes.message), /1 is suggested/);
  isUnderstood(double);
});

function isUnderstood(double: Awaited<ReturnType<typeof startedBox>>): void {
  const asked = double.requests.filter(({ kind }) => kind === 'graphql');
  assert.ok(asked.length > 0);
  assert.equal(double.calls.length, asked.length, 'none was refused');
  for (const { query } of double.calls) assert.deepEqual(validate(REDUCED, parse(query)), []);
}

async function opened(t: TestContext) {
  const double = await startedBox(t, { isThePornDb: true, version: 'v0.7.0' });
  for (let n = 1; n <= 3; n++) {
    const imageIds = ['a', 'b'].map((which) => {
      const bytes = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.from(` ${which} ${n}`)]);
      return double.data.addImage({ id: idFor(`${n} ${which}`), width: 600, height: 800, bytes }).id;
    });
    double.data.addPerformer({ id: idFor(`person ${n}`), name: `Person ${n}`, imageIds });
  }
  const hash = { hash: '000000000000002a', algorithm: 'OSHASH', duration: 60, submissions: 1, reports: 0 };
  const studio = double.data.addStudio({ name: 'A studio' });
  const scene = double.data.addScene({
    title: 'Theirs',
    studioId: studio.id,
    performers: [{ id: idFor('person 1'), as: null }],
    fingerprints: [hash],
  });
  const stash = smallLibrary(tempFolder(t));
  const at = (stashId: string) => ({ stashIds: [{ endpoint: double.endpoint, stashId }] });
  const fields: Record<string, Record<string, object>> = {
    scene: { 1: { ...at(scene.id), studio: '7' } },
    studio: { 7: at(studio.id) },
  };
  const fieldsOf = stash.library.fieldsOf.bind(stash.library);
  const linked: typeof fieldsOf = async (kind, ids, names) => {
    const read = await fieldsOf(kind, ids, names);
    return new Map(ids.map((id) => [id, { stashIds: [], ...read.get(id), ...fields[kind]?.[id] }]));
  };
  Object.assign(stash.library, { fieldsOf: linked });
  stash.addScene(1, '');
  stash.addPerformer(2, null, at(idFor('person 2')));
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const clock = turningClock(1_800_000_000_000);
  const sleep = async (ms: number): Promise<void> => await clock.sleep(Math.ceil(ms));
  const { boxes } = boxesOf(t, { double, store, parts: { now: clock.now, sleep } });
  const context = await fakeContext(t, stash, {
    vision: fakeVision({ now: clock.now }),
    stashBoxes: boxes,
    now: clock.now,
    sleep,
    limits: { ...FAST, sliceMs: Infinity, leaseMs: 1e9 },
  });
  return {
    context,
    double,
    stash,
    later: (ms: number) => clock.turn(ms),
    /** Without the port of the box. */
    said: (part: RegExp): string[] =>
      context.said.filter((line) => part.test(line)).map((line) => line.replace(/:\d+/, '')),
    /** Names of the people of the one pack. */
    pack: async (): Promise<string[]> => {
      const [entry] = await context.referencePacks.list();
      const found: string[] = [];
      for (let n = 1; n <= 3; n++) {
        const person = await context.referencePacks.person(entry!.id, idFor(`person ${n}`));
        if (person !== null) found.push(person.name);
      }
      return found;
    },
  };
}
