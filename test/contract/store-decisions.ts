import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notReferences, notSeen } from '../../core/suggestions/dismissal.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { contentId, fresh, performer, plannedEntry, type CreateStore } from './store-samples.ts';

const BOX = 'https://box.example/graphql';
const OTHER_BOX = 'https://other.example/graphql';
const JANE = performer(5, { name: 'Jane Doe', stashIds: [{ endpoint: BOX, stashId: 'jane' }] });

export function testDecisions(name: string, create: CreateStore): void {
  const cases: { who: string; asked: StashPerformer; rejected: boolean }[] = [
    { who: 'the performer', asked: JANE, rejected: true },
    {
      who: 'the same id under another name',
      asked: performer(5, { name: 'Renamed' }),
      rejected: true,
    },
    {
      who: 'another id with the same stash-box id (merged)',
      asked: performer(9, { name: 'J. Doe', stashIds: [{ endpoint: BOX, stashId: 'jane' }] }),
      rejected: true,
    },
    {
      who: 'another id with the same name (merged)',
      asked: performer(9, { name: ' jane  DOE' }),
      rejected: true,
    },
    {
      who: 'another id with the same name, known to another stash-box',
      asked: performer(9, { name: 'Jane Doe', stashIds: [{ endpoint: OTHER_BOX, stashId: 'x' }] }),
      rejected: true,
    },
    {
      who: 'somebody of the same name whom the stash-box tells apart',
      asked: performer(9, { name: 'Jane Doe', stashIds: [{ endpoint: BOX, stashId: 'other jane' }] }),
      rejected: false,
    },
    {
      who: 'the same name with another disambiguation',
      asked: performer(9, { name: 'Jane Doe', disambiguation: 'II' }),
      rejected: false,
    },
    {
      who: 'the same stash-box id of another stash-box',
      asked: performer(9, { stashIds: [{ endpoint: OTHER_BOX, stashId: 'jane' }] }),
      rejected: false,
    },
    { who: 'somebody else', asked: performer(6), rejected: false },
  ];
  for (const { who, asked, rejected } of cases)
    test(`${name}: ${who} is ${rejected ? '' : 'not '}rejected, and taking it back is for the same`, async () => {
      const { dismissals } = (await fresh(create)).store;
      await dismissals.dismiss(notSeen([contentId(1), contentId(2), contentId(1)], JANE), 1);
      assert.equal(await dismissals.isDismissed(notSeen([contentId(3), contentId(2)], asked)), rejected);
      assert.equal(await dismissals.isDismissed(notSeen([contentId(3)], asked)), false);
      assert.equal(await dismissals.isDismissed(notSeen([], asked)), false);
      await dismissals.withdraw(notSeen([contentId(1), contentId(2)], asked));
      assert.equal(await dismissals.isDismissed(notSeen([contentId(1), contentId(2)], JANE)), !rejected);
    });

  const merged = performer(9, { name: 'J. D.', aliases: ['Janet', ' JANE  doe'] });
  const another = performer(5, { name: 'Jane Doe', disambiguation: 'II' });
  const merges: {
    what: string;
    dismissed?: StashPerformer;
    asked?: StashPerformer;
    others?: readonly StashPerformer[];
    rejected: boolean;
  }[] = [
    { what: 'was merged into one who keeps the name as an alias', asked: merged, rejected: true },
    {
      what: 'was merged into one whom another stash-box knows',
      asked: { ...merged, stashIds: [{ endpoint: OTHER_BOX, stashId: 'x' }] },
      rejected: true,
    },
    {
      what: 'took in another one and is called by the other name',
      asked: performer(5, { name: 'J. D.', aliases: ['Jane Doe'] }),
      rejected: true,
    },
    { what: 'is still in Stash beside one with such an alias', others: [JANE], rejected: false },
    {
      what: 'is gone, and the stash-box tells the one with the alias apart',
      asked: { ...merged, stashIds: [{ endpoint: BOX, stashId: 'other jane' }] },
      rejected: false,
    },
    {
      what: 'is gone, and two have such an alias',
      others: [performer(7, { aliases: ['Jane Doe'] })],
      rejected: false,
    },
    {
      what: 'is gone, and another one has the name',
      others: [performer(7, { name: 'Jane Doe', disambiguation: 'III' })],
      rejected: false,
    },
    {
      what: 'had an alias that is the name of somebody else',
      dismissed: { ...JANE, aliases: ['J. D.'] },
      asked: performer(9, { name: 'J. D.' }),
      rejected: false,
    },
    { what: 'had a disambiguation and was merged', dismissed: another, rejected: true },
    {
      what: 'had a disambiguation, and one with the name alone is in Stash',
      dismissed: another,
      others: [performer(7, { name: 'Jane Doe' })],
      rejected: false,
    },
    {
      what: 'was merged into one who took over the disambiguation, beside one with the name alone',
      dismissed: another,
      asked: { ...merged, disambiguation: 'ii' },
      others: [performer(7, { name: 'Jane Doe' })],
      rejected: true,
    },
  ];
  for (const { what, dismissed = JANE, asked = merged, others = [], rejected } of merges)
    test(`${name}: a "no" to one who ${what} is ${rejected ? 'kept' : 'not applied'}`, async () => {
      const { store } = await fresh(create);
      await store.people.putPerformer(dismissed);
      await store.dismissals.dismiss(notSeen([contentId(1)], dismissed), 1);
      const now = [asked, ...others];
      for (const known of now) await store.people.putPerformer(known);
      await store.people.dropMissing(new Set(now.map(({ id }) => id)));
      const no = notSeen([contentId(1)], asked);
      assert.equal(await store.dismissals.isDismissed(no), rejected);
      await store.dismissals.withdraw(no);
      assert.equal(await store.dismissals.isDismissed(notSeen([contentId(1)], dismissed)), !rejected);
    });

  test(`${name}: a decision is for ever, and taking it back for one file leaves the others`, async () => {
    const { store, reopen, clock } = await fresh(create);
    await store.dismissals.dismiss(notSeen([contentId(1), contentId(2)], JANE), clock.at);
    await store.dismissals.dismiss(notSeen([contentId(1)], JANE), clock.at + 1);
    clock.at += 1e12;
    const { dismissals } = await reopen();
    await dismissals.withdraw(notSeen([contentId(1)], JANE));
    assert.equal(await dismissals.isDismissed(notSeen([contentId(1)], JANE)), false);
    assert.equal(await dismissals.isDismissed(notSeen([contentId(2)], JANE)), true);
  });

  test(`${name}: what is in no file is dismissed by its key, and a finding in files only for its own kind of them`, async () => {
    const { store, reopen } = await fresh(create);
    const link = { key: 'some-kind:performer:5:box' };
    await store.dismissals.dismiss(link, 1);
    await store.dismissals.dismiss(link, 2);
    const { dismissals } = await reopen();
    assert.equal(await dismissals.isDismissed(link), true);
    assert.equal(await dismissals.isDismissed({ key: 'some-kind:performer:6:box' }), false);
    assert.equal(await dismissals.isDismissed(notSeen([contentId(1)], JANE)), false);
    await dismissals.dismiss(notSeen([contentId(1)], JANE), 1);
    await dismissals.withdraw(link);
    assert.equal(await dismissals.isDismissed(link), false);
    assert.equal(await dismissals.isDismissed({ key: 'performer-seen' }), false);
    assert.equal(await dismissals.isDismissed(notSeen([contentId(1)], JANE)), true);
  });

  test(`${name}: a picture that is no reference of a performer says nothing of who is in it, and the other way round`, async () => {
    const { dismissals } = (await fresh(create)).store;
    await dismissals.dismiss(notReferences([contentId(1)], JANE), 1);
    assert.equal(await dismissals.isDismissed(notSeen([contentId(1)], JANE)), false);
    await dismissals.dismiss(notSeen([contentId(1)], JANE), 1);
    await dismissals.withdraw(notSeen([contentId(1)], JANE));
    const withStashId = performer(9, { stashIds: JANE.stashIds });
    assert.equal(await dismissals.isDismissed(notReferences([contentId(1)], withStashId)), true);
    await dismissals.withdraw(notReferences([contentId(1)], withStashId));
    assert.equal(await dismissals.isDismissed(notReferences([contentId(1)], JANE)), false);
  });

  test(`${name}: a journal entry is planned, then written with what really changed, then undone`, async () => {
    const { store, clock } = await fresh(create);
    const { journal } = store;
    const id = await journal.plan(plannedEntry());
    const entry: JournalEntry = { ...plannedEntry(), id, state: 'planned', at: clock.at, undoneAt: null };
    assert.deepEqual(await journal.planned(), [entry]);
    const changed = {
      changes: [
        {
          op: 'add' as const,
          entity: { kind: 'scene' as const, id: '1' },
          field: 'performers',
          values: ['5'],
        },
        { op: 'add' as const, entity: { kind: 'scene' as const, id: '1' }, field: 'tags', values: ['8'] },
      ],
    };
    clock.at += 5;
    await journal.settle(id, 'written', changed);
    assert.deepEqual(await journal.get(id), { ...entry, ...changed, state: 'written' });
    assert.deepEqual(await journal.planned(), []);
    await journal.settle(id, 'undone');
    assert.deepEqual(await journal.get(id), { ...entry, ...changed, state: 'undone', undoneAt: clock.at });
    const performerRef = { kind: 'performer', id: '77' } as const;
    const creation = {
      op: 'create' as const,
      kind: 'performer' as const,
      values: { name: 'Jane' },
      id: null,
    };
    const unmade = { entity: { ...performerRef, id: '' }, changes: [creation] };
    const made = { entity: performerRef, changes: [{ ...creation, id: '77' }] };
    const creating = await journal.plan(plannedEntry(unmade));
    await journal.settle(creating, 'written', made);
    const { items } = await journal.list({ entity: performerRef }, 9, 0);
    assert.deepEqual(items, [{ ...entry, ...made, id: creating, state: 'written', at: clock.at }]);
    assert.equal(await journal.get('12345'), null);
    await assert.rejects(
      journal.settle('12345', 'void'),
      (error) => error instanceof StashSenseError && error.code === 'not-found',
    );
  });

  test(`${name}: the journal is listed newest first, by entity, batch and state`, async () => {
    const { journal } = (await fresh(create)).store;
    const scene = { kind: 'scene', id: '2' } as const;
    const first = await journal.plan(plannedEntry({ batchId: 'one' }));
    const second = await journal.plan(plannedEntry({ batchId: 'one', entity: scene }));
    const third = await journal.plan(plannedEntry({ batchId: 'two', entity: scene }));
    await journal.settle(third, 'void');
    const ids = async (filter: Parameters<typeof journal.list>[0]) =>
      (await journal.list(filter, 10, 0)).items.map((item) => item.id);
    assert.deepEqual(await ids({}), [third, second, first]);
    assert.deepEqual(await ids({ entity: scene }), [third, second]);
    assert.deepEqual(await ids({ batchId: 'one', entity: scene }), [second]);
    assert.deepEqual(await ids({ state: 'planned' }), [second, first]);
    assert.deepEqual(await ids({ before: third }), [second, first]);
    assert.deepEqual(await ids({ batchId: 'one', before: second }), [first]);
    const page = await journal.list({}, 1, 1);
    assert.deepEqual([page.total, page.items.map((item) => item.id)], [3, [second]]);
    assert.deepEqual(
      (await journal.planned()).map((entry) => entry.id),
      [first, second],
    );
  });
}
