/** Reference packs that are taken in from a folder or a zip. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { zipSync } from 'fflate';
import { inEnglish } from '../../../core/messages/english.ts';
import { StashSenseError } from '../../../core/errors.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { hasModes } from '../../../plugin/system/files/own-files.ts';
import { sweepReferencePacks } from '../../../plugin/reference-packs/folders.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { bundleChild } from '../store-bundle.ts';

const HOOK = new URL('../../fixtures/fs-hook.mjs', import.meta.url).href;
const COUNT = 40;

type Files = Record<string, Uint8Array>;
let whole: Files;

before(async () => {
  const folder = tempFolder({ after: () => undefined });
  await writeReferencePack(referencePacksIn(folder).packs, packEntries(COUNT), { version: '2' });
  const place = path.join(folder, 'reference-packs', 'test-people');
  whole = Object.fromEntries(
    readdirSync(place).map((name) => [name, Uint8Array.from(readFileSync(path.join(place, name)))]),
  );
});

/** A data folder with an older pack of the same id. */
async function inUse(t: Parameters<typeof tempFolder>[0]) {
  const data = tempFolder(t);
  const { packs, said } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(3));
  return { data, packs, said };
}

function asZip(t: Parameters<typeof tempFolder>[0], files: Files): string {
  const file = path.join(tempFolder(t), 'pack.zip');
  writeFileSync(file, zipSync(files));
  return file;
}

function asFolder(t: Parameters<typeof tempFolder>[0], files: Files): string {
  const folder = tempFolder(t);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

const within = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

const nameOf = (part: string): string => Object.keys(whole).find((name) => name.startsWith(part))!;

for (const [what, place] of [
  ['a folder', asFolder],
  ['a zip', asZip],
  [
    'a zip of a folder, with other files in it',
    (t: Parameters<typeof tempFolder>[0], files: Files) =>
      asZip(t, {
        'my pack/read me.txt': Buffer.from('hello'),
        ...within('my pack', files),
        '__MACOSX/manifest.json': Buffer.from('no'),
        '../../../outside.txt': Buffer.from('slipped'),
        'my pack/../../outside.txt': Buffer.from('slipped'),
      }),
  ],
] as const)
  test(`${what} is taken in, in place of an older pack`, async (t) => {
    const { data, packs } = await inUse(t);
    const manifest = await packs.install(place(t, whole));
    assert.deepEqual([manifest.id, manifest.version, manifest.people], ['test-people', '2', COUNT]);
    assert.equal((await packs.open())[0]?.vectors.size, COUNT);
    assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), ['test-people']);
    // The version before is kept beside it.
    assert.equal(readdirSync(path.join(data, 'reference-packs', 'test-people')).length, 6);
    assert.equal(readdirSync(data).includes('outside.txt'), false);
  });

const cases: readonly (readonly [what: string, files: () => Files, says: RegExp])[] = [
  ['without a manifest', () => without('manifest'), /no manifest\.json/],
  ['with two manifests', () => ({ ...whole, ...within('x', whole) }), /no manifest\.json/],
  [
    'with a manifest of 2 MB',
    () => changed({ licenseNote: 'x'.repeat(2_000_000) }),
    /no manifest\.json|more than the 1 MB/,
  ],
  ['without its vectors', () => without('vectors'), /vectors-.*\.bin is not a file/],
  ['with another bit in the vectors', () => flipped('vectors'), /does not (have the checksum|hold)/],
  ['with another bit in the people', () => flipped('people'), /does not (have the checksum|hold)/],
  ['with more bytes than it says', () => longer('people'), /bytes, and .* were expected/],
  ['of a future format', () => changed({ format: 7 }), /update Stash Sense/],
  ['of another face pack', () => changed({ facePack: 'x-1' }), /made with the face pack x-1/],
  ['with a name that leaves the folder', () => changed({ id: '../../x' }), /is not that of a reference pack/],
  [
    'with a file that leaves the folder',
    () => changed({ files: { '../x.bin': { bytes: 1, sha256: 'a'.repeat(64) } } }),
    /is not that of a reference pack/,
  ],
  [
    'with records that are no people',
    () => withRecords((text) => text.replace('"Person 3"', '         3')),
    /people does not hold/,
  ],
  [
    'whose index does not find somebody',
    () => withRecords((text) => text.replace('Person 3', 'Pers')),
    /does not hold/,
  ],
];
for (const [what, files, says] of cases)
  for (const [how, place] of [
    ['folder', asFolder],
    ['zip', asZip],
  ] as const) {
    if (how === 'folder' && what === 'with two manifests') continue;
    test(`a ${how} ${what} is refused, and what was in use stays`, async (t) => {
      const { data, packs } = await inUse(t);
      const from = place(t, files());
      const error = await packs.install(from).then(
        () => assert.fail('it was taken in'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof StashSenseError && error.code === 'bad-input', String(error));
      assert.match(inEnglish(error.said), says);
      assert.equal((await packs.open())[0]?.vectors.size, 3);
      assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), ['test-people']);
    });
  }

test('what is no pack is refused in a sentence', async (t) => {
  const { packs } = await inUse(t);
  const text = path.join(tempFolder(t), 'text.zip');
  writeFileSync(text, 'hello');
  for (const place of [
    path.join(text, 'x'),
    '/nowhere',
    text,
    tempFolder(t),
    ...(hasModes ? ['/dev/zero'] : []),
  ])
    await assert.rejects(packs.install(place), (error: StashSenseError) =>
      /was not installed|failed/.test(inEnglish(error.said)),
    );
});

test('a path that is not whole is looked for, and where nothing is it is said where that was', async (t) => {
  const { packs } = await inUse(t);
  await assert.rejects(packs.install('packs/mine'), {
    message: new RegExp(
      `nothing is there: it was looked for at ${path.resolve('packs/mine')}, so give the whole path`,
    ),
  });
  await assert.rejects(packs.install('/nowhere'), { message: /\(nothing is there\)/ });
  const found = asFolder(t, whole);
  assert.equal((await packs.install(path.relative('.', found))).people, COUNT);
});

test('a pack beside the plugin is offered until it is installed, and only where it can be used', async (t) => {
  const beside = asFolder(t, whole);
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const data = tempFolder(t);
  const offeredFolders = ['/nowhere', tempFolder(t), beside, beside];
  const { packs } = referencePacksIn(data, { offeredFolders, store });
  const { name } = JSON.parse(readFileSync(path.join(beside, 'manifest.json'), 'utf8')) as { name: string };
  assert.deepEqual(await packs.offered(), [{ place: beside, name, people: COUNT }]);
  await packs.install(beside);
  assert.deepEqual(await packs.offered(), []);
  await packs.remove((await packs.list())[0]!.id);
  assert.equal((await packs.offered()).length, 1);
  assert.deepEqual(await referencePacksIn(data, { offeredFolders, facePack: 'another' }).packs.offered(), []);
});

test('SIGKILL at any call of the file system while a pack is taken in leaves the old one or the new one', async (t) => {
  const child = await bundleChild('reference-packs/install-child.ts', tempFolder(t));
  const folder = asFolder(t, whole);
  const install = async (data: string, killAfter: number | null): Promise<number> => {
    const notes = path.join(tempFolder(t), 'notes');
    writeFileSync(notes, '');
    await promisify(execFile)(process.execPath, [child, data, folder], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${HOOK}`,
        FS_HOOK: JSON.stringify({ notes, ...(killAfter !== null && { killAfter }) }),
      },
    }).catch(() => null);
    return readFileSync(notes, 'utf8').split('\n').filter(Boolean).length;
  };
  const calls = await install((await inUse(t)).data, null);
  const sizes = new Set<number>();
  await Promise.all(
    sample(numbers(calls), 5).map(async (n) => {
      const { data, packs, said } = await inUse(t);
      await install(data, n + 1);
      const [pack] = await packs.open();
      assert.ok(pack, `${n}: ${said.join(' ')}`);
      sizes.add(pack.vectors.size);
      assert.ok([3, COUNT].includes(pack.vectors.size));
      sweepReferencePacks(data, Date.now());
      assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), ['test-people']);
    }),
  );
  assert.ok(calls > 5 && sizes.size > 0, `${calls} calls`);
});

function without(part: string): Files {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !name.startsWith(part)));
}

function manifestOf(files: Files): ReferencePackManifest {
  return JSON.parse(Buffer.from(files['manifest.json']!).toString('utf8')) as ReferencePackManifest;
}

function changed(change: Readonly<Record<string, unknown>>): Files {
  return { ...whole, 'manifest.json': Buffer.from(JSON.stringify({ ...manifestOf(whole), ...change })) };
}

function flipped(part: string): Files {
  const bytes = Uint8Array.from(whole[nameOf(part)]!);
  bytes[bytes.length >> 1]! ^= 1;
  return { ...whole, [nameOf(part)]: bytes };
}

function longer(part: string): Files {
  return { ...whole, [nameOf(part)]: Buffer.concat([whole[nameOf(part)]!, Buffer.of(1)]) };
}

/** People of another text of the same length or shorter, with the checksums that belong to them. */
function withRecords(change: (text: string) => string): Files {
  const old = nameOf('people');
  const text = Buffer.from(whole[old]!).toString('latin1');
  const after = change(text);
  assert.notEqual(after, text);
  const bytes = Buffer.from(after, 'latin1');
  const sha256 = hash('sha256', bytes, 'hex');
  const name = `people-${sha256.slice(0, 16)}.bin`;
  const manifest = manifestOf(whole);
  const { [old]: _, ...files } = manifest.files;
  const named = { ...manifest, files: { ...files, [name]: { bytes: bytes.length, sha256 } } };
  return { ...without('people'), [name]: bytes, 'manifest.json': Buffer.from(JSON.stringify(named)) };
}

test('a manifest that promises more than its people can be, or further files, is refused before anything is copied', async (t) => {
  const { packs } = await inUse(t);
  const manifest = JSON.parse(Buffer.from(whole['manifest.json']!).toString()) as ReferencePackManifest;
  const vectors = nameOf('vectors');
  const further = `further-${manifest.files[vectors]!.sha256.slice(0, 16)}.bin`;
  for (const files of [
    { ...manifest.files, [vectors]: { ...manifest.files[vectors]!, bytes: 1e12 } },
    { ...manifest.files, [further]: manifest.files[vectors]! },
  ]) {
    const altered = Buffer.from(JSON.stringify({ ...manifest, files }));
    const place = asZip(t, { ...whole, [further]: whole[vectors]!, 'manifest.json': altered });
    await assert.rejects(packs.install(place), /its manifest\.json is not that of a reference pack/);
  }
  assert.equal((await packs.open())[0]?.vectors.size, 3);
});
