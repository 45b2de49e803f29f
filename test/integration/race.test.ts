/** Every task beside every operation and every other task, as real processes on one data folder. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Ask, operations, type OperationName } from '../../core/contract/operations.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { openStore } from '../../plugin/store/store.ts';
import { startBoxDouble, type BoxDouble } from '../double/stash-box/box-double.ts';
import { addToBox, PORTRAYED } from '../double/stash-box/portraits.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { endState } from './end-state.ts';
import { runPlugin, type Ended } from './plugin-process.ts';
import { sample } from '../fixtures/sweep.ts';

const TASKS = ['set-up', 'people', 'scan', 'identify', 'build-reference-pack', 'health'] as const;

/** What a page may ask at any moment; what is about one thing is asked of the same one by all. */
const ASKS: { readonly [Name in OperationName]: Ask<Name> } = {
  status: {},
  'packs.choose': { pack: 'portable-1' },
  'referencePacks.list': {},
  'referencePacks.install': { place: '/nowhere' },
  'referencePacks.goBack': { id: 'nothing' },
  'referencePacks.remove': { id: 'nothing' },
  'referencePacks.export': {},
  'referencePacks.pictures': { personIds: ['pack:a/b'] },
  'packPeople.add': { entity: { kind: 'scene', id: '1' }, personKey: 0, personId: 'pack:a/b' },
  'packPeople.reject': { entity: { kind: 'scene', id: '1' }, personKey: 0, personId: 'pack:a/b' },
  'packChannel.view': {},
  'packChannel.check': {},
  'packChannel.fetch': { id: 'nothing' },
  'packChannel.told': {},
  'referencePacks.boxes': {},
  'referencePacks.measure': {},
  'referencePacks.estimate': {},
  'referencePacks.build': {},
  'referencePacks.doubtful': {},
  'referencePacks.learnt': { packId: 'mine-box-example' },
  'pictures.ask': { base64: 'AA==' },
  'stashBoxes.pictures': { pictures: [{ endpoint: 'https://box.example/graphql', imageId: 'a' }] },
  'stashIds.ofPerformer': { performerId: '1' },
  'stashIds.findOne': { performerId: '1', endpoint: 'https://box.example/graphql' },
  'stashIds.create': { suggestionId: '1' },
  'stashBoxes.profile': {
    performerId: '1',
    stashId: { endpoint: 'https://box.example/graphql', stashId: 'a' },
  },
  'stashBoxes.take': {
    performerId: '1',
    stashId: { endpoint: 'https://box.example/graphql', stashId: 'a' },
    taken: {},
  },
  'fingerprints.view': {},
  'fingerprints.set': { endpoint: 'https://box.example/graphql', isOn: false },
  'fingerprints.give': { endpoint: 'https://box.example/graphql' },
  'sceneBoxes.ofScene': { sceneId: '1' },
  'sceneBoxes.findOne': { sceneId: '1', endpoint: 'https://box.example/graphql' },
  'sceneBoxes.profile': {
    sceneId: '1',
    stashId: { endpoint: 'https://box.example/graphql', stashId: 'a' },
  },
  'sceneBoxes.take': {
    sceneId: '1',
    stashId: { endpoint: 'https://box.example/graphql', stashId: 'a' },
    taken: {},
  },
  'stashIds.performers': {},
  'stashIds.list': { performerIds: ['1'] },
  'stashIds.find': { performerIds: ['1'] },
  'people.info': {},
  'people.lookAlikes': {},
  'people.tellApart': { performerIds: ['1', '2'] },
  'people.references': { performerId: '1' },
  'people.use': { performerId: '1', referenceId: '1', use: false },
  'faces.name': { faces: [{ entity: { kind: 'scene', id: '1' }, personKey: 9 }], who: { performerId: '1' } },
  'performer.face': { performerId: '1' },
  'performer.find': { performerId: '1' },
  'faces.hide': { entity: { kind: 'scene', id: '1' }, personKey: 9 },
  'faces.unhide': { hiddenId: '9' },
  'people.hidden': {},
  'faces.unname': { entity: { kind: 'scene', id: '1' }, personKey: 9, performerId: '1' },
  'faces.elsewhere': { entity: { kind: 'scene', id: '1' }, personKey: 0 },
  'faces.usePicture': { entity: { kind: 'scene', id: '1' }, personKey: 9, performerId: '1' },
  'scene.faces': { sceneId: '1' },
  'entity.faces': { entity: { kind: 'gallery', id: '1' } },
  'scene.identify': { sceneId: '1', force: true },
  'entities.identify': { kind: 'image', ids: ['2', '1'] },
  'image.identify': { imageId: '1', force: true },
  'gallery.identify': { galleryId: '1' },
  'frame.identify': { sceneId: '1', timeMs: 1000, region: { x: 0, y: 0, width: 0.5, height: 0.5 } },
  'suggestions.views': { ids: ['1'] },
  'suggestions.list': {},
  'suggestions.accept': { all: { minConfidence: 0.5 } },
  'suggestions.reject': { ids: ['1'] },
  'suggestions.reopen': { ids: ['1'] },
  'entity.add': { entity: { kind: 'image', id: '2' }, performerId: '1', personKey: 0 },
  'entity.reject': { entity: { kind: 'image', id: '2' }, performerId: '1', personKey: 0 },
  'journal.list': {},
  'journal.batch': { batchId: 'run-1' },
  'journal.undo': { ids: ['1'] },
  'health.view': {},
  'health.set': { id: 'scenes-incomplete', isOn: true },
  'runs.dryRun': { runId: '1' },
  'settings.get': {},
  'settings.set': { changes: { cropsPerPerson: 4 } },
  'exclusions.apply': {},
  'runs.failures': {},
  'runs.retry': {},
  'runs.start': { task: 'people' },
  'schedule.get': {},
  'schedule.set': { waitsForQueue: false },
  'schedule.preview': { expression: '0 3 * * *', quietHours: null },
  'schedule.tellPlaying': {},
  'schedule.background': { on: false },
  'schedule.tick': {},
  'setup.consent': { artifacts: [] },
  'data.info': {},
  'data.clear': { what: ['journal'] },
  'data.move': { folder: 'not a whole path' },
  'data.former': { what: 'leave' },
  diagnostics: {},
  stop: { task: 'set-up' },
};
/** As many processes at once as a page and a queue make, and a few more. */
const AT_ONCE = 5;

let folder: string;
let double: StashDouble;
let box: BoxDouble;
let configDir: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-race-'));
  configDir = path.join(folder, 'config');
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  // "scene.identify" looks by itself: a started task would need the plugin installed.
  double.config.plugins['stash-sense'] = { scanImages: true, scanGalleries: true };
  double.library.addPerformer({ name: 'Franck', image: readFileSync(mediaFile('franck_02045.jpg')) });
  double.library.addPerformer({ name: 'Audrey', image: readFileSync(mediaFile('audrey_crop.jpg')) });
  const gallery = double.library.addGallery({ title: 'Album', folder: path.join(folder, 'pictures') });
  mkdirSync(path.join(folder, 'pictures'));
  for (const name of ['franck_02159.jpg', 'audrey.jpg']) addImage(name, gallery.id);
  double.library.addScene({ title: 'No film', fileIds: [] });
  box = await startBoxDouble();
  double.config.stashBoxes = [
    { endpoint: box.endpoint, name: 'The box', api_key: box.key, max_requests_per_minute: 60_000 },
  ];
  // Performers of the library who are linked to the box, and are in no picture.
  for (const portrayed of PORTRAYED.slice(-2)) {
    const { id, name } = addToBox(box, portrayed);
    double.library.addPerformer({
      name,
      stashIds: [{ endpoint: box.endpoint, stash_id: id, updatedAt: 1_700_000_000_000 }],
    });
  }
});

after(async () => {
  await double.close();
  await box.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const task of sample(TASKS, 1))
  test(`every operation is answered while "${task}" runs, and nothing is damaged`, async (t) => {
    const waiting = Object.keys(ASKS) as OperationName[];
    const refusals: string[] = [];
    const running = runPlugin(stash(), { mode: task });
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let name = waiting.shift(); name; name = waiting.shift()) {
          const { output, error } = await ask(name);
          // In one sentence, or in the form of the contract.
          if (error === null) operations[name].output().parse(output);
          else refusals.push(`${name}: ${error}`);
        }
      }),
    );
    const { error } = await running;
    assert.equal(error, null);
    for (const refusal of refusals) assert.match(refusal, /^[\w.]+: [^\n]+[.]$/);
    assert.ok(!refusals.some((it) => /fault|busy|locked/i.test(it)), refusals.join('\n'));
    t.diagnostic(refusals.join(' | ') || 'none refused');
    await checkWhole();
  });

test('all tasks at once end, and leave what one after the other leaves', async () => {
  const data = path.join(configDir, 'stash-sense');
  const from = (): void => {
    rmSync(data, { recursive: true, force: true });
    for (const row of [...double.library.images.all(), ...double.library.galleries.all()])
      row.performerIds = [];
  };
  from();
  for (const mode of TASKS) assert.equal((await runPlugin(stash(), { mode })).error, null);
  const expected = await endState(double.library, data, packInUse.id);
  from();
  const ended = await Promise.all(
    [...TASKS, ...TASKS].map(async (mode) => await runPlugin(stash(), { mode })),
  );
  assert.deepEqual(
    ended.map(({ error }) => error),
    ended.map(() => null),
  );
  assert.deepEqual(await endState(double.library, data, packInUse.id), expected);
});

test('one suggestion accepted and undone by many at once is written once and taken back once', async () => {
  const { items } = (await ask('suggestions.list')).output as { items: { id: string }[] };
  const ids = items.map(({ id }) => id).slice(0, 1);
  const accept = async (): Promise<Ended> =>
    await runPlugin(stash(), { mode: 'suggestions.accept', input: { ids } });
  const accepts = await Promise.all([accept(), accept(), accept(), accept()]);
  const journalIds = accepts.map(
    ({ output }) => (output as { accepted: { journalId: string }[] }).accepted[0]?.journalId,
  );
  assert.equal(new Set(journalIds).size, 1);
  const undo = async (): Promise<Ended> =>
    await runPlugin(stash(), { mode: 'journal.undo', input: { ids: [journalIds[0]] } });
  const undos = (await Promise.all([undo(), undo(), undo()])).map(
    ({ output }) => output as { undone: string[]; refused: unknown[] },
  );
  // Who comes after it was undone has undone nothing, and is refused nothing.
  assert.deepEqual([...new Set(undos.flatMap(({ undone }) => undone))], [journalIds[0]]);
  assert.deepEqual(
    undos.flatMap(({ refused }) => refused),
    [],
  );
  assert.deepEqual(
    double.library.images.all().flatMap(({ performerIds }) => performerIds),
    [],
  );
});

function stash(): { stashUrl: string; configDir: string } {
  return { stashUrl: double.url, configDir };
}

async function ask(name: OperationName): Promise<Ended> {
  return await runPlugin(stash(), { mode: name, input: ASKS[name] });
}

/** Nothing is left planned, held or running. */
async function checkWhole(): Promise<void> {
  const store = await openStore({ folder: path.join(configDir, 'stash-sense') });
  try {
    assert.deepEqual(await store.journal.planned(), []);
    assert.deepEqual(await store.runs.running(), []);
    assert.ok(await store.locks.acquire('inference', 'test', 1000));
    assert.ok(await store.locks.acquire('write', 'test', 1000));
    await store.locks.release('inference', 'test');
    await store.locks.release('write', 'test');
  } finally {
    await store.close();
  }
}

function addImage(name: string, galleryId: string): void {
  const file = path.join(folder, 'pictures', name);
  cpSync(mediaFile(name), file);
  addImageFile(double.library, file, { galleryIds: [galleryId] });
}
