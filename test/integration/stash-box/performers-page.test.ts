/** Stash IDs of many performers at once: one row each, page by page, also of a list that Stash's own page sent. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Ask, Output } from '../../../core/contract/operations.ts';
import { operations } from '../../../core/contract/operations.ts';
import { hasCode } from '../../../core/errors.ts';
import { checkAnalyzer, linkAnalyzer } from '../../../core/stash-box/analyzers.ts';
import type { Proposal, ProposalOf } from '../../../core/suggestions/suggestion.ts';
import { createSuggestions } from '../../../plugin/store/repositories/suggestions.ts';
import { openDatabase, type Connection, type Database } from '../../../plugin/store/sqlite/database.ts';
import { migrate } from '../../../plugin/store/sqlite/migrate.ts';
import { MIGRATIONS } from '../../../plugin/store/sqlite/schema.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { linkRequests } from '../../../tasks/stash-box/requests.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { aPerformer, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';

const OTHER_BOX = 'https://other.example/graphql';

test('a performer is one row, who is found most surely first, and a page goes on where the one before ended', async (t) => {
  const { context } = await opened(t, 6);
  await suggest(context, '1', [link('1', 1, 0.5), link('1', 2, 0.9)]);
  await suggest(context, '2', [link('2', 3, 0.7)]);
  await suggest(context, '3', [link('3', 4, 0.95)]);
  await suggest(context, '4', [link('4', 5, 0.7)]);
  const first = await page(context, { limit: 2 });
  assert.deepEqual(shown(first), ['3: 0.95', '1: 0.9 0.5']);
  assert.equal(first.total, 4);
  // Whoever is decided meanwhile moves nobody.
  const [best] = first.items[0]!.suggestions;
  await suggestionOperations['suggestions.reject'](context, { ids: [best!.id] });
  const second = await page(context, { limit: 2, after: first.next! });
  assert.deepEqual(shown(second), ['4: 0.7', '2: 0.7']);
  assert.deepEqual([second.total, second.next], [3, null]);
});

test('a row says who it is, which ids they have, and where they were looked for', async (t) => {
  const { context, stash } = await opened(t, 2);
  stash.performers.set(
    '1',
    aPerformer(1, {
      name: 'Ada',
      disambiguation: 'the first',
      stashIds: [{ endpoint: OTHER_BOX, stashId: boxId(9) }],
    }),
  );
  await suggest(context, '1', [link('1', 1, 0.9), wrong('1', 0.98)]);
  await context.store.boxLookUps.put(BOX, [{ performerId: '1', revision: 'a', at: 7 }]);
  const { items, boxes } = await page(context, {});
  const [{ suggestions, ...row }] = items as [(typeof items)[0]];
  assert.deepEqual(row, {
    performerId: '1',
    name: 'Ada',
    disambiguation: 'the first',
    stashIds: [{ endpoint: OTHER_BOX, stashId: boxId(9) }],
    missing: [{ endpoint: BOX, lookedUpAt: 7, isWaiting: false }],
  });
  assert.deepEqual(
    suggestions.map(({ kind, view }) => [kind, view]),
    [
      ['stash-id-repair', { picture: { url: '/performer/1/image' } }],
      ['performer-stash-id', { picture: { url: '/performer/1/image' } }],
    ],
  );
  assert.deepEqual(boxes, [{ endpoint: BOX, name: 'Box' }]);
});

test('it can be asked for one stash-box, one kind, a lowest confidence and a part of a name', async (t) => {
  const { context } = await opened(t, 3);
  await suggest(context, '1', [link('1', 1, 0.5), link('1', 2, 0.9, OTHER_BOX)]);
  await suggest(context, '2', [wrong('2', 0.98)]);
  await suggest(context, '3', [link('3', 3, 0.6)]);
  for (const [asked, rows] of [
    [{ endpoint: BOX }, ['2: 0.98', '3: 0.6', '1: 0.5']],
    [{ endpoint: OTHER_BOX }, ['1: 0.9']],
    [{ kind: 'stash-id-repair' }, ['2: 0.98']],
    [{ kind: 'performer-stash-id', minConfidence: 0.6 }, ['1: 0.9', '3: 0.6']],
    [{ text: 'performer 3' }, ['3: 0.6']],
  ] satisfies [Ask<'stashIds.performers'>, string[]][])
    assert.deepEqual(shown(await page(context, asked)), rows, JSON.stringify(asked));
});

test('a list that was sent is shown in its order, also those of whom nothing is suggested, and "accept all" keeps to it', async (t) => {
  const { context, stash } = await opened(t, 5);
  await suggest(context, '1', [link('1', 1, 0.96)]);
  await suggest(context, '4', [link('4', 4, 0.97), link('4', 5, 0.2)]);
  const { performerList } = await stashBoxOperations['stashIds.list'](context, {
    performerIds: ['5', '4', '2', '3', '4'],
  });
  const first = await page(context, { performerList, limit: 2 });
  assert.deepEqual([shown(first), first.total], [['5: ', '4: 0.97 0.2'], 4]);
  const second = await page(context, { performerList, limit: 2, after: first.next! });
  assert.deepEqual([shown(second), second.next], [['2: ', '3: '], null]);
  const without4 = { ...context, exclusions: await excluding(t, stash, 'Performer 4') };
  const behind = await page(without4, { performerList, limit: 2, after: first.next! });
  assert.deepEqual([shown(behind), behind.next], [['2: ', '3: '], null]);
  const sure = await page(context, { performerList, minConfidence: 0.5 });
  assert.deepEqual([shown(sure), sure.total], [['4: 0.97'], 1]);

  const all = { performerList, endpoint: BOX, minConfidence: 0.5 };
  const input = operations['suggestions.accept'].input().parse({ all });
  const { accepted } = await suggestionOperations['suggestions.accept'](context, input);
  assert.equal(accepted.length, 1);
  assert.deepEqual(stash.performers.get('1')?.stashIds, []);
  assert.deepEqual(stash.performers.get('4')?.stashIds, [{ endpoint: BOX, stashId: boxId(4) }]);
  // The other one of that stash-box is nobody's now.
  assert.deepEqual(shown(await page(context, { performerList, minConfidence: 0 })), []);
});

test('of a list a name finds those of whom nothing is suggested too, by name, disambiguation and alias', async (t) => {
  const { context, stash } = await opened(t, 4);
  stash.performers.set('1', aPerformer(1, { name: 'Ada', disambiguation: 'of London' }));
  stash.performers.set('2', aPerformer(2, { name: 'Bea', aliases: ['Countess  ADA'] }));
  await suggest(context, '1', [link('1', 1, 0.9)]);
  await suggest(context, '3', [link('3', 3, 0.9)]);
  const { performerList } = await stashBoxOperations['stashIds.list'](context, {
    performerIds: ['4', '3', '2', '1'],
  });
  for (const [asked, rows] of [
    [{ text: 'ada' }, ['2: ', '1: 0.9']],
    [{ text: 'LONDON' }, ['1: 0.9']],
    [{ text: 'countess ada' }, ['2: ']],
    [{ text: 'ada', minConfidence: 0 }, ['1: 0.9']],
    [{ text: 'nobody' }, []],
  ] as const) {
    const found = await page(context, { performerList, ...asked });
    assert.deepEqual([shown(found), found.total], [rows, rows.length], JSON.stringify(asked));
  }
});

test('what is accepted at once of a list with a name is what its rows show', async (t) => {
  const { context, stash } = await opened(t, 3);
  stash.performers.set('1', aPerformer(1, { name: 'Ann', aliases: ['Ada'] }));
  stash.performers.set('2', aPerformer(2, { name: 'Bea' }));
  const other = link('2', 2, 0.9);
  await suggest(context, '1', [link('1', 1, 0.9)]);
  await suggest(context, '2', [{ ...other, evidence: { ...other.evidence, name: 'Ada Lovelace' } }]);
  const { performerList } = await stashBoxOperations['stashIds.list'](context, { performerIds: ['1', '2'] });
  const conditions = { performerList, text: 'ada', minConfidence: 0 };
  const rows = await page(context, conditions);
  assert.deepEqual([shown(rows), rows.listed], [['1: 0.9'], 2]);
  const asked = operations['suggestions.list'].input().parse({ ...conditions, entityKind: 'performer' });
  const { items } = await suggestionOperations['suggestions.list'](context, asked);
  assert.deepEqual(
    items.map(({ entity }) => entity.id),
    ['1'],
  );
});

test('a list that is kept no longer is said, and who is excluded or gone is on no page', async (t) => {
  const { context, stash } = await opened(t, 3, { excludedPerformers: 'Performer 2' });
  await suggest(context, '3', [link('3', 3, 0.6)]);
  const { performerList } = await stashBoxOperations['stashIds.list'](context, {
    performerIds: ['1', '2', '3'],
  });
  stash.performers.delete('3');
  assert.deepEqual(shown(await page(context, { performerList })), ['1: ']);
  assert.deepEqual(shown(await page(context, {})), []);
  await context.store.state.delete(`performer-list:${performerList}`);
  await assert.rejects(page(context, { performerList }), (error) => hasCode(error, 'not-found'));
});

test('those of a list are looked up by the task, and their rows say that they wait', async (t) => {
  const { context, stash } = await opened(t, 3);
  const { performerList } = await stashBoxOperations['stashIds.list'](context, { performerIds: ['3', '1'] });
  const started = await stashBoxOperations['stashIds.find'](context, { performerList, force: true });
  assert.equal(started.joined, false);
  assert.deepEqual(stash.started, [
    { name: 'Link stash-box IDs', args: { performer_ids: ['3', '1'], force: true } },
  ]);
  const [request, ...others] = await linkRequests.read(context);
  assert.deepEqual([request?.performerIds, request?.force, others], [['1', '3'], true, []]);
  const waiting = async (): Promise<string[]> => {
    const { performerList: all } = await stashBoxOperations['stashIds.list'](context, {
      performerIds: ['1', '2', '3'],
    });
    const { items } = await page(context, { performerList: all });
    return items.flatMap((row) => (row.missing.some(({ isWaiting }) => isWaiting) ? row.performerId : []));
  };
  assert.deepEqual(await waiting(), [], 'Stash has no such job');
  stash.jobs.push({
    id: '9',
    status: 'READY',
    description: 'Running plugin task: Link stash-box IDs',
    addedAt: '',
  });
  assert.deepEqual(await waiting(), ['1', '3']);
  await context.store.state.set('stash-id-links', [
    { ...request!, boxes: request!.boxes.map((box) => ({ ...box, after: '1' })) },
  ]);
  assert.deepEqual(await waiting(), ['3']);
});

test('with 50 000 suggestions of 7 000 performers each page costs the same few questions', async (t) => {
  const { context, stash } = await opened(t, 7000);
  const { database, statements } = await manySuggestions(t);
  const asked: string[] = [];
  stash.before = (call) => void asked.push(call);
  const suggestions = createSuggestions({ database, now: () => 1 });
  const many = { ...context, store: { ...context.store, suggestions } };
  const costOf = async (input: Ask<'stashIds.performers'>) => {
    statements.length = 0;
    asked.length = 0;
    const answer = await page(many, input);
    return {
      answer,
      statements: statements.length,
      rows: statements.reduce((sum, { rows }) => sum + rows, 0),
      stash: [...asked],
      wide: statements.flatMap(({ sql }) => stepsOf(database, sql).filter(isWide)),
    };
  };
  const first = await costOf({});
  assert.equal(first.answer.total, 7000);
  assert.equal(first.answer.items.length, 20);
  assert.deepEqual([first.stash, first.wide], [['fieldsOf'], []]);
  assert.ok(first.statements <= 3 && first.rows <= 250, `${first.statements} statements, ${first.rows} rows`);

  const { performerList } = await stashBoxOperations['stashIds.list'](many, {
    performerIds: Array.from({ length: 7000 }, (_, n) => String(7000 - n)),
  });
  for (const input of [
    { after: first.answer.next! },
    { after: '0.93 1' },
    { performerList },
    { performerList, after: '3500' },
    { performerList, minConfidence: 0.9 },
    { endpoint: BOX, text: 'performer 12' },
  ]) {
    const { statements: count, stash: calls, wide, answer } = await costOf(input);
    assert.equal(answer.items.length, 20, JSON.stringify(input));
    // Who is excluded stands in the settings.
    const others = calls.filter((call) => call !== 'settings');
    assert.deepEqual([others, calls.length <= 2, wide], [['fieldsOf'], true, []], JSON.stringify(input));
    assert.ok(count <= first.statements, `${count} statements: ${JSON.stringify(input)}`);
  }
});

/** A store with them, and what is asked of it. */
async function manySuggestions(t: TestContext) {
  const folder = tempFolder(t);
  const real = await openDatabase(path.join(folder, 'many.sqlite'));
  t.after(() => real.close());
  await migrate(real, MIGRATIONS, { backup: false });
  const evidence = JSON.stringify(link('1', 1, 0.5).evidence);
  await real.write((sql) => {
    sql.run(
      `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 49999)
      INSERT INTO suggestions (kind, key, entity_kind, entity_id, entity_title, target_name, search_text, severity, confidence,
        state, payload, evidence, analyzer, analyzer_version, created_at, updated_at)
      SELECT 'performer-stash-id', 'key ' || n, 'performer', CAST(n % 7000 + 1 AS TEXT), 'Performer ' || (n % 7000 + 1), '',
        'performer ' || (n % 7000 + 1), 'info', (n * 7919 % 10000) / 10000.0, 'open',
        json_object('stashId', json_object('endpoint', ?1, 'stashId', 'id ' || n)), ?2, ?3, 1, 1, 1 FROM n`,
      BOX,
      evidence,
      linkAnalyzer(BOX),
    );
  });
  const statements: { sql: string; rows: number }[] = [];
  const recording: Connection = {
    ...real.raw,
    get: (sql, ...values) => (statements.push({ sql, rows: 1 }), real.raw.get(sql, ...values)),
    all(sql, ...values) {
      const rows = real.raw.all(sql, ...values);
      statements.push({ sql, rows: rows.length });
      return rows;
    },
  };
  const database: Database = { ...real, read: (work) => real.read(() => work(recording)) };
  return { database, statements };
}

function stepsOf({ raw }: Database, sql: string): string[] {
  return raw.all(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row['detail']));
}

/** All of a table, or rows put in order by hand. */
function isWide(step: string): boolean {
  return /^SCAN (?!json_each)/.test(step) || /TEMP B-TREE FOR ORDER BY/.test(step);
}

async function opened(t: TestContext, performers: number, settings: Record<string, string> = {}) {
  const stash = memoryStash({
    performers: Array.from({ length: performers }, (_, n) =>
      aPerformer(n + 1, { name: `Performer ${n + 1}` }),
    ),
  });
  const context = await fakeContext(t, stash, { stashBoxes: memoryBox(), settings });
  return { context, stash };
}

/** Where the settings name this performer. */
async function excluding(
  t: TestContext,
  stash: MemoryStash,
  name: string,
): Promise<FakeContext['exclusions']> {
  return (await fakeContext(t, stash, { settings: { excludedPerformers: name } })).exclusions;
}

async function page(
  context: FakeContext,
  asked: Ask<'stashIds.performers'>,
): Promise<Output<'stashIds.performers'>> {
  const { input, output } = operations['stashIds.performers'];
  return output().parse(await stashBoxOperations['stashIds.performers'](context, input().parse(asked)));
}

function shown({ items }: Output<'stashIds.performers'>): string[] {
  return items.map(
    ({ performerId, suggestions }) =>
      `${performerId}: ${suggestions.map(({ confidence }) => confidence).join(' ')}`,
  );
}

async function suggest(
  { store }: FakeContext,
  id: string,
  proposals: readonly (ProposalOf<'performer-stash-id'> | ProposalOf<'stash-id-repair'>)[],
): Promise<void> {
  for (const analyzer of new Set(proposals.map((one) => one.analyzer))) {
    const some: Proposal[] = proposals.filter((one) => one.analyzer === analyzer);
    await store.suggestions.replace({ kind: 'performer', id }, analyzer, some);
  }
}

function link(id: string, n: number, confidence: number, endpoint = BOX): ProposalOf<'performer-stash-id'> {
  return {
    kind: 'performer-stash-id',
    entity: { kind: 'performer', id },
    entityTitle: `Performer ${id}`,
    target: null,
    targetName: '',
    severity: 'info',
    confidence,
    payload: { stashId: { endpoint, stashId: boxId(n) } },
    evidence: {
      signs: [],
      isStrong: confidence > 0.9,
      name: `Performer ${id}`,
      disambiguation: '',
      birthDate: null,
      country: null,
      imageId: null,
    },
    analyzer: linkAnalyzer(endpoint),
    analyzerVersion: 1,
  };
}

function wrong(id: string, confidence: number): ProposalOf<'stash-id-repair'> {
  return {
    ...link(id, 1, confidence),
    kind: 'stash-id-repair',
    payload: { wrong: { endpoint: BOX, stashId: boxId(90) }, right: null },
    evidence: { reason: 'deleted', name: '', disambiguation: '', imageId: null },
    analyzer: checkAnalyzer(BOX),
  };
}
