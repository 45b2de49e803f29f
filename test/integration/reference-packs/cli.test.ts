/** `identify` with reference packs, in a folder and in a zip, without Stash. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { zipSync } from 'fflate';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { openTestModels, photograph } from '../../fixtures/models.ts';
import {
  BOX,
  packEntries,
  packPerson,
  referencePacksIn,
  uuid,
  writeReferencePack,
} from '../../fixtures/reference-packs.ts';
import { bundle } from '../plugin-process.ts';

let folder: string;
let zip: string;
const packAt = (): string => path.join(folder, 'data', 'reference-packs', 'test-people');

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-packs-'));
  mkdirSync(path.join(folder, 'data'));
  mkdirSync(path.join(folder, 'people'));
  writeFileSync(path.join(folder, 'people', 'Audrey.jpg'), photograph('audrey.jpg'));
  writeFileSync(path.join(folder, 'him.jpg'), photograph('franck_04000.jpg'));
  const models = openTestModels();
  const analyzer = await models.analyzer();
  const [face] = await analyzer.analyze(await models.codec.decode(photograph('franck_02221.jpg'), 1920));
  await models.close();
  const him: PackEntry = {
    person: packPerson(1, { name: '\u202eFranck\u0007', disambiguation: 'of the box' }),
    template: face!.embedding,
    quality: face!.quality.overall,
    references: 1,
  };
  const others = packEntries(30, { dimensions: face!.embedding.length }).slice(1);
  const { packs } = referencePacksIn(path.join(folder, 'data'), { facePack: packInUse.id });
  await writeReferencePack(packs, [him, ...others], { facePack: packInUse.id });
  zip = path.join(folder, 'pack.zip');
  const files = readdirSync(packAt()).map((name) => [name, readFileSync(path.join(packAt(), name))] as const);
  writeFileSync(zip, zipSync(Object.fromEntries(files)));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function identify(...options: string[]) {
  return spawnSync(
    process.execPath,
    [bundle, 'identify', path.join(folder, 'him.jpg'), '--cache', path.join(folder, 'cache'), ...options],
    { encoding: 'utf8' },
  );
}

for (const [what, options] of [
  ['a folder', () => ['--reference-pack', packAt()]],
  ['a zip beside people', () => ['--reference-pack', zip, '--people', path.join(folder, 'people')]],
] as const)
  test(`somebody of a pack in ${what} is named, with their stash IDs`, () => {
    const { status, stdout, stderr } = identify('--json', ...options());
    assert.equal(status, 0, stderr);
    const { persons } = JSON.parse(stdout) as {
      persons: { decision: string; name: string; candidates: { name: string; stashIds?: unknown }[] }[];
    };
    assert.deepEqual(
      persons.map(({ decision, name }) => [decision, name]),
      [['match', 'Franck (of the box)']],
    );
    assert.deepEqual(persons[0]!.candidates[0]?.stashIds, [{ endpoint: BOX, stashId: uuid(1) }]);
  });

test('a pack that cannot be used is told in a sentence', () => {
  const broken = path.join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(path.join(broken, 'manifest.json'), '{}');
  for (const place of [broken, path.join(folder, 'nowhere'), path.join(folder, 'him.jpg')]) {
    const { status, stdout, stderr } = identify('--reference-pack', place);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /was not installed as a reference pack \(.*\): expected was a folder or a zip/);
  }
  const { status, stderr } = identify('--reference-pack', packAt(), '--pack', 'portable-2');
  assert.notEqual(status, 0);
  assert.match(stderr, /made with the face pack portable-1, and portable-2 is in use|model sface is missing/);
});

test('without people and packs it says what is missing', () => {
  const { status, stderr } = identify();
  assert.equal(status, 2);
  assert.match(stderr, /^"identify" needs --people DIR or --reference-pack PATH\./);
});
