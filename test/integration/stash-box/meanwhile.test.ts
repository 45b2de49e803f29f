/** What happens while a stash-box is asked, and what a run that ended in between has left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { stashBoxOperations } from '../../../tasks/stash-box/operations.ts';
import { requestLinks } from '../../../tasks/stash-box/requests.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { BOX, boxId } from '../../fakes/memory-box.ts';
import { acceptance, addPerformer, link, opened, suggested, wrongOnes } from './linking.ts';

test('who was linked in Stash while a stash-box was asked is suggested nobody', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  await addPerformer(context, stash, 2, { name: 'Grace Hopper' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(2, ['face 2'], { name: 'Grace Hopper' });
  box.before = (call) => {
    if (!call.startsWith('picture')) return;
    const stashIds = [{ endpoint: BOX, stashId: boxId(1) }];
    stash.performers.set('1', { ...stash.performers.get('1')!, stashIds });
  };
  await link(context);
  assert.deepEqual(
    (await suggested(context)).map(({ entity }) => entity.id),
    ['2'],
  );
});

test('what a person decided while a stash-box was asked is not suggested again', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(2, [], { name: 'Ada Lovelace' });
  await link(context);
  const [first] = await suggested(context);
  let isAccepted = false;
  box.before = async (call) => {
    if (isAccepted || !call.startsWith('picture')) return;
    isAccepted = true;
    const { refused } = await suggestionOperations['suggestions.accept'](context, acceptance([first!.id]));
    assert.deepEqual(refused, []);
  };
  await link(context, { force: true });
  assert.ok(isAccepted);
  assert.deepEqual(await suggested(context), []);
});

test('ids that were corrected in Stash while a stash-box was asked are not said to be wrong', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace', stashIds: idsAt(2) });
  box.add(1, []);
  box.add(2, [], { deleted: true, mergedIntoId: boxId(1) });
  box.before = () => void stash.performers.set('1', { ...stash.performers.get('1')!, stashIds: idsAt(1) });
  await link(context);
  assert.deepEqual(await wrongOnes(context), []);
});

test('one performer of whom a stash-box answers an error keeps no other from being looked up', async (t) => {
  const { context, stash, box } = await opened(t);
  for (let n = 1; n <= 7; n++) {
    await addPerformer(context, stash, n, { name: `Person ${n}`, aliases: [] });
    box.add(n, [`face ${n}`]);
  }
  let breaks = 'Person 1';
  const { stashBoxes } = context;
  const open: typeof stashBoxes.open = async (endpoint) => {
    const client = await stashBoxes.open(endpoint);
    const search: typeof client.search = async (terms) => {
      if (terms.some((term) => term.startsWith(breaks)))
        throw new StashSenseError('stash-box-failed', plain('this name breaks it'));
      return await client.search(terms);
    };
    return { ...client, search };
  };
  const failing = { ...context, stashBoxes: { ...stashBoxes, open } };
  const { end } = await link(failing);
  assert.equal(end, 'finished');
  const found = async (): Promise<string[]> =>
    (await suggested(context)).map(({ entity }) => entity.id).toSorted();
  assert.deepEqual(await found(), ['2', '3', '4', '5', '6', '7']);
  breaks = '';
  await assert.rejects(link(failing, { force: true }), /this name breaks it/);
  await assert.rejects(link(failing, { performer_ids: ['1'] }), /this name breaks it/);
  breaks = 'nobody';
  await link(failing);
  assert.deepEqual(await found(), ['1', '2', '3', '4', '5', '6', '7']);
});

test('the same that is asked for while a run is at it is done once more, and what a dead run has left goes on', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  await addPerformer(context, stash, 2, { name: 'Grace Hopper' });
  box.add(1, ['face 1'], { name: 'Ada King' });
  box.add(2, ['face 2'], { name: 'Grace Hopper' });
  const asked = { performer_ids: ['1', '2'], force: true };
  const waiting = async (): Promise<number> =>
    ((await context.store.state.get('stash-id-links')) ?? []).length;
  box.before = async () => {
    if ((await context.store.state.get('stash-id-links'))?.[0]?.boxes[0]?.checkedTo === '0') return;
    box.before = () => undefined;
    // The page asks twice: once more of what waits already is nothing new.
    for (let n = 0; n < 2; n++) await requestLinks(context, asked);
    assert.equal(await waiting(), 2);
  };
  await link(context, asked);
  assert.equal(await waiting(), 0);
  assert.equal(box.calls.filter((call) => call.startsWith('search')).length, 2);

  // A run that was killed.
  const before = { id: 'left', performerIds: ['1', '2'], force: true } as const;
  const left = {
    endpoint: BOX,
    after: '1',
    passed: 1,
    state: 'waits',
    problem: null,
    asked: 1,
    found: 1,
    sure: 1,
    wrong: 0,
    checkedTo: '2',
    repairedTo: '0',
    recutTo: '0',
    unread: 0,
  } as const;
  await context.store.state.set('stash-id-links', [
    { ...before, performerIds: [...before.performerIds], boxes: [left] },
  ]);
  const listed = async (): Promise<boolean[]> => {
    const list = await stashBoxOperations['stashIds.list'](context, { performerIds: ['2'] });
    const { items } = await stashBoxOperations['stashIds.performers'](context, { ...list, limit: 20 });
    return items.flatMap(({ missing }) => missing.map(({ isWaiting }) => isWaiting));
  };
  assert.deepEqual(await listed(), [false], 'nobody works on it');
  await requestLinks(context, asked);
  assert.equal(await waiting(), 1);
  stash.jobs.push({
    id: '9',
    status: 'READY',
    description: 'Running plugin task: Link stash-box IDs',
    addedAt: '',
  });
  assert.deepEqual(await listed(), [true]);
});

test('of lists of performers that were sent to the page the newest are kept', async (t) => {
  const { context } = await opened(t);
  const names: string[] = [];
  for (let n = 1; n <= 22; n++)
    names.push(
      (await stashBoxOperations['stashIds.list'](context, { performerIds: [String(n)] })).performerList,
    );
  const kept = await Promise.all(
    names.map(async (name) => (await context.store.state.get(`performer-list:${name}`)) !== null),
  );
  assert.deepEqual(kept, [false, false, ...Array<boolean>(20).fill(true)]);
});

function idsAt(n: number) {
  return [{ endpoint: BOX, stashId: boxId(n) }];
}
