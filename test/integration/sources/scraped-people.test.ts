/** *Build reference pack* of performers whom the user names, from a scraper of Stash. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import type { FoundByScraper } from '../../../core/ports/boxes/scrapers.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { requestUpdates } from '../../../tasks/reference-packs/build/built-packs.ts';
import { readRequests } from '../../../tasks/reference-packs/build/requests.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { boxId } from '../../fakes/memory-box.ts';
import { aPerformer, memoryStash } from '../../fakes/memory-stash.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';

const STASHDB = 'https://stashdb.org/graphql';
const SCRAPER = 'A.Site';

test('who is named is learnt from the pictures that Stash has fetched, under their own name and ids, one request at a time', async (t) => {
  const { context, asked, add } = await opened(t);
  add('Performer 1', [
    picture('a 1'),
    picture('b 1'),
    'https://10.0.0.1/a.jpg',
    'data:text/html;base64,YQ==',
  ]);
  add('Performer 2', [picture('a 2')]);
  add('Performer 3', [picture('a 3')]);
  await build(context, ['1', '2']);
  const [pack] = await context.referencePacks.open();
  assert.equal(pack!.vectors.size, 2);
  const people = [0, 1].map((row) => pack!.person(row)!);
  assert.deepEqual(people.map(({ name }) => name).toSorted(), ['Performer 1', 'Performer 2']);
  const first = people.find(({ name }) => name === 'Performer 1')!;
  assert.deepEqual(first.stashIds, [{ endpoint: STASHDB, stashId: boxId(1) }]);
  // Nothing of the user's Stash but the name and public ids.
  assert.match(first.id, /^[0-9a-f]{32}$/);
  assert.match(context.said.join('\n'), /2 pictures of Performer 1 from the scraper A site are left out/);
  assert.ok(asked.every(({ name }) => name !== 'Performer 3'));
  for (const [n, { at }] of asked.entries())
    if (n > 0) assert.ok(at - asked[n - 1]!.at >= 3000, JSON.stringify(asked));
  assert.equal(asked.length, 4);
  // Kept current only by being asked for again.
  await requestUpdates(context);
  assert.deepEqual(await readRequests(context), []);
});

test('nobody, several of a name, and a scraper that fails for one are said, and the others are learnt', async (t) => {
  const { context, add, fails } = await opened(t);
  add('Performer 1', [picture('a 1')]);
  add('Performer 2', [picture('a 2')]);
  add('performer-2', [picture('a 4')]);
  add('Performer 3', [picture('a 3')]);
  fails.add('Performer 3');
  await build(context, ['1', '2', '3', '4', '99']);
  const [pack] = await context.referencePacks.open();
  assert.equal(pack!.vectors.size, 1);
  const said = context.said.join('\n');
  assert.match(said, /The scraper A site finds 2 people called Performer 2: nothing is learnt/);
  assert.match(said, /failed for Performer 3 \(.*exit status 1.*\)/);
  assert.match(said, /The scraper A site finds nobody called Performer 4/);
});

test('of several of a name the one of the same disambiguation is meant; who is excluded is not asked for', async (t) => {
  const { context, add, asked } = await opened(t, 'Performer 5 [5]');
  add('Twin', [picture('a 1')], 'one');
  add('Twin', [picture('a 2')], 'other');
  add('Performer 5', [picture('a 5')]);
  await build(context, ['5', '6']);
  const [pack] = await context.referencePacks.open();
  assert.equal(pack!.vectors.size, 1);
  assert.deepEqual([pack!.person(0)!.name, pack!.person(0)!.disambiguation], ['Twin', 'Other']);
  assert.ok(asked.every(({ name }) => name === 'Twin'));
});

test('what is asked wrongly is told in a sentence, and nobody is asked', async (t) => {
  const { context, asked } = await opened(t);
  for (const [args, sentence] of [
    [{ scraper: SCRAPER }, /--performer/],
    [{ performers: ['1'] }, /--scraper ID/],
    [{ scraper: SCRAPER, performers: ['1'], estimate: true }, /nothing can be measured/],
    [{ scraper: SCRAPER, performers: Array.from({ length: 201 }, (_, n) => String(n)) }, /up to 200/],
    [{ scraper: 'nothing', performers: ['1'] }, /Stash has no scraper "nothing" .*; there are A\.Site\./],
  ] as const)
    await assert.rejects(runTask(context, buildReferencePack, args), { message: sentence });
  assert.deepEqual(asked, []);
});

function picture(text: string): string {
  return `data:image/jpeg;base64,${Buffer.from(text).toString('base64')}`;
}

async function build(context: FakeContext, performers: readonly string[]): Promise<void> {
  await runTask(context, buildReferencePack, { scraper: SCRAPER, performers: [...performers] });
}

async function opened(t: TestContext, excludedPerformers = '') {
  const stash = memoryStash({
    performers: [1, 2, 3, 4, 5].map((n) =>
      aPerformer(n, { stashIds: [{ endpoint: STASHDB, stashId: boxId(n) }] }),
    ),
  });
  stash.performers.set('6', aPerformer(6, { name: 'Twin', disambiguation: 'Other' }));
  stash.settings = { excludedPerformers };
  const clock = turningClock();
  const asked: { name: string; at: number }[] = [];
  const found: { one: FoundByScraper; pictures: readonly string[] }[] = [];
  const fails = new Set<string>();
  const note = (name: string): void => {
    asked.push({ name, at: clock.now() });
    if (fails.has(name)) throw new StashSenseError('stash-refused', plain('scraper: exit status 1'));
  };
  const context = await fakeContext(t, stash, {
    vision: fakeVision({ now: clock.now }),
    now: clock.now,
    sleep: clock.sleep,
    settings: { excludedPerformers },
    scrapers: {
      list: () => Promise.resolve([{ id: SCRAPER, name: 'A site' }]),
      async find(_id, name) {
        note(name);
        const words = name.toLowerCase();
        return found.flatMap(({ one }) =>
          one.name.toLowerCase().replace('-', ' ').includes(words) ? [one] : [],
        );
      },
      async pictures(_id, one) {
        note(one.name);
        return found.find((it) => it.one === one)!.pictures;
      },
    },
  });
  return {
    context,
    asked,
    fails,
    add: (name: string, pictures: readonly string[], disambiguation: string | null = null) =>
      void found.push({ one: { name, disambiguation, urls: [], remoteSiteId: null }, pictures }),
  };
}
