/** How SQLite goes about it: what is asked often must not read a whole table, however large the library is. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { SuggestionFilter } from '../../core/ports/suggestions.ts';
import { SUGGESTION_ORDERS } from '../../core/suggestions/orders.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { createCropFile } from '../../plugin/store/sqlite/crop-file.ts';
import { createLocks } from '../../plugin/store/repositories/locks.ts';
import { openDatabase, type Connection, type Database } from '../../plugin/store/sqlite/database.ts';
import { createDismissals } from '../../plugin/store/repositories/dismissals.ts';
import { createErasing } from '../../plugin/store/maintenance/erase.ts';
import { createIdentifications } from '../../plugin/store/repositories/identifications.ts';
import { createJournal } from '../../plugin/store/repositories/journal.ts';
import { createLeases } from '../../plugin/store/leases.ts';
import { migrate } from '../../plugin/store/sqlite/migrate.ts';
import { createObservations } from '../../plugin/store/repositories/observations.ts';
import { createPeopleSource } from '../../plugin/store/repositories/people/gallery.ts';
import { MIGRATIONS } from '../../plugin/store/sqlite/schema.ts';
import { createRuns } from '../../plugin/store/repositories/runs.ts';
import { createSuggestions } from '../../plugin/store/repositories/suggestions.ts';
import { createWorkTable } from '../../plugin/store/repositories/work-queue.ts';
import { contentId, LEASE_MS, offered, performer } from '../contract/store-samples.ts';
import { everybody } from '../fixtures/gallery.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-plans-'));
const real = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
await migrate(real, MIGRATIONS, { backup: false });
after(async () => {
  await real.close();
  rmSync(folder, { recursive: true });
});

/** The statements that passed, in order. */
const passed: string[] = [];
const recording: Connection = {
  ...real.raw,
  get: (sql, ...values) => (passed.push(sql), real.raw.get(sql, ...values)),
  all: (sql, ...values) => (passed.push(sql), real.raw.all(sql, ...values)),
  arrays: (sql, ...values) => (passed.push(sql), real.raw.arrays(sql, ...values)),
  run: (sql, ...values) => (passed.push(sql), real.raw.run(sql, ...values)),
};
const database: Database = {
  ...real,
  read: (work) => real.read(() => work(recording)),
  write: (work, options) => real.write(() => work(recording), options),
};
const parts = { database, now: () => 1, isAlive: () => true };
const crops = createCropFile({
  file: path.join(folder, 'crops.sqlite'),
  now: parts.now,
  isNamed: (ids) => Promise.resolve(new Set(ids)),
});
after(() => crops.close());

/** Of each statement that `work` asks, the steps that read more than what it looks for. */
async function wideSteps(work: () => Promise<unknown>): Promise<string[]> {
  passed.length = 0;
  await work();
  assert.notEqual(passed.length, 0);
  return passed.flatMap((sql) =>
    stepsOf(sql)
      .filter((step) => isWide(step))
      .map((step) => `${step}: ${sql}`),
  );
}

function stepsOf(sql: string): string[] {
  return real.raw.all(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row['detail']));
}

/** All of a table, the whole list of a task, or rows put in order by hand. */
function isWide(step: string): boolean {
  if (/^SCAN (?!json_each|value|wanted)/.test(step)) return !step.includes('COVERING INDEX');
  return /SEARCH work USING PRIMARY KEY \(task=\?\)|TEMP B-TREE FOR ORDER BY/.test(step);
}

const leases = createLeases({ file: real.file, now: parts.now });
const lock = await createLocks(parts).acquire('write', 'me', LEASE_MS);
const { run } = await createRuns(parts).begin('scan', 'me', {}, LEASE_MS);
for (const held of [
  lock!,
  { run, owner: 'me' },
  { list: 'scan', owner: 'me' },
  { state: 'item-durations', ttlMs: 1 } as const,
])
  leases.port(database).keep(held, 3_600_000);
after(() => leases.close());

const work = createWorkTable(parts);
const observations = createObservations({ database, crops, fusions: new Map() });
const suggestions = createSuggestions(parts);
const identifications = createIdentifications({ database });
const journal = createJournal(parts);
const dismissals = createDismissals({ database });
const entity = { kind: 'scene', id: '7' } as const;
const open = { state: 'open' } as const;

for (const [name, asked] of Object.entries<() => Promise<unknown>>({
  'claiming an item': () => work.claim('scan', 'me', LEASE_MS),
  'claiming what a dead one held': async () => {
    await work.enqueue('scan', [offered(1)]);
    await work.claim('scan', 'dead', LEASE_MS);
    await work.claim('scan', 'me', 0);
  },
  'renewing all that a process can hold': () => database.write(leases.renew),
  'asking whether it is still held': () => database.read(leases.check),
  'giving items back': () => work.release('scan', 'me'),
  'counting a list': () => work.counts('scan'),
  'what failed of a list': () => work.failures('scan', 50, 0),
  'trying again what failed': () => work.retryFailed('scan'),
  'the next entities to match': () => observations.entitiesAfter('pack', entity, 100),
  'the entities that are due for a match': () => observations.entitiesToMatch('pack', 100),
  'forgetting what was matched with a performer': () => identifications.forgetMatchesWith('3'),
  'suspending what rests on a reference': () => suggestions.suspend({ kind: 'performer', id: '3' }, ['31']),
  'the best suggestions': () => suggestions.list(open, 'confidence', 50, 0),
  'what of the suggestions is to be looked up in Stash': async () => {
    await suggestions.entitiesToCheck(null, 500);
    await suggestions.entitiesToCheck(entity, 500);
    await suggestions.entitiesOf('faces', null, 500);
    await suggestions.entitiesOf('faces', entity, 500);
    await suggestions.toCheck([entity], ['open', 'accepted', 'removed', 'stale']);
  },
  'closing what is gone': () => suggestions.closeAllOf(entity),
  'closing all of an analyzer': () => suggestions.closeAllBy('faces'),
  'the suggestions to decide': () => suggestions.list({ state: ['removed', 'open'] }, 'confidence', 50, 0),
  'withdrawing a rejection': () => suggestions.unreject('7'),
  'the newest suggestions': () => suggestions.list(open, 'newest', 50, 0),
  'suggestions behind another one, and in front of it': async () => {
    const at = { state: 'open', confidence: 0.5, id: '700' } as const;
    for (const order of SUGGESTION_ORDERS) {
      await suggestions.list(open, order, 50, { after: at });
      await suggestions.list(open, order, 50, { before: at });
      await suggestions.list({ state: ['removed', 'open'], severity: 'info' }, order, 50, { after: at });
    }
  },
  'sure suggestions': () => suggestions.list({ ...open, minConfidence: 0.9 }, 'confidence', 50, 0),
  'suggestions of images': () => suggestions.list({ ...open, entityKind: 'image' }, 'newest', 50, 0),
  'suggestions of a person': () =>
    suggestions.list({ ...open, target: { kind: 'performer', id: '3' } }, 'confidence', 50, 0),
  'what may be accepted by itself': () =>
    suggestions.acceptable(
      { kind: 'performer-seen', minConfidence: 0.9, list: 'scan', changedSince: 1 },
      '700',
      50,
    ),
  'what is known of entities that are matched': () => suggestions.revisions([entity]),
  'the history behind an entry': () => journal.list({ batchId: 'b', before: '70' }, 50, 0),
  'the history by its state': () => journal.list({ state: 'void' }, 50, 0),
  'the history of a scene': () => journal.list({ entity, state: 'written' }, 50, 0),
  'the history of a batch': () => journal.list({ batchId: 'b' }, 50, 0),
  'what a crash left planned': () => journal.planned(),
  'a page of everybody known': () => everybody(createPeopleSource(database, new Map(), 1), 'pack'),
  'the references of some people': () => createPeopleSource(database, new Map()).persons('pack', ['stash:1']),
  'who was identified in a scene': () => identifications.get(entity),
  'noting whom Stash has on what a scan lists': () =>
    identifications.notePerformers([{ ...entity, performerIds: ['3'] }]),
  'keeping what a match said': () => identifications.save(entity, { matcherVersion: 'm', persons: [] }),
  'where a performer was seen and is not tagged': () => identifications.seenNotTagged('3', entity, 50),
  'where the same unknown person was seen': () => identifications.withUnknown(entity, 0, 50),
  'who was rejected': () => dismissals.isDismissed(notSeen([contentId(1)], performer(1))),
  'how much there is of each kind of data': () =>
    createErasing({ database, crops, leases: { renew: () => undefined } }).measure(),
}))
  test(`${name} does not read all there is`, async () => {
    assert.deepEqual(await wideSteps(asked), []);
  });

test('a search for words reads the words and not the suggestions', async () => {
  passed.length = 0;
  await suggestions.list({ ...open, text: 'jane' }, 'confidence', 50, 0);
  const [counted = '', listed = ''] = passed;
  assert.match(
    stepsOf(counted).join(),
    /USING COVERING INDEX suggestions_(confidence|newest|of_entities|of_performers) \(state=\?\)/,
  );
  assert.deepEqual(stepsOf(listed), ['SEARCH suggestions USING INDEX suggestions_confidence (state=?)']);
});

test('how many there are is read from what is counted at each write, unless something else is asked for than state and kind', async () => {
  passed.length = 0;
  await suggestions.list({ state: ['removed', 'open'], kind: 'performer-seen' }, 'confidence', 0, 0);
  await suggestions.countKinds(['removed', 'open']);
  assert.deepEqual([...new Set(passed.map((sql) => /FROM (\w+)/.exec(sql)?.[1]))], ['suggestion_counts']);
});

/** Which columns of the table itself a statement looks at to leave a row out: none, where its index has them all. */
for (const [name, filter] of Object.entries<SuggestionFilter>({
  severity: { severity: 'warning' },
  age: { createdAfter: 5 },
  studio: { studioId: '7' },
  'what it is about': { entityKind: 'tag' },
  kind: { kind: 'performer-seen' },
  confidence: { minConfidence: 0.5 },
}))
  for (const order of SUGGESTION_ORDERS)
    test(`by ${name} and ${order}, a row that is left out is not read`, async () => {
      passed.length = 0;
      await suggestions.list({ state: 'open', ...filter }, order, 50, {
        after: { state: 'open', confidence: 0.5, id: '700' },
      });
      const listed = passed.find((sql) => sql.includes('ORDER BY')) ?? '';
      const conditions = /WHERE (.*) ORDER BY/s.exec(listed)?.[1] ?? '';
      const [step = ''] = stepsOf(listed);
      const index = /USING INDEX (\w+)/.exec(step)?.[1] ?? '';
      // Of the conditions alone the same index has all there is.
      const alone = stepsOf(`SELECT id FROM suggestions INDEXED BY ${index} WHERE ${conditions}`);
      assert.match(alone[0] ?? '', /USING COVERING INDEX/, step);
    });
