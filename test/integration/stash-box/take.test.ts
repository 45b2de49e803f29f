/**
What a stash-box knows of a performer beside what Stash has, what is taken over of it, and its undo. On the double over HTTP; on a
real Stash with STASH_URL, of an address that may be filled with performers. The stash-box is one in memory.
*/
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { FieldValues } from '../../../core/changes/change.ts';
import type { Output } from '../../../core/contract/operations.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import type { Taken } from '../../../core/stash-box/taken.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { openChangeWorld, type ChangeWorld } from '../../fixtures/changes/world.ts';

let folder: string;
let world: ChangeWorld;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-take-'));
  world = await openChangeWorld(path.join(folder, 'config'));
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2Q==', 'base64');

/** With something for every field that a stash-box has. */
const ALL: Partial<BoxPerformer> = {
  disambiguation: 'the first',
  aliases: ['Countess'],
  gender: 'FEMALE',
  birthDate: '1815-12-10',
  deathDate: '1852-11-27',
  country: 'GB',
  ethnicity: 'CAUCASIAN',
  hairColor: 'BROWN',
  eyeColor: 'BLUE',
  heightCm: 165,
  bandSize: 34,
  cupSize: 'B',
  waistSize: 24,
  hipSize: 36,
  breastType: 'NATURAL',
  careerStartYear: 1833,
  tattoos: [{ location: 'arm', description: null }],
  piercings: [{ location: 'ear', description: null }],
  urls: ['https://www.example.org/people/ada'],
};

test('of somebody of whom Stash has the name alone all is proposed but what they are called; undone, all is as before', async (t) => {
  const { context, box, entity, ask } = await opened(t);
  box.add(1, ['picture'], { ...ALL, name: 'Ada Lovelace' });
  box.pictures.set(imageId(box), JPEG);
  const { offers, imageId: shown } = await ask();
  assert.equal(shown, imageId(box));
  assert.deepEqual(
    offers.filter(({ isProposed }) => !isProposed).map(({ field }) => field),
    ['name', 'disambiguation'],
  );
  assert.deepEqual(offers.find(({ field }) => field === 'aliases')?.theirs, ['Ada Lovelace', 'Countess']);
  assert.equal(offers.length, 18);

  const untouched = await everythingOf(entity);
  const proposed = offers.filter(({ isProposed }) => isProposed);
  const { accepted, refused } = await accept(context, entity, ticked(proposed));
  assert.deepEqual(refused, []);
  const { values } = await world.read(entity);
  assert.deepEqual(given(values), {
    ...given((await everythingOf(entity)).values),
    aliases: ['Ada Lovelace', 'Countess'],
    birthdate: '1815-12-10',
    careerLength: '1833 -',
    country: 'GB',
    deathDate: '1852-11-27',
    ethnicity: 'Caucasian',
    eyeColor: 'Blue',
    fakeTits: 'Natural',
    gender: 'FEMALE',
    hairColor: 'Brown',
    heightCm: 165,
    measurements: '34B-24-36',
    piercings: 'ear',
    stashIds: [{ endpoint: BOX, stashId: boxId(1) }],
    tattoos: 'arm',
    urls: ['https://www.example.org/people/ada'],
  });
  assert.equal(values['disambiguation'], null);
  assert.deepEqual((await everythingOf(entity)).picture, JPEG.toString('base64'));
  // Their name is an alias here now.
  assert.deepEqual(
    (await ask()).offers.map(({ field }) => field),
    ['disambiguation'],
  );

  const { undone } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.equal(undone.length, 1);
  assert.deepEqual(await everythingOf(entity), untouched);
});

test('what the user wrote is offered side by side, replaced where it was ticked, and comes back with the undo', async (t) => {
  const mine = {
    birthdate: '1816-01-01',
    country: 'IE',
    aliases: ['Augusta'],
    urls: ['http://example.org/people/ada/'],
  };
  const { context, box, entity, ask } = await opened(t, mine);
  box.add(1, [], { ...ALL, name: 'Ada Lovelace', aliases: ['AUGUSTA'] });
  const { offers } = await ask();
  const of = (field: string) => offers.find((offer) => offer.field === field);
  assert.deepEqual(
    ['birthdate', 'country', 'aliases'].map((field) => [
      of(field)?.mine,
      of(field)?.theirs,
      of(field)?.isProposed,
    ]),
    [
      ['1816-01-01', '1815-12-10', false],
      ['IE', 'GB', false],
      [['Augusta'], ['Ada Lovelace'], false],
    ],
  );
  assert.equal(of('urls'), undefined, 'the same page, written otherwise');
  assert.equal(of('picture'), undefined, 'the stash-box has none');

  const untouched = await everythingOf(entity);
  const { accepted } = await accept(context, entity, ticked([of('birthdate')!, of('aliases')!]));
  const { values } = await world.read(entity);
  assert.deepEqual(
    [values['birthdate'], values['country'], values['aliases'], values['hairColor']],
    ['1815-12-10', 'IE', ['Ada Lovelace', 'Augusta'], null],
  );
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(await everythingOf(entity), untouched);
});

test('a name that is taken over is no alias too, and none that somebody else has', async (t) => {
  const { context, box, entity, ask } = await opened(t);
  const named = `Ada ${entity.id}`;
  box.add(1, [], { name: named, aliases: [`Countess ${entity.id}`] });
  const untouched = await everythingOf(entity);
  const wanted = (await ask()).offers.filter(({ field }) => field === 'name' || field === 'aliases');
  const { accepted } = await accept(context, entity, ticked(wanted));
  const { values } = await world.read(entity);
  assert.deepEqual([values['name'], values['aliases']], [named, [`Countess ${entity.id}`]]);
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(await everythingOf(entity), untouched);

  const other = await world.fresh('performer');
  await world.set(other, { name: named });
  const { refused } = await accept(context, entity, ticked(wanted.filter(({ field }) => field === 'name')));
  assert.match(inEnglish(refused[0]!.reason), /Another performer is called Ada \d+ already/);
  assert.deepEqual(await everythingOf(entity), untouched);
  await world.set(entity, { aliases: [named] });
  assert.deepEqual(
    (await ask()).offers.filter(({ field }) => field === 'name'),
    [],
    'it is an alias here',
  );
});

test('nothing is written that was not shown: what Stash or the stash-box says has changed since', async (t) => {
  const { context, box, entity, ask } = await opened(t);
  box.add(1, [], { ...ALL, name: 'Ada Lovelace' });
  const offers = ticked(
    (await ask()).offers.filter(({ field }) => field === 'country' || field === 'birthdate'),
  );
  await world.set(entity, { country: 'FR' });
  const mine = await accept(context, entity, offers);
  assert.match(inEnglish(mine.refused[0]!.reason), /has changed since \(country\): look once more/);
  await world.set(entity, { country: null });
  box.add(1, [], { ...ALL, name: 'Ada Lovelace', birthDate: '1816-12-10' });
  const theirs = await accept(context, entity, offers);
  assert.match(inEnglish(theirs.refused[0]!.reason), /has changed since \(birthdate\): look once more/);
  assert.deepEqual((await world.read(entity)).values['stashIds'], []);
  const { accepted } = await accept(context, entity, ticked((await ask()).offers.slice(0, 1)));
  assert.equal(accepted.length, 1);
});

test('accepted together with others nothing is taken over but the id, and choices of another shape are refused', async (t) => {
  const { context, box, entity } = await opened(t);
  box.add(1, ['picture'], { ...ALL, name: 'Ada Lovelace' });
  const untouched = given((await world.read(entity)).values);
  for (const take of [{ tags: 'x' }, { birthdate: 7 }, ['birthdate']]) {
    const { refused } = await accept(context, entity, take as never);
    assert.equal(refused.length, 1, JSON.stringify(take));
  }
  await propose(context, entity);
  await suggestionOperations['suggestions.accept'](context, {
    all: { minConfidence: 0, state: 'open' },
    limit: 20,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual(given((await world.read(entity)).values), {
    ...untouched,
    stashIds: [{ endpoint: BOX, stashId: boxId(1) }],
  });
  assert.deepEqual(box.calls, [], 'the stash-box is not asked');
});

test('a picture of the user is never replaced, and one that somebody changed since is theirs', async (t) => {
  const { context, box, entity, ask } = await opened(t);
  box.add(1, ['picture'], { ...ALL, name: 'Ada Lovelace' });
  box.pictures.set(imageId(box), JPEG);
  const picture = (await ask()).offers.filter(({ field }) => field === 'picture');
  const theirs = Buffer.from([...JPEG, 1]).toString('base64');
  await setPicture(entity, theirs);
  assert.deepEqual(
    (await ask()).offers.filter(({ field }) => field === 'picture'),
    [],
  );
  const { refused } = await accept(context, entity, ticked(picture));
  assert.match(inEnglish(refused[0]!.reason), /has changed since \(picture\)/);
  await setPicture(entity, null);
  const { accepted } = await accept(context, entity, ticked(picture));
  assert.equal((await everythingOf(entity)).picture, JPEG.toString('base64'));
  await setPicture(entity, theirs);
  const late = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.match(
    inEnglish(late.refused[0]!.reason),
    /The picture of .* is another one by now: somebody else has changed it\./,
  );
  assert.equal((await everythingOf(entity)).picture, theirs);
});

test('a stash-box that does not answer costs the link, and a picture that is not there only itself', async (t) => {
  const { context, box, entity, ask } = await opened(t);
  box.add(1, ['picture'], { ...ALL, name: 'Ada Lovelace' });
  box.pictures.set(imageId(box), JPEG);
  const offers = ticked(
    (await ask()).offers.filter(({ field }) => field === 'picture' || field === 'country'),
  );
  box.before = fails('performers ');
  const down = await accept(context, entity, offers);
  assert.deepEqual(inEnglish(down.refused[0]!.reason), 'it is down');
  assert.deepEqual((await world.read(entity)).values['stashIds'], []);
  box.before = fails('picture ');
  const { accepted } = await accept(context, entity, offers);
  assert.match(inEnglish(accepted[0]!.note!), /it is down/);
  assert.equal((await world.read(entity)).values['country'], 'GB');
  assert.equal((await everythingOf(entity)).picture, null);
});

test('of who is linked already it is taken over without a suggestion, and not of who is not', async (t) => {
  const { context, box, entity, ask, at } = await opened(t);
  box.add(1, [], { ...ALL, name: 'Ada Lovelace' });
  const taken = ticked((await ask()).offers.filter(({ field }) => field === 'country'));
  await assert.rejects(
    async () => await stashBoxOperations['stashBoxes.take'](context, { ...at, taken }),
    /does not have this stash ID of box\.example any more/,
  );
  await world.set(entity, { stashIds: [at.stashId] });
  const untouched = await everythingOf(entity);
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  assert.deepEqual(await stashBoxOperations['stashBoxes.take'](dry, { ...at, taken }), {
    journalId: null,
    dryRun: true,
    note: null,
  });
  assert.deepEqual(await everythingOf(entity), untouched);
  const { journalId } = await stashBoxOperations['stashBoxes.take'](context, { ...at, taken });
  assert.equal((await world.read(entity)).values['country'], 'GB');
  await undo(context, { ids: [journalId!] });
  assert.deepEqual(await everythingOf(entity), untouched);
});

function fails(call: string) {
  return (asked: string): void => {
    if (asked.startsWith(call)) throw new StashSenseError('stash-box-unreachable', plain('it is down'));
  };
}

type Offers = Output<'stashBoxes.profile'>['offers'];

async function opened(t: TestContext, values: FieldValues = {}) {
  const box = memoryBox();
  const context = await fakeContext(t, world.stash, { stashBoxes: box });
  const entity = await world.fresh('performer');
  // The next one of a test gets the same.
  t.after(async () => await world.set(entity, { stashIds: [], aliases: [] }));
  if (Object.keys(values).length > 0) await world.set(entity, values);
  const at = { performerId: entity.id, stashId: { endpoint: BOX, stashId: boxId(1) }, imageId: null };
  const ask = async (): Promise<Output<'stashBoxes.profile'>> =>
    await stashBoxOperations['stashBoxes.profile'](context, at);
  return { context, box, entity, at, ask };
}

function ticked(offers: Offers): Taken {
  return Object.fromEntries(offers.map(({ field, revision }) => [field, revision]));
}

function imageId(box: MemoryBox): string {
  return box.performers.get(boxId(1))!.images[0]!.id;
}

async function propose({ store }: FakeContext, entity: StashRef): Promise<string> {
  const about = { kind: 'performer', id: entity.id } as const;
  await store.suggestions.replace(about, 'test', [
    {
      kind: 'performer-stash-id',
      entity: about,
      entityTitle: 'Ada',
      target: null,
      targetName: '',
      severity: 'info',
      confidence: 0.99,
      payload: { stashId: { endpoint: BOX, stashId: boxId(1) } },
      evidence: {
        signs: [],
        isStrong: true,
        name: 'Ada',
        disambiguation: '',
        birthDate: null,
        country: null,
        imageId: null,
      },
      analyzer: 'test',
      analyzerVersion: 1,
    },
  ]);
  return (await store.suggestions.list({ entity: about, state: 'open' }, 'newest', 1, 0)).items[0]!.id;
}

async function accept(context: FakeContext, entity: StashRef, take: Taken) {
  const id = await propose(context, entity);
  const choices = { [id]: { take } };
  return await suggestionOperations['suggestions.accept'](context, { ids: [id], choices, dryRun: false });
}

/** All that Stash has of a performer, but when it was changed. */
async function everythingOf(entity: StashRef) {
  const { values, identity } = await world.read(entity);
  const usage = await world.stash.library.usage('performer', entity.id);
  const bytes = usage?.picturePath && (await world.stash.library.fetchMedia(usage.picturePath, 1 << 20));
  return { values, identity, picture: bytes ? Buffer.from(bytes).toString('base64') : null };
}

/** Without what is empty. */
function given(values: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([, value]) => !(value === null || (Array.isArray(value) && value.length === 0)),
    ),
  );
}

async function setPicture({ id }: StashRef, base64: string | null): Promise<void> {
  const image = base64 === null ? null : `data:image/jpeg;base64,${base64}`;
  await world.ask('mutation($input: PerformerUpdateInput!) { performerUpdate(input: $input) { id } }', {
    input: { id, image },
  });
}
