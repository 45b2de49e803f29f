/** Whom only the cover of a scene shows: a poster, or the cover of another film. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Settings } from '../../core/settings.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';
import { inEnglish } from '../../core/messages/english.ts';

const SCENE = { kind: 'scene', id: '1' } as const;
const COVER = '/scene/1/screenshot';

test('the cover shows somebody whom the film does not: the user is asked, and told why', async (t) => {
  const { context } = await seen(t, '1', '2');
  assert.deepEqual(await suggested(context), ['match 1', 'only the cover shows 2']);
  const { persons } = await identifyOperations['entity.faces'](context, { entity: SCENE });
  assert.deepEqual(
    persons.map(({ decision, name, onlyCover, timesMs, candidates, confidence }) => [
      decision,
      name,
      onlyCover,
      timesMs.length,
      candidates[0]?.name,
      confidence > 0.5,
    ]),
    [
      ['match', 'Performer 1', undefined, 1, 'Performer 1', true],
      ['ambiguous', null, true, 0, 'Performer 2', false],
    ],
  );
});

test('nothing writes it by itself, whatever the settings say, and no "accept all"', async (t) => {
  const { context, stash } = await seen(t, '1', '2', { autoAcceptConfidence: 10, matchConfidence: 10 });
  await autoAccept(context, aSlice(), SCENE);
  assert.deepEqual(performersOn(stash), ['1']);
  const all = { state: 'open' as const, minConfidence: 0.01 };
  const accept = suggestionOperations['suggestions.accept'];
  const answer = await accept(context, { all, limit: 500, offset: 0, dryRun: false });
  assert.deepEqual([answer.accepted, answer.refused], [[], []]);
  const [asked] = (await listed(context)).filter(({ kind }) => kind === 'performer-ambiguous');
  const { accepted, refused } = await accept(context, { ids: [asked!.id], dryRun: false });
  assert.deepEqual(accepted, []);
  assert.match(inEnglish(refused[0]!.reason), /Only the cover shows Performer 2/);
  assert.deepEqual(performersOn(stash), ['1']);
});

test('a yes adds them, a no is remembered, and both have their way back', async (t) => {
  const { context, stash } = await seen(t, '1', '2');
  const question = (await listed(context)).find(({ kind }) => kind === 'performer-ambiguous')!;
  const { accepted } = await suggestionOperations['suggestions.accept'](context, {
    ids: [question.id],
    choices: { [question.id]: { performerId: '2' } },
    dryRun: false,
  });
  assert.deepEqual(performersOn(stash), ['2']);
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(performersOn(stash), []);
  await suggestionOperations['suggestions.reject'](context, { ids: [question.id] });
  await context.store.state.delete('all-matched-with');
  await context.store.observations.setMatchedWith(SCENE, 'of old');
  await rematchAll(context, aSlice());
  assert.deepEqual(await suggested(context), ['match 1']);
  await suggestionOperations['suggestions.reopen'](context, { ids: [question.id] });
  assert.deepEqual(await suggested(context), ['match 1', 'only the cover shows 2']);
});

test('where the film shows them too, and where there is no cover, all is as ever', async (t) => {
  assert.deepEqual(await suggested((await seen(t, '1 2', '2')).context), ['match 1', 'match 2']);
  assert.deepEqual(await suggested((await seen(t, '1 2', null)).context), ['match 1', 'match 2']);
});

test('two performers of one face on the cover are one question, which says where they are seen', async (t) => {
  const { context } = await seen(t, '1', '2', {}, { 3: '2' });
  assert.deepEqual(await suggested(context), ['match 1', 'only the cover shows 2 3']);
});

async function seen(
  t: TestContext,
  film: string,
  cover: string | null,
  settings: Partial<Settings> = {},
  pictures: Record<string, string> = {},
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  for (const [id, face] of Object.entries({ 1: '1', 2: '2', 3: '3', ...pictures }))
    stash.addPerformer(Number(id), `face ${face}`);
  stash.addScene(1, film, { coverPath: cover === null ? null : COVER });
  if (cover !== null) stash.media.set(COVER, Buffer.from(cover));
  const context = await fakeContext(t, stash, { vision: fakeVision(), settings });
  await runSlice(context, people, {}, {});
  const scene = stash.items.get('scene:1')!;
  await createObserveAndMatch(context)(scene, { force: false, waiting: 'in the background' });
  return { context, stash };
}

async function listed(context: FakeContext) {
  const input = { order: 'newest' as const, limit: 50, offset: 0, state: 'open' as const };
  return (await suggestionOperations['suggestions.list'](context, input)).items;
}

async function suggested(context: FakeContext): Promise<string[]> {
  return (await listed(context))
    .map((suggestion) => {
      if (suggestion.kind === 'performer-seen') return `match ${suggestion.target.id}`;
      if (suggestion.kind !== 'performer-ambiguous') return suggestion.key;
      const ids = suggestion.payload.candidates.map(({ performerId }) => performerId).toSorted();
      return `${suggestion.evidence.onlyCover === true ? 'only the cover shows' : 'one of'} ${ids.join(' ')}`;
    })
    .toSorted();
}

function performersOn({ items }: SmallLibrary): readonly string[] {
  return items.get('scene:1')?.performerIds ?? [];
}
