/** The gallery in its file: searched as people in memory are, and made anew whatever becomes of the file. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createMatcher, type IdentifiedGroup } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { Gallery, GallerySource, OpenGallery } from '../../core/ports/gallery.ts';
import { createExactIndex } from '../../models/index/exact.ts';
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import { createNativeSearch } from '../../models/index/native-search.ts';
import { loadUsearch } from '../../models/index/usearch.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import { galleryFile } from '../../plugin/system/files/gallery-files.ts';
import { hasModes } from '../../plugin/system/files/own-files.ts';
import { tempFolder } from '../fakes/context.ts';
import { CALIBRATION } from '../fixtures/calibration.ts';
import { memorySource, probesOf, randomPeople } from '../fixtures/gallery.ts';
import { bundleChild } from './store-bundle.ts';

const DIMENSIONS = 128;
const PACK = 'test-1';
const people = randomPeople(3000, DIMENSIONS);
const probes = probesOf(people, 250);
const expected = await identify(
  await createMemoryGallery(people, (dimensions) => Promise.resolve(createExactIndex(dimensions))),
);

async function identify(
  gallery: Gallery,
  clusters: readonly FaceCluster[] = probes,
): Promise<IdentifiedGroup[]> {
  const matcher = createMatcher(gallery, { calibration: CALIBRATION.matching });
  return await matcher.identify(clusters.map((cluster) => [cluster]));
}

type Opening = { open: OpenGallery; said: string[] };

/** Many probes are searched by usearch, which must load where the tests run. */
function opening(folder: string, source: GallerySource): Opening {
  const said: string[] = [];
  const log = {
    debug: (line: string): void => void said.push(`debug ${line}`),
    warn: (line: string): void => void said.push(`warn ${line}`),
    error: (line: string): void => void said.push(`error ${line}`),
  };
  const open = createOpenGallery({
    dataFolder: folder,
    name: 'performers',
    source,
    log,
    search: {
      packId: PACK,
      createPlainRowSearch: (vectors) => createQuantizedSearch(vectors),
      createRowSearch(vectors) {
        const { compareAll } = loadUsearch([], 2);
        assert.ok(compareAll);
        const exact = createQuantizedSearch(vectors);
        return Promise.resolve(
          createNativeSearch(vectors, {
            compareAll,
            exact,
            isExactFaster: () => Promise.resolve(false),
            log,
          }),
        );
      },
    },
  });
  return { open, said };
}

test('some thousand people in a file give the answers that they give in memory', async (t) => {
  const folder = tempFolder(t);
  const first = opening(folder, memorySource(people));
  assert.deepEqual(await identify(await first.open('few probes')), expected);
  assert.deepEqual(await identify(await first.open('many probes')), expected);
  const source = memorySource(people);
  const second = opening(folder, source);
  const gallery = await second.open('few probes');
  assert.equal(source.pagesRead, 0);
  assert.deepEqual({ size: gallery.size, version: gallery.version }, { size: people.length, version: 1 });
  assert.deepEqual(await identify(gallery), expected);
  assert.deepEqual([...first.said, ...second.said], []);
});

const damages: { what: string; says: RegExp | null; damage: (file: string) => void }[] = [
  { what: 'empty', says: /too few for a header/, damage: (file) => writeFileSync(file, '') },
  { what: 'cut in its header', says: /ends within its header/, damage: (file) => cut(file, 100) },
  {
    what: 'cut in its content',
    says: /by its header it should have/,
    damage: (file) => cut(file, statSync(file).size - 1),
  },
  {
    what: 'longer than it was',
    says: /by its header it should have/,
    damage: (file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(1)])),
  },
  { what: 'of another magic', says: /does not begin as a gallery file/, damage: (file) => flip(file, 0) },
  {
    what: 'of another format',
    says: /format is version 3, and this one reads 1/,
    damage: (file) => flip(file, 8),
  },
  { what: 'with a header of any length', says: /ends within its header/, damage: (file) => flip(file, 15) },
  {
    what: 'with a flipped bit in its header',
    says: /header does not have its checksum/,
    damage: (file) => flip(file, 30),
  },
  {
    what: 'with a flipped bit in its content',
    says: /content does not have the checksum/,
    damage: (file) => flip(file, statSync(file).size - 5000),
  },
  {
    what: 'of other dimensions',
    says: /by its header it should have/,
    damage: (file) => rewrite(file, { dimensions: 64 }),
  },
  {
    what: 'of more people than any memory holds',
    says: /by its header it should have/,
    damage: (file) => rewrite(file, { dimensions: 8000, people: 9_000_000 }),
  },
  {
    what: 'of another encoding',
    says: /header is not readable/,
    damage: (file) => rewrite(file, { encoding: 'f8' }),
  },
  { what: 'of another pack', says: null, damage: (file) => rewrite(file, { packId: 'other' }) },
  { what: 'of another version', says: null, damage: (file) => rewrite(file, { version: 77 }) },
];
for (const { what, says, damage } of damages)
  test(`a gallery file that is ${what} is made anew`, async (t) => {
    const folder = tempFolder(t);
    const few = people.slice(0, 300);
    const vectors = galleryFile(folder, 'performers');
    await opening(folder, memorySource(few)).open('few probes');
    const whole = readFileSync(vectors);
    damage(vectors);
    assert.notDeepEqual(readFileSync(vectors), whole);
    const source = memorySource(few);
    const { open, said } = opening(folder, source);
    assert.equal((await open('few probes')).size, few.length);
    assert.equal(source.pagesRead, 3);
    assert.deepEqual(readFileSync(vectors), whole);
    if (says === null) assert.deepEqual(said, []);
    else
      assert.match(
        said.join('\n'),
        new RegExp(`^warn .*gallery-performers.vectors is not used.*${says.source}`),
      );
  });

test(
  'a link in its place is replaced, and what it points at stays as it is',
  { skip: !hasModes },
  async (t) => {
    const folder = tempFolder(t);
    const other = path.join(tempFolder(t), 'other');
    writeFileSync(other, 'mine');
    const vectors = galleryFile(folder, 'performers');
    symlinkSync(other, vectors);
    assert.equal((await opening(folder, memorySource(people.slice(0, 10))).open('few probes')).size, 10);
    assert.equal(readFileSync(other, 'utf8'), 'mine');
    assert.equal(statSync(vectors).mode & 0o777, 0o600);
  },
);

test('where it cannot be written the gallery is read from the source', async (t) => {
  const folder = path.join(tempFolder(t), 'nowhere');
  const { open } = opening(folder, memorySource(people));
  assert.deepEqual(await identify(await open('many probes')), expected);
});

test('with another version of the people it is made anew, and no index is kept beside it', async (t) => {
  const folder = tempFolder(t);
  const source = memorySource(people.slice(0, 2000));
  const { open } = opening(folder, source);
  await identify(await open('many probes'));
  assert.deepEqual(names(folder), ['gallery-performers.vectors']);
  source.people = people;
  source.now = 2;
  assert.equal((await open('few probes')).size, 3000);
  assert.deepEqual(names(folder), ['gallery-performers.vectors']);
});

test('who has changed since the version that was searched is named', async (t) => {
  const source = memorySource(people.slice(0, 50));
  const gallery = await opening(tempFolder(t), source).open('few probes');
  const before = new Map(gallery.signatures());
  const [first, second, third] = people as [GalleryPerson, GalleryPerson, GalleryPerson];
  source.people = [{ ...first, name: 'Another name' }, third];
  const { persons, changed } = await gallery.references([first.id, second.id, third.id]);
  assert.deepEqual([...changed].toSorted(), [first.id, second.id]);
  assert.deepEqual([...persons.keys()].toSorted(), [first.id, third.id]);
  source.now++;
  const [probe] = probesOf([second], 1);
  assert.deepEqual(
    (await identify(gallery, [probe!])).map(({ isCurrent }) => isCurrent),
    [false],
  );
  const after = new Map((await opening(tempFolder(t), source).open('few probes')).signatures());
  assert.notEqual(after.get(first.id), before.get(first.id));
  assert.equal(after.get(third.id), before.get(third.id));
});

test('files that a killed process left half written are swept, and one that is being written stays', async (t) => {
  const folder = tempFolder(t);
  const { open } = opening(folder, memorySource(people.slice(0, 20)));
  await open('few probes');
  const vectors = galleryFile(folder, 'performers');
  for (const file of [`${vectors}.0123abcd.part`, `${vectors}.4567abcd.part`]) writeFileSync(file, 'half');
  utimesSync(`${vectors}.0123abcd.part`, 1, 1);
  await opening(folder, memorySource(people.slice(0, 20))).open('few probes');
  assert.deepEqual(names(folder), ['gallery-performers.vectors', 'gallery-performers.vectors.4567abcd.part']);
});

test('processes that make the same file, some of them killed, leave one that is whole', async (t) => {
  const folder = tempFolder(t);
  const child = await bundleChild('gallery-child.ts', tempFolder(t));
  const start = (killAfterMs: number): Promise<unknown> =>
    promisify(execFile)(process.execPath, [child, folder, String(killAfterMs)]).catch(() => null);
  await Promise.all([start(0), start(0), start(300), start(400), start(500)]);
  const source = memorySource(randomPeople(2000, 64, 5));
  const { open, said } = opening(folder, source);
  assert.equal((await open('few probes')).size, 2000);
  assert.deepEqual({ pagesRead: source.pagesRead, said }, { pagesRead: 0, said: [] });
});

function names(folder: string): string[] {
  return readdirSync(folder).toSorted();
}

function cut(file: string, bytes: number): void {
  writeFileSync(file, readFileSync(file).subarray(0, bytes));
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 2;
  writeFileSync(file, bytes);
}

/** With a header that claims something else and has its checksum. */
function rewrite(file: string, change: Readonly<Record<string, unknown>>): void {
  const bytes = readFileSync(file);
  const length = bytes.readUInt32LE(12);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + length)) as object;
  const text = Buffer.from(JSON.stringify({ ...header, ...change }));
  const fixed = Buffer.from(bytes.subarray(0, 16));
  fixed.writeUInt32LE(text.length, 12);
  const head = Buffer.concat([fixed, text]);
  const sha256 = createHash('sha256').update(head).digest();
  writeFileSync(file, Buffer.concat([head, sha256, bytes.subarray(16 + length + 32)]));
}
