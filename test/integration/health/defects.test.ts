/** Precision and recall of each analyzer of library health on a library of known defects. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEALTH_ANALYZERS, type HealthAnalyzerId } from '../../../core/health/analyzers.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { proposal } from '../../contract/store-samples.ts';
import { check, suggested } from './checking.ts';
import { madeLibrary, type MadeLibrary, type Shown } from './made-library.ts';

const BOX = 'https://box.example/graphql';
const OTHER_BOX = 'https://other.example/graphql';

/** By the analyzer what it has to find, as `scene:4`. */
type Expected = Map<HealthAnalyzerId, Set<string>>;

test('each defect is found, and nothing that is nearly one', async (t) => {
  const made = await madeLibrary(t);
  const expected: Expected = new Map(HEALTH_ANALYZERS.map((id) => [id, new Set<string>()]));
  const people = await addPeople(made, expected);
  await addFaces(made, people, expected);
  await addFiles(made, people, expected);
  await addNames(made, expected);
  await addHashes(made, people, expected);
  await addLookAlikes(made, expected);
  const { context } = made;
  await check(context);

  const rows: (string | number)[][] = [['analyzer', 'defects', 'reported', 'right', 'precision', 'recall']];
  const wrong: string[] = [];
  for (const id of HEALTH_ANALYZERS) {
    const wanted = expected.get(id)!;
    const found = (await suggested(context, id)).map(({ entity }) => `${entity.kind}:${entity.id}`);
    const right = found.filter((one) => wanted.has(one)).length;
    wrong.push(
      ...found.filter((one) => !wanted.has(one)).map((one) => `${id} reports ${one}`),
      ...[...wanted].filter((one) => !found.includes(one)).map((one) => `${id} misses ${one}`),
    );
    const share = (of: number): string => (of === 0 ? '-' : `${((100 * right) / of).toFixed(0)} %`);
    rows.push([id, wanted.size, found.length, right, share(found.length), share(wanted.size)]);
  }
  for (const row of rows) console.log(row.map((cell, n) => String(cell).padEnd(n === 0 ? 28 : 10)).join(''));
  assert.deepEqual(wrong, []);
  for (const [id, wanted] of expected) assert.ok(wanted.size >= 3, `${id}: ${wanted.size} defects`);

  // A second look at what did not change finds the same.
  await check(context);
  for (const [id, wanted] of expected) assert.equal((await suggested(context, id)).length, wanted.size, id);
});

test('the picture that is offered is written, and taken off again by the undo', async (t) => {
  const made = await madeLibrary(t);
  const { context, double } = made;
  const { id: performerId } = double.library.addPerformer({ name: 'Bare' });
  await made.scene({ performerIds: [performerId] });
  await made.learns(performerId, 1);
  await check(context);
  const [offer] = await suggested(context, 'performers-without-picture');
  const { accepted } = await suggestionOperations['suggestions.accept'](context, {
    ids: [offer!.id],
    dryRun: false,
  });
  assert.ok(double.library.performers.get(performerId)?.image);
  const { undone } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.equal(undone.length, 1);
  assert.equal(double.library.performers.get(performerId)?.image, null);
});

test('"they are two" is kept as on the People tab, also for the next look, and can be withdrawn', async (t) => {
  const made = await madeLibrary(t);
  const { context, double } = made;
  const ids = ['Ada', 'Ada B.'].map((name) => double.library.addPerformer({ name, image: PICTURE }).id);
  await made.scene({ performerIds: ids });
  for (const id of ids) await made.learns(id, 2);
  await made.looksAlike(ids[0]!, ids[1]!);
  await check(context);
  const [told] = await suggested(context, 'performers-look-alike');
  const { items } = await suggestionOperations['suggestions.views'](context, { ids: [told!.id] });
  const [view] = items;
  assert.equal(view?.kind === 'performers-look-alike' ? view.view.faces.length : 0, 2);
  await suggestionOperations['suggestions.reject'](context, { ids: [told!.id] });
  const apart = () => context.store.lookAlikes.list('told apart', 10, 0);
  assert.equal((await apart()).total, 1);
  await check(context);
  assert.deepEqual(await suggested(context, 'performers-look-alike'), []);
  await suggestionOperations['suggestions.reopen'](context, { ids: [told!.id] });
  assert.equal((await apart()).total, 0);
  await check(context);
  assert.equal((await suggested(context, 'performers-look-alike')).length, 1);
  assert.equal((await context.store.journal.list({}, 10, 0)).total, 0);
});

test('"they are two" is noted with the rejection or not at all, and once more where that is said again', async (t) => {
  const made = await madeLibrary(t);
  const { context, double } = made;
  const { store } = context;
  const ids = ['Ada', 'Ada B.'].map((name) => double.library.addPerformer({ name, image: PICTURE }).id);
  await made.scene({ performerIds: ids });
  for (const id of ids) await made.learns(id, 2);
  await made.looksAlike(ids[0]!, ids[1]!);
  await check(context);
  const [told] = await suggested(context, 'performers-look-alike');
  const what = { ids: [told!.id] };
  const lookAlikes = { ...store.lookAlikes, tellApart: cutOff, untell: cutOff };
  const killed = { ...context, store: { ...store, lookAlikes } };
  const now = async () => [
    (await store.suggestions.get(told!.id))?.state,
    (await store.lookAlikes.list('told apart', 10, 0)).total,
  ];
  await assert.rejects(() => suggestionOperations['suggestions.reject'](killed, what), /cut off/);
  assert.deepEqual(await now(), ['open', 0]);
  await suggestionOperations['suggestions.reject'](context, what);
  assert.deepEqual(await now(), ['rejected', 1]);
  await assert.rejects(() => suggestionOperations['suggestions.reopen'](killed, what), /cut off/);
  assert.deepEqual(await now(), ['rejected', 1]);
  const pair = await Promise.all(ids.map((id) => store.people.performer(id)));
  await store.lookAlikes.untell([pair[0]!, pair[1]!]);
  await suggestionOperations['suggestions.reject'](context, what);
  assert.deepEqual(await now(), ['rejected', 1], 'one that was lost is noted');
});

test('where hardly any scene has a perceptual hash, it is told of none, and what was told is closed', async (t) => {
  const made = await madeLibrary(t);
  const { context } = made;
  const bare = { fingerprints: [{ type: 'oshash', value: 'a'.repeat(16) }] };
  for (let n = 0; n < 4; n++) await made.scene();
  await made.scene({}, undefined, bare);
  await check(context);
  assert.equal((await suggested(context, 'scenes-without-fingerprints')).length, 1);
  for (let n = 0; n < 3; n++) await made.scene({}, undefined, bare);
  await check(context);
  assert.deepEqual(await suggested(context, 'scenes-without-fingerprints'), []);
});

type People = { readonly usual: readonly string[]; readonly rare: string; readonly unknown: string };

const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

async function addPeople(made: MadeLibrary, expected: Expected): Promise<People> {
  const { library } = made.double;
  const add = (name: string, image: Buffer | null = PICTURE): string =>
    library.addPerformer({ name, image }).id;
  const usual = ['Ada', 'Bea', 'Cid', 'Dan'].map((name) => add(name));
  const [rare, unknown] = [add('Rare'), add('Unknown')];
  for (const id of [...usual, rare]) await made.learns(id, 3);
  for (let n = 0; n < 24; n++) {
    const id = await made.scene({ performerIds: [...usual, rare, unknown] });
    await made.sees(
      id,
      [...usual, ...(n < 6 ? [rare] : [])].map((as): Shown => ({ as })),
    );
  }

  for (let n = 0; n < 3; n++) {
    const id = add(`Without picture ${n}`, null);
    await made.scene({ performerIds: [id] });
    await made.learns(id, 1);
    expected.get('performers-without-picture')!.add(`performer:${id}`);
  }
  for (let n = 0; n < 3; n++) {
    const { id } = library.addPerformer({
      name: `Linked without picture ${n}`,
      image: null,
      ...at(BOX, `p${n}`),
    });
    await made.scene({ performerIds: [id] });
    expected.get('performers-without-picture')!.add(`performer:${id}`);
  }
  const bare = ['no face known', 'only a poor face', 'its crop is lost'].map((name) => add(name, null));
  await made.learns(bare[1]!, 1, 0.2);
  await made.learns(bare[2]!, 1, 0.8, false);
  const withPicture = add('With picture');
  await made.learns(withPicture, 1);
  await made.scene({ performerIds: [...bare, withPicture] });
  return { usual, rare, unknown };
}

async function addFaces(
  made: MadeLibrary,
  { usual, rare, unknown }: People,
  expected: Expected,
): Promise<void> {
  const [ada, bea, cid, dan] = usual as [string, string, string, string];
  const seen = async (performerIds: readonly string[], shown: readonly Shown[]): Promise<string> => {
    const id = await made.scene({ performerIds: [...performerIds] });
    await made.sees(id, shown);
    return `scene:${id}`;
  };
  const wanted = (id: HealthAnalyzerId): Set<string> => expected.get(id)!;
  for (let n = 0; n < 3; n++) {
    wanted('scenes-without-performers').add(await seen([], [{ as: null }]));
    wanted('scenes-without-performers').add(`scene:${await made.scene()}`);
    wanted('performers-not-seen').add(await seen([ada, bea, cid], [{ as: ada }, { as: bea }]));
    const strangers = [
      { as: null, apartFrom: [2] },
      { as: null, apartFrom: [1] },
    ];
    wanted('people-counted').add(await seen([ada], [{ as: ada }, ...strangers]));
    wanted('people-counted').add(await seen([ada, bea, cid, dan], [{ as: ada }, { as: null, faces: 1 }]));
  }
  // Nobody is on it, but somebody is suggested.
  const asked = await made.scene();
  await made.context.store.suggestions.replace({ kind: 'scene', id: asked }, 'faces', [
    proposal(Number(asked), Number(ada)),
  ]);
  await made.scene({ performerIds: [ada] });
  // Nearly not seen: a stranger could be them, they are rarely seen, the pack knows nothing of them, few faces, they could be one of those.
  await seen([ada, bea], [{ as: ada }, { as: null, faces: 2 }]);
  await seen([ada, rare], [{ as: ada }]);
  await seen([ada, unknown], [{ as: ada }]);
  await seen([ada, bea], [{ as: ada, faces: 2 }]);
  await seen([ada, bea], [{ as: ada, orElse: { id: bea, confidence: 0.05 } }]);
  // Nearly more: a face that was seen once, as many as there are, two looks that may be one person.
  await seen([ada], [{ as: ada }, { as: null, faces: 1 }]);
  await seen([ada, unknown], [{ as: ada }, { as: null }]);
  await seen([ada, unknown], [{ as: ada }, { as: null }, { as: null }]);
  // Nearly fewer: those who are missing are rarely seen.
  await seen([ada, rare, unknown], [{ as: null }]);
}

async function addFiles(made: MadeLibrary, { usual }: People, expected: Expected): Promise<void> {
  const performerIds = [usual[0]!];
  const wanted = (id: HealthAnalyzerId): Set<string> => expected.get(id)!;
  for (let n = 0; n < 3; n++) {
    wanted('files-gone').add(`scene:${await made.scene({ performerIds }, [`gone/lost${n}.mp4`])}`);
    wanted('scenes-with-several-files').add(
      `scene:${await made.scene({ performerIds }, [`a${n}.mp4`, `b${n}.mp4`])}`,
    );
  }
  const half = `scene:${await made.scene({ performerIds }, ['here.mp4', 'gone/there.mp4'])}`;
  wanted('files-gone').add(half);
  wanted('scenes-with-several-files').add(half);
  // The disk is not mounted: its folder is missing, or empty. Or no folder of the library holds it.
  for (const place of ['away/1.mp4', 'empty/1.mp4', 'elsewhere/1.mp4'])
    await made.scene({ performerIds }, [place]);

  for (const why of ['media.nothingInIt', 'media.noDescription', 'media.videoHoldsNoFrame'] as const) {
    const id = await made.scene({ performerIds });
    await made.fails(id, why);
    wanted('files-damaged').add(`scene:${id}`);
  }
  for (const why of ['media.programCannotStart', 'media.programWasEnded', 'media.noAnswerWithin'] as const)
    await made.fails(await made.scene({ performerIds }), why);

  const lacking = [{ date: null }, { studioId: null }, { cover: null }, { date: null, studioId: null }];
  for (const [n, lacks] of lacking.entries())
    wanted('scenes-incomplete').add(
      `scene:${await made.scene({ performerIds, ...at(BOX, `scene-${n}`), ...lacks })}`,
    );
  await made.scene({ performerIds, ...at(BOX, 'scene-9') });
  for (const lacks of lacking) await made.scene({ performerIds, ...lacks });
}

async function addNames(made: MadeLibrary, expected: Expected): Promise<void> {
  const { library } = made.double;
  const wanted = (id: HealthAnalyzerId): Set<string> => expected.get(id)!;
  const used = { tags: [] as string[], studios: [] as string[], performers: [] as string[] };
  const tag = (name: string, over = {}): string => {
    const { id } = library.addTag({ name, ...over });
    used.tags.push(id);
    return id;
  };
  const studio = (name: string, over = {}): string => {
    const { id } = library.addStudio({ name, ...over });
    used.studios.push(id);
    return id;
  };
  wanted('same-studios-and-tags').add(`studio:${studio('North', at(BOX, 'n'))}`);
  studio('Nord', at(BOX, 'n'));
  wanted('same-studios-and-tags').add(`studio:${studio('South')}`);
  studio('Sud', { aliases: ['south'] });
  wanted('same-studios-and-tags').add(`tag:${tag('Indoors', at(BOX, 't'))}`);
  tag('Inside', at(BOX, 't'));
  wanted('same-studios-and-tags').add(`tag:${tag('Outdoors')}`);
  tag('Outside', { aliases: ['OUTDOORS'] });
  // The same id at another stash-box, a studio and a tag of one name, names that are nearly the same.
  studio('East', at(OTHER_BOX, 'n'));
  tag('Of another box', at(OTHER_BOX, 't'));
  studio('Beach');
  tag('Beach');
  tag('Sea side');
  tag('Seaside');

  for (let n = 0; n < 2; n++) {
    wanted('nothing-uses-it').add(`tag:${library.addTag({ name: `Empty tag ${n}` }).id}`);
    wanted('nothing-uses-it').add(`studio:${library.addStudio({ name: `Empty studio ${n}` }).id}`);
    wanted('nothing-uses-it').add(
      `performer:${library.addPerformer({ name: `Nobody ${n}`, image: PICTURE }).id}`,
    );
  }
  library.addPerformer({ name: 'Favorite', image: PICTURE, favorite: true });
  library.addPerformer({ name: 'With fields', image: PICTURE, customFields: { mine: '1' } });
  const network = library.addStudio({ name: 'Network' }).id;
  library.addStudio({ name: 'Kept', favorite: true });
  studio('Child', { parentIds: [network] });
  const above = library.addTag({ name: 'Above' }).id;
  tag('Below', { parentIds: [above] });
  const ofPerformer = library.addTag({ name: 'Of a performer' }).id;
  const inPicture = library.addPerformer({ name: 'In a picture', image: PICTURE, tagIds: [ofPerformer] }).id;
  library.addImage({ performerIds: [inPicture], tagIds: used.tags });
  for (const studioId of used.studios) library.addGallery({ studioId });
}

function oshash(n: number) {
  return { type: 'oshash', value: `f${n}`.padStart(16, '0') };
}

async function addHashes(made: MadeLibrary, { usual }: People, expected: Expected): Promise<void> {
  const performerIds = [usual[0]!];
  const wanted = expected.get('scenes-without-fingerprints')!;
  for (let n = 0; n < 3; n++)
    wanted.add(`scene:${await made.scene({ performerIds }, undefined, { fingerprints: [oshash(n)] })}`);
  wanted.add(`scene:${await made.scene({ performerIds }, undefined, { fingerprints: [] })}`);
  // Too short for one, and of a length that nobody knows.
  for (const duration of [1, 0])
    await made.scene({ performerIds }, undefined, { duration, fingerprints: [oshash(7 + duration)] });
}

async function addLookAlikes(made: MadeLibrary, expected: Expected): Promise<void> {
  const { library } = made.double;
  const { store } = made.context;
  const pair = async (name: string): Promise<readonly [string, string]> => {
    const ids = ['', ' again'].map(
      (more) => library.addPerformer({ name: `${name}${more}`, image: PICTURE }).id,
    );
    await made.scene({ performerIds: ids });
    for (const id of ids) await made.learns(id, 2);
    return [ids[0]!, ids[1]!];
  };
  for (let n = 0; n < 3; n++) {
    const [one, other] = await pair(`Twice ${n}`);
    await made.looksAlike(one, other);
    expected.get('performers-look-alike')!.add(`performer:${one}`);
  }
  // Told apart by the user, and not alike.
  const [one, other] = await pair('Twin');
  await made.looksAlike(one, other);
  const [first, second] = await Promise.all([one, other].map((id) => store.people.performer(id)));
  await store.lookAlikes.tellApart([first!, second!], 1);
  await pair('Somebody');
}

function at(endpoint: string, id: string) {
  return { stashIds: [{ endpoint, stash_id: id, updatedAt: 0 }] };
}

function cutOff(): never {
  throw new Error('cut off');
}
