import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Embedding } from '../../../core/faces/face.ts';
import { toVectorBytes } from '../codecs/bytes.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { everybody } from '../../../test/fixtures/gallery.ts';
import { createPeopleSource } from '../repositories/people/gallery.ts';
import { MIGRATIONS } from './schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-database-'));
const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
await migrate(database, MIGRATIONS, { backup: false });
after(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

for (const kind of ['read', 'write'] as const)
  test(`a long series of awaited ${kind}s lets timers fire before it ends`, async () => {
    const timer = { fired: false };
    setTimeout(() => {
      timer.fired = true;
    }, 1);
    let calls = 0;
    while (!timer.fired && calls < 100_000) {
      await database[kind]((sql) => sql.get('SELECT count(*) FROM performers'));
      calls++;
    }
    assert.ok(timer.fired, `${calls} ${kind}s in which no timer fired`);
  });

test('a transaction waits for the disk unless it is said to be done again after a power cut', async () => {
  const FULL = 2;
  const NORMAL = 1;
  for (const [options, expected] of [
    [undefined, FULL],
    [{ durable: false }, NORMAL],
    [{ durable: true }, FULL],
    [{}, FULL],
  ] as const) {
    const level = await database.transaction(
      () => database.read((sql) => sql.get('PRAGMA synchronous')?.['synchronous']),
      options,
    );
    assert.equal(level, expected, JSON.stringify(options));
  }
});

test('people come by their numbers with all their references, however small the pages are', async () => {
  const vector = toVectorBytes(Float32Array.of(1, 0, 0, 0) as Embedding);
  const expected = [2, 9, 10, 100, 101].map((id) => ({
    id: `stash:${id}`,
    name: `Performer ${id}`,
    performerId: String(id),
    references: Array.from({ length: (id % 4) + 1 }, (_, n) => `${id} ${n}`),
  }));
  await database.write((sql) => {
    // References of one person do not stand together in the table.
    for (let n = 0; n < 4; n++)
      for (const { performerId, name, references } of expected.toReversed()) {
        if (n === 0)
          sql.run(
            `INSERT INTO performers (id, name, disambiguation, aliases, stash_ids) VALUES (?, ?, '', '[]', '[]')`,
            performerId,
            name,
          );
        for (const [state, embedding] of [
          ['used', vector],
          ['used', null],
          ['outlier', vector],
        ] as const)
          if (n < references.length)
            sql.run(
              `INSERT INTO performer_references (performer_id, source, source_key, revision, content_hash, pack_id, state, quality,
                embedding) VALUES (?, 'image', ?, '', '', 'pack', ?, 0.5, ?)`,
              performerId,
              `${state} ${String(embedding === null)} ${n}`,
              state,
              embedding,
            );
      }
  });
  const whole = await everybody(createPeopleSource(database, new Map()), 'pack');
  assert.deepEqual(
    whole.map(({ references, ...person }) => ({ ...person, references: references.length })),
    expected.map(({ references, ...person }) => ({ ...person, references: references.length })),
  );
  for (const { references } of whole) {
    const ids = references.map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.toSorted((one, other) => one - other),
    );
  }
  for (const pageRows of [1, 2, 3, 7])
    assert.deepEqual(await everybody(createPeopleSource(database, new Map(), pageRows), 'pack'), whole);
  assert.deepEqual(await everybody(createPeopleSource(database, new Map()), 'another pack'), []);
});
