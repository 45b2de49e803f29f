/** Packs that were altered in any way: never a crash, never a byte from outside, and what was in use stays. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { hasCode } from '../../../core/errors.ts';
import { toPrintableLine } from '../../../core/printable.ts';
import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { tempFolder } from '../../fakes/context.ts';
import {
  BOX,
  packEntries,
  referencePacksIn,
  uuid,
  writeReferencePack,
} from '../../fixtures/reference-packs.ts';
import { seeded } from '../../fixtures/random.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';

const MUTATIONS = numbers(12_000);
const SAMPLE = 250;
const COUNT = 20;

type Bytes = Buffer<ArrayBuffer>;
type Files = Map<string, Bytes>;

test(`none of ${MUTATIONS.length} altered packs is more than refused`, async (t) => {
  const data = tempFolder(t);
  const { packs } = referencePacksIn(data);
  await writeReferencePack(packs, packEntries(COUNT));
  await writeReferencePack(packs, packEntries(3), { id: 'in-use' });
  const folder = path.join(data, 'reference-packs', 'test-people');
  const whole: Files = new Map(
    readdirSync(folder).map((name) => [name, Buffer.from(readFileSync(path.join(folder, name)))]),
  );
  const ends = { refused: 0, used: 0 };
  for (const seed of sample(MUTATIONS, SAMPLE)) {
    const files = altered(whole, seeded(seed + 1));
    put(folder, files);
    const all = await packs.open();
    assert.equal(all[0]?.id, 'in-use', `${seed}`);
    assert.equal(all[0].vectors.size, 3);
    const pack = all.find(({ id }) => id === 'test-people');
    ends[pack === undefined ? 'refused' : 'used']++;
    if (pack !== undefined) useAll(pack, seed);
    await packs.person('test-people', uuid(5));
    await packs.revision();
    if (seed % 8 === 0) {
      await packs.list();
      const elsewhere = tempFolder(t);
      put(elsewhere, files);
      const taken = await packs.install(elsewhere).catch((error: unknown) => {
        assert.ok(hasCode(error, 'bad-input'), `${seed}: ${String(error)}`);
        return null;
      });
      if (taken !== null) {
        useAll(
          (await packs.open()).find(({ id }) => id === taken.id)!,
          seed,
        );
        await packs.remove(taken.id);
      }
      rmSync(elsewhere, { recursive: true });
      const others = readdirSync(path.dirname(folder)).filter((name) => name.endsWith('.making'));
      assert.deepEqual(others, [], `${seed}`);
    }
  }
  assert.ok(ends.refused > 0 && ends.used > 0, JSON.stringify(ends));
});

/** Everything that a search asks of a pack. */
function useAll(pack: OpenReferencePack, seed: number): void {
  const { size, dimensions, values, scales } = pack.vectors;
  assert.equal(values.length, size * dimensions);
  assert.equal(scales.length, size);
  for (const row of [-1, ...numbers(size + 2), 2 ** 32]) {
    const person = pack.person(row);
    const isInside = row >= 0 && row < size;
    if (!isInside) assert.equal(person, null, `${seed}`);
    for (const text of [person?.name, person?.disambiguation, ...(person?.aliases ?? [])])
      assert.ok(text === undefined || (text.length <= 300 && text === toPrintableLine(text)));
    assert.ok(pack.quality(row) >= 0 && pack.quality(row) <= 1);
    if (isInside) assert.ok(pack.references(row) >= 1);
    const personId = pack.personId(row);
    if (!isInside) assert.equal(personId, null, `${seed}`);
    if (person === null) continue;
    assert.equal(personId, person.id, `${seed}`);
    const found = pack.rowOf(person.id);
    assert.ok(found === null || found < size);
    for (const stashId of person.stashIds) for (const at of pack.rowsWith(stashId)) assert.ok(at < size);
  }
  for (const row of pack.stashIndex.rows) assert.ok(row < size);
  assert.ok(pack.rowsWith({ endpoint: BOX, stashId: uuid(3) }).every((row) => row < size));
}

function put(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of files) writeFileSync(path.join(folder, name), bytes);
}

/** One to three changes; of half of them the checksums are made right again, so that what lies behind them is reached. */
function altered(whole: Files, random: () => number): Files {
  const files: Files = new Map(whole);
  const below = (count: number): number => Math.floor(random() * count);
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const names = [...files.keys()];
    const name = names[below(names.length)]!;
    files.set(name, change(Buffer.from(files.get(name)!), below));
  }
  return random() < 0.6 ? withChecksums(files) : files;
}

/** Numbers at which readers fail: zero, the largest, one beside them. */
const EDGES = [0, 1, 7, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, 65_536, 1 << 24];
const PIECES = ['[', ']', '"', '\\u202e', '-1', '1e999', 'null', '{}', '\\ud800', '9007199254740993'];

function change(bytes: Bytes, below: (count: number) => number): Bytes {
  if (bytes.length < 8) return bytes;
  const at = below(bytes.length - 4);
  switch (below(9)) {
    case 0:
      return bytes.subarray(0, below(bytes.length));
    case 1:
      bytes[at]! ^= 1 << below(8);
      return bytes;
    case 2:
      bytes.writeUInt32LE(EDGES[below(EDGES.length)]!, at);
      return bytes;
    case 3:
      // The counts of the header.
      bytes.writeUInt32LE(EDGES[below(EDGES.length)]!, Math.min(8 + 4 * below(6), bytes.length - 4));
      return bytes;
    case 4:
      return Buffer.concat([bytes, Buffer.alloc(1 + below(64), below(256))]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(Math.min(bytes.length, at + 1 + below(40))),
      ]);
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(40)))]);
    case 7:
      bytes.write(PIECES[below(PIECES.length)]!, at, 'latin1');
      return bytes;
    default:
      // Numbers of the manifest, counts and versions too.
      return Buffer.from(
        bytes
          .toString('latin1')
          .replace(/\d+/g, (number) => (below(12) === 0 ? String(EDGES[below(9)]) : number)),
        'latin1',
      );
  }
}

function withChecksums(files: Files): Files {
  const manifest = manifestIn(files);
  if (manifest === null) return files;
  const right: Files = new Map();
  const named: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, bytes] of files) {
    if (name === 'manifest.json') continue;
    const sha256 = hash('sha256', bytes, 'hex');
    const own = `${name.slice(0, name.indexOf('-'))}-${sha256.slice(0, 16)}.bin`;
    right.set(own, bytes);
    named[own] = { bytes: bytes.length, sha256 };
  }
  right.set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, files: named })));
  return right;
}

function manifestIn(files: Files): ReferencePackManifest | null {
  try {
    const parsed: unknown = JSON.parse(files.get('manifest.json')!.toString('utf8'));
    return typeof parsed === 'object' ? (parsed as ReferencePackManifest | null) : null;
  } catch {
    return null;
  }
}
