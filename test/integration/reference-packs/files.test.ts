/** Reference packs in the data folder: written, read, replaced, removed. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { similarity } from '../../../core/faces/embedding.ts';
import { dequantizedRow } from '../../../core/matching/quantize.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import type { JoinEvidence, ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { makingFolder, sweepReferencePacks } from '../../../plugin/reference-packs/folders.ts';
import { hasModes } from '../../../plugin/system/files/own-files.ts';
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { tempFolder } from '../../fakes/context.ts';
import {
  BOX,
  packEntries,
  packPerson,
  referencePacksIn,
  uuid,
  writeReferencePack,
} from '../../fixtures/reference-packs.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { bundleChild } from '../store-bundle.ts';

const HOOK = new URL('../../fixtures/fs-hook.mjs', import.meta.url).href;

const folderOf = (data: string, id = 'test-people'): string => path.join(data, 'reference-packs', id);

test('what is written is read again, person by person', async (t) => {
  const data = tempFolder(t);
  const { packs, said } = referencePacksIn(data);
  const entries = packEntries(300);
  const manifest = await writeReferencePack(packs, entries);
  assert.deepEqual(
    { people: manifest.people, references: manifest.references, format: manifest.format },
    { people: 300, references: entries.reduce((sum, { references }) => sum + references, 0), format: 1 },
  );
  const [pack, ...others] = await packs.open();
  assert.ok(pack);
  assert.deepEqual([others, said], [[], []]);
  assert.equal(pack.vectors.size, 300);
  for (const [row, { person, template, quality, references }] of entries.entries()) {
    assert.deepEqual(pack.person(row), person);
    assert.equal(pack.personId(row), person.id);
    assert.ok(Math.abs(pack.quality(row) - quality) < 0.003);
    assert.equal(pack.references(row), references);
    const stored = dequantizedRow(pack.vectors, row);
    assert.ok(similarity(stored!, template) > 0.999);
    assert.equal(pack.rowOf(person.id), row);
    assert.deepEqual(pack.rowsWith({ endpoint: BOX, stashId: person.id.toUpperCase() }), [row]);
  }
  assert.equal(pack.rowOf('nobody'), null);
  assert.deepEqual(pack.rowsWith({ endpoint: 'https://other.example/graphql', stashId: uuid(1) }), []);
  assert.deepEqual(await packs.person('test-people', uuid(7)), entries[6]!.person);
  assert.equal(await packs.person('test-people', 'nobody'), null);
  assert.equal(await packs.person('other', uuid(7)), null);
  const [listed] = await packs.list();
  const rest = { isBuiltHere: true, bytes: listed!.bytes, problem: null };
  assert.deepEqual(listed, { id: 'test-people', manifest, ...rest });
});

test('somebody is asked for by many at once, and after each change', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(50));
  const all = await Promise.all(numbers(300).map((n) => packs.person('test-people', uuid(1 + (n % 60)))));
  assert.equal(all.filter((person) => person !== null).length, 250);
  writeFileSync(path.join(data, 'reference-packs', 'opted-out.txt'), uuid(3));
  assert.equal(await packs.person('test-people', uuid(3)), null);
  await writeReferencePack(packs, packEntries(60), { version: '2' });
  assert.equal((await packs.person('test-people', uuid(55)))?.id, uuid(55));
  await packs.remove('test-people');
  assert.equal(await packs.person('test-people', uuid(5)), null);
});

test('the same people give the same bytes, and only the user may read them', async (t) => {
  const [one, other] = [tempFolder(t), tempFolder(t)];
  for (const data of [one, other]) await writeReferencePack(referencePacksIn(data).packs, packEntries(50));
  assert.deepEqual(contentsOf(folderOf(one)), contentsOf(folderOf(other)));
  if (!hasModes) return;
  for (const place of [path.dirname(folderOf(one)), folderOf(one)])
    assert.equal(statSync(place).mode & 0o777, 0o700);
  for (const name of readdirSync(folderOf(one)))
    assert.equal(statSync(path.join(folderOf(one), name)).mode & 0o777, 0o600);
});

test('a pack without anybody is a pack', async (t) => {
  const { packs } = referencePacksIn(tempFolder(t));
  await writeReferencePack(packs, []);
  assert.deepEqual(
    (await packs.open()).map(({ vectors }) => vectors.size),
    [0],
  );
});

test('names are cleaned: no control or bidirectional characters, no megabytes, HTML as it is', async (t) => {
  const { packs } = referencePacksIn(tempFolder(t));
  const [entry] = packEntries(1);
  const hostile = packPerson(1, {
    name: `\u202e<b>Eve</b>\n\u0000${'n'.repeat(1_000_000)}`,
    disambiguation: '\u2066x\u2069',
    aliases: ['', '\u0007', ...numbers(1000).map((n) => `a${n}`)],
  });
  await writeReferencePack(packs, [{ ...entry!, person: hostile }]);
  const person = await packs.person('test-people', hostile.id);
  assert.equal(person?.name.slice(0, 12), '<b>Eve</b>  ');
  assert.equal(person?.name.length, 300);
  assert.equal(person?.disambiguation, 'x');
  assert.ok(person.aliases.length > 100 && person.aliases.length <= 200);
});

test('why the ids of several boxes are of one person is kept with them, and nothing of those who have one', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  const [one, two] = packEntries(2);
  const other = { endpoint: 'https://other.example/graphql', stashId: 'x\u202e1' };
  const [own] = one!.person.stashIds;
  const joins: JoinEvidence[] = [
    { one: own!, other, link: 'page', similarity: 0.714, facts: ['name', 'birth-part'] },
    { one: own!, other, link: null, similarity: null, facts: [] },
  ];
  const joined = { ...one!, person: { ...one!.person, stashIds: [own!, other], joins } };
  await writeReferencePack(packs, [joined, two!]);
  const cleaned = { endpoint: other.endpoint, stashId: 'x 1' };
  const person = await packs.person('test-people', one!.person.id);
  assert.deepEqual(
    [person?.stashIds, person?.joins],
    [
      [own, cleaned],
      joins.map((join, n) => ({ ...join, other: cleaned, similarity: n === 0 ? 0.71 : null })),
    ],
  );
  assert.equal('joins' in (await packs.person('test-people', two!.person.id))!, false);
});

test('a new build takes the place of the old one, which is not left behind', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(20));
  const before = await packs.revision();
  await writeReferencePack(packs, packEntries(21), { version: '2' });
  assert.notEqual(await packs.revision(), before);
  assert.equal((await packs.open())[0]?.vectors.size, 21);
  assert.equal(readdirSync(folderOf(data)).length, 3);
  assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), ['test-people']);
});

test('a build that fails leaves the pack as it was', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(20));
  const before = contentsOf(path.join(data, 'reference-packs'));
  const twice = packEntries(3);
  await assert.rejects(writeReferencePack(packs, [...twice, twice[0]!]), /there twice/);
  assert.deepEqual(contentsOf(path.join(data, 'reference-packs')), before);
});

test('a pack that is removed is gone, and files of the user stay', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(2));
  await writeReferencePack(packs, packEntries(2), { id: 'other' });
  writeFileSync(path.join(folderOf(data, 'other'), 'notes.txt'), 'mine');
  await packs.remove('test-people');
  await packs.remove('other');
  await packs.remove('../..');
  assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), ['other']);
  assert.deepEqual(readdirSync(folderOf(data, 'other')), ['notes.txt']);
  assert.deepEqual([await packs.list(), await packs.open(), await packs.revision()], [[], [], '']);
});

test('who opted out is in no pack that is built, and is found in none', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(5));
  const before = await packs.revision();
  const list = `# nobody\n${uuid(2).toUpperCase()}\nhttps://stashdb.org/performers/${uuid(4)}/ # asked\nhttps://other.example/performers/${uuid(5)}\n`;
  writeFileSync(path.join(data, 'reference-packs', 'opted-out.txt'), list);
  assert.notEqual(await packs.revision(), before);
  const [pack] = await packs.open();
  assert.deepEqual(
    numbers(pack!.vectors.size).map((row) => pack!.person(row)?.id),
    [uuid(1), uuid(3), uuid(5)],
  );
  assert.deepEqual([pack!.rowOf(uuid(5)), pack!.rowOf(uuid(4))], [2, null]);
  assert.deepEqual(
    await Promise.all(
      numbers(5).map(async (n) => (await packs.person('test-people', uuid(n + 1)))?.id ?? null),
    ),
    [uuid(1), null, uuid(3), null, uuid(5)],
  );
  assert.equal((await writeReferencePack(packs, packEntries(5), { version: '2' })).people, 3);
});

for (const [what, change, says] of [
  ['of a future format', { format: 2 }, /needs Stash Sense 0\.1\.0 or newer: update/],
  ['for a newer version', { pluginVersion: '9.1.0' }, /needs Stash Sense 9\.1\.0 or newer: update/],
  ['of another face pack', { facePack: 'other-1' }, /face pack other-1, and .* is in use: build it again/],
  ['of another id', { id: 'somebody-else' }, /its manifest\.json is of somebody-else/],
  ['of more people', { people: 4 }, /does not hold what it should/],
  ['of no people', { people: -1 }, /manifest\.json is not that of a reference pack/],
  [
    'with files elsewhere',
    { files: { passwd: { bytes: 1, sha256: 'a'.repeat(64) } } },
    /manifest\.json is not/,
  ],
  ['without files', { files: {} }, /manifest\.json is not that/],
] as const)
  test(`a pack whose manifest is ${what} is not used, and another one is`, async (t) => {
    const data = tempFolder(t);
    const { packs, said } = referencePacksIn(data);
    await writeReferencePack(packs, packEntries(3));
    await writeReferencePack(packs, packEntries(4), { id: 'whole' });
    rewriteManifest(data, change);
    assert.deepEqual(
      (await packs.open()).map(({ id }) => id),
      ['whole'],
    );
    assert.match(said.join('\n'), says);
    const [listed] = await packs.list();
    if (
      !('people' in change && change.people === 4) &&
      !('files' in change && Object.keys(change.files).length === 0)
    )
      assert.match(inEnglish(listed!.problem!), says);
  });

test('a field that a later version adds is no error', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(3));
  rewriteManifest(data, { later: true });
  assert.equal((await packs.open()).length, 1);
});

for (const part of ['people', 'vectors'])
  test(`a pack whose ${part} are cut or have another bit is not used, until it is built again`, async (t) => {
    const data = tempFolder(t);
    const { packs, said } = referencePacksIn(data);
    await writeReferencePack(packs, packEntries(30));
    const file = path.join(
      folderOf(data),
      readdirSync(folderOf(data)).find((name) => name.startsWith(part))!,
    );
    const whole = readFileSync(file);
    for (const [damaged, says] of [
      [whole.subarray(0, -1), /bytes, and .* were expected/],
      [Buffer.concat([whole, Buffer.of(0)]), /bytes, and .* were expected/],
      [flipped(whole, whole.length >> 1), /does not (have the checksum|hold what it should)/],
    ] as const) {
      writeFileSync(file, damaged);
      assert.deepEqual(await packs.open(), []);
      assert.match(said.join('\n'), says);
      assert.match(inEnglish((await packs.list())[0]!.problem!), /is damaged.*build or install it again/);
    }
    const before = await packs.revision();
    await writeReferencePack(packs, packEntries(30));
    assert.equal((await packs.open()).length, 1);
    assert.notEqual(await packs.revision(), before, 'what was matched without it is matched again');
  });

test('a list of who opted out that cannot be read uses no pack', async (t) => {
  const data = tempFolder(t);
  const { packs, said } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(3));
  mkdirSync(path.join(data, 'reference-packs', 'opted-out.txt'));
  assert.deepEqual([await packs.open(), await packs.revision()], [[], '']);
  assert.match(said.join('\n'), /no reference pack is used: look at .*opted-out\.txt/);
});

test('what killed processes have left is swept at the next start', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(3));
  const left = path.join(folderOf(data), `vectors-${'0'.repeat(16)}.bin`);
  writeFileSync(left, 'half');
  sweepReferencePacks(data, Date.now());
  assert.equal(readdirSync(folderOf(data)).length, 4, 'it may be of a process that is about to name it');
  sweepReferencePacks(data, Date.now() + 700_000);
  assert.equal(readdirSync(folderOf(data)).length, 3);
  assert.equal((await packs.open()).length, 1);
});

test('nothing of a pack is swept as long as its manifest cannot be read', async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(3));
  const file = path.join(folderOf(data), 'manifest.json');
  const manifest = readFileSync(file);
  writeFileSync(file, '{');
  sweepReferencePacks(data, Date.now() + 700_000);
  writeFileSync(file, manifest);
  assert.equal((await packs.open()).length, 1);
});

test('what is being made is given up after a day without a change, whoever makes it', (t) => {
  const data = tempFolder(t);
  const making = makingFolder(data, createOwner());
  writeFileSync(path.join(making, 'half'), '');
  sweepReferencePacks(data, Date.now() + 80_000_000);
  assert.ok(existsSync(making));
  sweepReferencePacks(data, Date.now() + 90_000_000);
  assert.equal(existsSync(making), false);
});

test('of one stash ID a pack has few people', async (t) => {
  const data = tempFolder(t);
  const { packs, said } = referencePacksIn(data);
  const shared = { endpoint: BOX, stashId: uuid(99) };
  const sharing = packEntries(40).map((entry, n) =>
    n < 17 ? { ...entry, person: { ...entry.person, stashIds: [shared] } } : entry,
  );
  await writeReferencePack(packs, sharing.slice(1));
  assert.equal((await packs.open()).length, 1);
  await writeReferencePack(packs, sharing);
  assert.deepEqual(await packs.open(), []);
  assert.match(said.join(), /does not hold what it should/);
});

test('SIGKILL at any call of the file system leaves the old pack or the new one', async (t) => {
  const child = await bundleChild('reference-packs/write-child.ts', tempFolder(t));
  const write = async (data: string, people: number, killAfter: number | null): Promise<string[]> => {
    const notes = path.join(tempFolder(t), 'notes');
    writeFileSync(notes, '');
    await promisify(execFile)(process.execPath, [child, data, String(people)], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${HOOK}`,
        FS_HOOK: JSON.stringify({ notes, ...(killAfter !== null && { killAfter }) }),
      },
    }).catch(() => null);
    return readFileSync(notes, 'utf8').split('\n').filter(Boolean);
  };
  const calls = (await write(tempFolder(t), 4, null)).length;
  assert.ok(calls > 5, `${calls} calls`);
  const sizes = new Set<number>();
  await Promise.all(
    sample(numbers(calls), 8).map(async (n) => {
      const data = tempFolder(t);
      await write(data, 3, null);
      await write(data, 4, n + 1);
      const { packs, said } = referencePacksIn(data);
      const [pack] = await packs.open();
      assert.ok(pack, `${n}: ${said.join(' ')}`);
      sizes.add(pack.vectors.size);
      assert.ok([3, 4].includes(pack.vectors.size));
      for (const name of readdirSync(folderOf(data)))
        if (name.endsWith('.part')) utimesSync(path.join(folderOf(data), name), 1, 1);
      sweepReferencePacks(data, Date.now() + 700_000);
      assert.deepEqual(
        readdirSync(path.join(data, 'reference-packs'), { recursive: true }).length,
        4,
        `nothing is left of it after call ${n}`,
      );
    }),
  );
  assert.ok(sizes.size > 0);
});

function contentsOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => [name, readFileSync(path.join(folder, name), 'base64')]),
  );
}

function rewriteManifest(data: string, change: Readonly<Record<string, unknown>>): void {
  const file = path.join(folderOf(data), 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as ReferencePackManifest;
  writeFileSync(file, JSON.stringify({ ...manifest, ...change }));
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 4;
  return copy;
}
