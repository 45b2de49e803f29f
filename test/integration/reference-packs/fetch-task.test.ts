/** Published packs as the page and the tasks know them: looked for, fetched, kept current, and never unasked. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { parseOptOuts } from '../../../core/reference-packs/left-out/opt-outs.ts';
import { runOperation, runTask } from '../../../tasks/compose/dispatch.ts';
import { fetchReferencePacks } from '../../../tasks/pack-channel/task.ts';
import { checkWhenDue } from '../../../tasks/pack-channel/known.ts';
import { optOutListOf } from '../../../plugin/system/files/reference-pack-files.ts';
import { packNews } from '../../../tasks/pack-channel/view.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { uuid } from '../../fixtures/reference-packs.ts';
import { openPublisher, PEOPLE, type Publisher } from './published.ts';

const DAY_MS = 86_400_000;

test('nothing is asked before somebody looks, and nothing fetched before somebody says so', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  const before = await view(context);
  assert.deepEqual([before.checkedAt, before.packs, before.untold], [null, [], []]);
  assert.equal(before.address, `${publisher.out}/`);
  await checkWhenDue(context);
  assert.equal((await view(context)).checkedAt, null);
  const { packs } = await check(context);
  assert.deepEqual(
    packs.map(({ name, version, people, state, problem }) => [name, version, people, state, problem]),
    [['The pack test-people', '1', PEOPLE + 1, 'new', null]],
  );
  assert.deepEqual(await context.referencePacks.describe(), []);
  assert.equal(await run(context), 'No reference pack was to be fetched: choose one on the People tab.');
  assert.deepEqual(await context.referencePacks.describe(), []);
});

test('a pack is fetched beside those that are built here, and a newer one is told of once, and fetched when asked for', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  await fetchFirst(context);
  const [installed] = await context.referencePacks.list();
  assert.match(installed!.id, /^test-people--by-[0-9a-f]{8}$/);
  assert.deepEqual(
    [installed!.isBuiltHere, installed!.problem, installed!.manifest?.version],
    [false, null, '1'],
  );
  assert.deepEqual(
    (await view(context)).packs.map(({ state }) => state),
    ['current'],
  );
  assert.equal(await packNews(context), null);

  await publisher.publish(2);
  const [pack] = (await check(context)).packs;
  assert.equal(pack!.state, 'newer');
  assert.match(inEnglish(pack!.news!), /^1 person more, \d+ changed, 1 removed$/);
  const { untold } = await view(context);
  const sentence =
    'Version 2 of the reference pack The pack test-people is published: fetch it on the People tab.';
  assert.deepEqual(
    untold.map((said) => inEnglish(said)),
    [sentence],
  );
  await runOperation(context, 'packChannel.told', {});
  assert.deepEqual((await view(context)).untold, []);
  await check(context);
  assert.deepEqual((await view(context)).untold, []);
  // The status page still says it.
  assert.equal(inEnglish((await packNews(context))!), sentence);

  assert.ok(pack!.bytes < wholeBytes(publisher) / 2, `${pack!.bytes}`);
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  assert.match(await run(context), /^The pack test-people, version 2, is installed: \d+ people\.$/);
  assert.equal(await packNews(context), null);
  const { id } = pack!;
  assert.equal((await context.referencePacks.goBack(id))?.version, '1');
  // Who goes back is told no more than before.
  assert.deepEqual((await view(context)).untold, []);
});

test('the publisher of an installed pack is asked once a day, without a pack nobody is', async (t) => {
  const clock = turningClock();
  const { context, publisher } = await opened(t, clock);
  await publisher.publish(1);
  await check(context);
  const at = async (): Promise<number | null> => (await view(context)).checkedAt;
  const first = await at();
  clock.turn(2 * DAY_MS);
  await checkWhenDue(context);
  assert.equal(await at(), first);
  await fetchFirst(context);
  const fetched = await at();
  await checkWhenDue(context);
  assert.equal(await at(), fetched);
  clock.turn(DAY_MS + 1);
  await checkWhenDue(context);
  assert.ok((await at())! > fetched!);
});

test('a publisher that gives no answer is said with the reason, and what was known stays', async (t) => {
  const clock = turningClock();
  const { context, publisher } = await opened(t, clock);
  await publisher.publish(1);
  await fetchFirst(context);
  writeFileSync(path.join(publisher.out, 'reference-packs.json'), '<html>');
  const after = await check(context);
  assert.match(inEnglish(after.problem!), /could not be read|is not a list of reference packs/);
  assert.equal(after.packs.length, 1);
  clock.turn(DAY_MS + 1);
  await checkWhenDue(context);
  assert.match(context.said.join('\n'), /reference-packs\.json/);
});

test('where the list of who opted out cannot be written, no other task fails, and the page says why', async (t) => {
  const clock = turningClock();
  const { context, publisher } = await opened(t, clock);
  await publisher.publish(1);
  await fetchFirst(context);
  mkdirSync(path.join(context.dataFolder, 'reference-packs', optOutListOf(`${publisher.out}/`)));
  await publisher.publish(1, { optOuts: parseOptOuts(uuid(5)) });
  clock.turn(DAY_MS + 1);
  await checkWhenDue(context);
  assert.match(context.said.join('\n'), /Writing to .+ failed/);
  assert.match(inEnglish((await view(context)).problem!), /^Writing to .+ failed/);
});

test('what is published anew between the click and the fetch is not fetched unseen', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  const [pack] = (await check(context)).packs;
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  await publisher.publish(2);
  await assert.rejects(run(context), /is not published any more: press "Look for packs"/);
  assert.deepEqual(await context.referencePacks.describe(), []);
  assert.equal(await run(context), 'No reference pack was to be fetched: choose one on the People tab.');
});

test('a fetch that fails leaves nothing that is tried again unasked', async (t) => {
  const { context, publisher } = await opened(t);
  const index = await publisher.publish(1);
  const [pack] = (await check(context)).packs;
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  const { name } = Object.values(index.packs[0]!.files)[0]!.parts[0]!;
  writeFileSync(path.join(publisher.out, name), 'something else');
  await assert.rejects(run(context), /could not be fetched \(.+\): try again later/);
  publisher.restore();
  assert.equal(await run(context), 'No reference pack was to be fetched: choose one on the People tab.');
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  await run(context);
  assert.equal((await context.referencePacks.list())[0]?.problem, null);
});

test('where one of several packs cannot be fetched the others are, and none is tried again unasked', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  publisher.changeIndex(({ packs }) => {
    const [pack] = packs;
    packs.unshift({ ...pack!, manifest: { ...pack!.manifest, id: 'other-people', facePack: 'another-1' } });
    // Under one id there is one pack.
    packs.push(pack!);
  });
  const { packs } = await check(context);
  assert.deepEqual(
    packs.map(({ id }) => id.replace(/--.*/, '')),
    ['other-people', 'test-people'],
  );
  for (const { id } of packs) await runOperation(context, 'packChannel.fetch', { id });
  await assert.rejects(run(context), /another-1/);
  assert.deepEqual(
    (await context.referencePacks.describe()).map(({ id }) => id),
    [packs[1]!.id],
  );
  await runOperation(context, 'packChannel.fetch', { id: packs[1]!.id });
  publisher.changeIndex((index) => void Object.assign(index, { format: 2 }));
  await assert.rejects(run(context), /is not a list of reference packs/);
  publisher.restore();
  assert.equal(await run(context), 'No reference pack was to be fetched: choose one on the People tab.');
});

test('a pack of another face pack is shown with what to do, and not fetched', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  publisher.changeIndex(({ packs: [pack] }) => void (pack!.manifest.facePack = 'another-1'));
  const [pack] = (await check(context)).packs;
  assert.match(
    inEnglish(pack!.problem!),
    /is made for the face pack another-1, and test-1 is in use: change to another-1/,
  );
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  await assert.rejects(run(context), /another-1/);
});

test('who opted out at the publisher is found in no pack, and the list of the user stays', async (t) => {
  const { context, publisher } = await opened(t);
  await publisher.publish(1);
  await fetchFirst(context);
  const [{ id } = { id: '' }] = await context.referencePacks.list();
  assert.equal((await context.referencePacks.person(id, uuid(5)))?.name, 'Person 5');
  const revision = await context.referencePacks.revision();
  await publisher.publish(1, { optOuts: parseOptOuts(uuid(5)) });
  await check(context);
  assert.equal(await context.referencePacks.person(id, uuid(5)), null);
  assert.equal((await context.referencePacks.open())[0]?.vectors.size, PEOPLE);
  assert.notEqual(await context.referencePacks.revision(), revision);
  const folder = path.join(context.dataFolder, 'reference-packs');
  writeFileSync(path.join(folder, 'opted-out.txt'), uuid(6));
  await publisher.publish(1);
  await check(context);
  assert.equal((await context.referencePacks.person(id, uuid(5)))?.name, 'Person 5');
  assert.equal(await context.referencePacks.person(id, uuid(6)), null);
  assert.equal(readFileSync(path.join(folder, 'opted-out.txt'), 'utf8'), uuid(6));
});

test('an address with a password is refused in a sentence, and none is one too', async (t) => {
  const { context } = await opened(t, undefined, 'https://me:secret@packs.example/');
  const shown = await check(context);
  assert.match(
    inEnglish(shown.problem!),
    /^The setting "Reference packs - channel" holds a user name or a password/,
  );
  assert.equal(JSON.stringify(shown).includes('secret'), false);
  const { context: bare } = await opened(t, undefined, '');
  assert.deepEqual([(await check(bare)).address, (await check(bare)).packs], [null, []]);
});

async function opened(t: TestContext, clock = turningClock(), setting?: string) {
  const publisher = openPublisher(t);
  const folder = tempFolder(t);
  const context = await fakeContext(t, smallLibrary(folder), {
    folder,
    settings: { packChannel: setting ?? publisher.out },
    vision: fakeVision(),
    limits: { ...FAST, sliceMs: Infinity },
    now: clock.now,
  });
  return { context, publisher };
}

async function view(context: FakeContext): Promise<Output<'packChannel.view'>> {
  return (await runOperation(context, 'packChannel.view', {})) as Output<'packChannel.view'>;
}

async function check(context: FakeContext): Promise<Output<'packChannel.check'>> {
  return (await runOperation(context, 'packChannel.check', {})) as Output<'packChannel.check'>;
}

/** @returns what the run ends with */
async function run(context: FakeContext): Promise<string> {
  return inEnglish((await runTask(context, fetchReferencePacks, {})).message);
}

async function fetchFirst(context: FakeContext): Promise<void> {
  const [pack] = (await check(context)).packs;
  await runOperation(context, 'packChannel.fetch', { id: pack!.id });
  await run(context);
}

function wholeBytes({ out }: Publisher): number {
  const files = readdirSync(out).filter((name) => /\.(people|vectors)-/.test(name));
  return files.reduce((sum, name) => sum + readFileSync(path.join(out, name)).length, 0);
}
