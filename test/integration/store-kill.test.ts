import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContentId } from '../../core/content-id.ts';
import type { Store } from '../../core/ports/store.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { openStore } from '../../plugin/store/store.ts';
import { contentId, look, PACK } from '../contract/store-samples.ts';
import { bundleChild } from './store-bundle.ts';
import { SCENES } from './store-kill-child.ts';
import { numbers, sample } from '../fixtures/sweep.ts';
import { everybody } from '../fixtures/gallery.ts';

const SEEDS = numbers(60).map((n) => n + 1);
const SAMPLE = 15;
const HOUR_MS = 3_600_000;

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-'));
after(() => rmSync(root, { recursive: true }));

test(`a store killed at ${SEEDS.length} points is whole every time, with all that was said to be done`, async () => {
  const folder = path.join(root, 'store');
  const child = await bundleChild('store-kill-child.ts', root);
  let rounds = 0;
  const seeds = sample(SEEDS, SAMPLE);
  for (const seed of seeds) {
    const said = await runAndKill([child, folder, String(seed)], (seed * 37) % 41, (seed * 13) % 7);
    rounds = await checkStore(folder, Math.max(said, rounds));
  }
  assert(rounds > seeds.length * 3, `${rounds} rounds`);

  const store = await openStore({ folder, now: () => Date.now() + 2 * HOUR_MS });
  await store.observations.put(look(1));
  await store.close();
  assert.deepEqual(
    await unnamedCropSets(folder),
    { cropSets: 0, orphans: 0 },
    'what was left is dropped later',
  );
});

/** Kills `delayMs` after the child has said `lines` more lines. @returns the last number it said */
async function runAndKill(args: string[], lines: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on('exit', (_, signal) => resolve(signal)),
  );
  await new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').length > lines) resolve();
    });
    if (lines === 0) setTimeout(resolve, 60); // About when it opens the store.
  });
  await sleep(delayMs);
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL');
  return Number(text.split('\n').at(-2) ?? 0);
}

/** @returns the rounds done so far */
async function checkStore(folder: string, atLeast: number): Promise<number> {
  const store = await openStore({ folder, isAlive: () => false });
  try {
    const round = (await store.state.get('matched-at:round')) ?? 0;
    assert(round >= atLeast, `round ${round} is kept, ${atLeast} was said to be done`);

    const entries = (await store.state.get('matched-at:entries')) ?? 0;
    assert.equal((await store.state.get('matched-at:twin of entries')) ?? 0, entries);
    assert.equal((await store.journal.planned()).length, entries);

    await checkLooks(store);
    for (const person of await everybody(store.people, PACK))
      for (const it of await store.people.references(person.performerId ?? '', PACK)) assert(it.crop);

    for (const id of ['0', '1', '2', '3', '4']) {
      const entity = { kind: 'scene', id } as const;
      const { items } = await store.suggestions.list({ entity, state: 'open' }, 'newest', 100, 0);
      assert(new Set(items.map((it) => it.confidence)).size <= 1);
    }

    const counts = await store.work.counts('scan');
    assert.equal(Object.values(counts).reduce((sum, it) => sum + it) % 100, 0);
    assert((await store.runs.running()).length <= 1);
    return round;
  } finally {
    await store.close();
    await checkFiles(folder);
  }
}

async function checkLooks(store: Store): Promise<void> {
  const ids: ContentId[] = Array.from({ length: SCENES }, (_, i) => contentId(i));
  for (const [id, observation] of await store.observations.getMany(ids, PACK)) {
    const crops = await store.observations.crops(id, PACK);
    assert.equal(crops.length, observation.persons.length);
    assert(observation.persons.length < 5, 'never a look that was taken back');
  }
}

async function checkFiles(folder: string): Promise<void> {
  for (const name of ['stash-sense.sqlite', 'crops.sqlite']) {
    const database = await openDatabase(path.join(folder, name));
    assert.equal(database.raw.get('PRAGMA integrity_check')?.['integrity_check'], 'ok');
    assert.deepEqual(database.raw.all('PRAGMA foreign_key_check'), []);
    await database.close();
  }
  const { cropSets, orphans } = await unnamedCropSets(folder);
  assert(cropSets <= orphans, 'what nobody names is known to be an orphan');
}

async function unnamedCropSets(folder: string): Promise<{ cropSets: number; orphans: number }> {
  const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  database.raw.run('ATTACH ? AS crops', path.join(folder, 'crops.sqlite'));
  const made = database.raw.get(`SELECT count(*) AS n FROM crops.sqlite_schema WHERE name = 'crop_sets'`)?.[
    'n'
  ];
  const unnamed = `id NOT IN (SELECT crops_id FROM observations WHERE crops_id IS NOT NULL
    UNION ALL SELECT crops_id FROM performer_references WHERE crops_id IS NOT NULL)`;
  const row = made
    ? database.raw.get(`SELECT (SELECT count(*) FROM crops.crop_sets WHERE ${unnamed}) AS "cropSets",
        (SELECT count(*) FROM crops.orphans) AS orphans`)
    : undefined;
  await database.close();
  return { cropSets: Number(row?.['cropSets'] ?? 0), orphans: Number(row?.['orphans'] ?? 0) };
}
