/** People of reference packs who were seen: made performers and added, added as somebody, rejected, and all of it undone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { JoinEvidence } from '../../core/reference-packs/reference-pack.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { aFile, aPerformer } from '../fakes/memory-stash.ts';
import { packWorld, SCENE, type PackWorld } from '../fakes/pack-world.ts';
import { aBoxPerformer, aPackPerson, BOX, idOf } from '../fakes/reference-packs.ts';
import { aSlice } from '../fakes/slice.ts';

const STASH_ID = { endpoint: BOX, stashId: 'box-3' };

test('who is seen and is no performer is suggested as a person of the pack', async (t) => {
  const world = await packWorld(t);
  const [item, ...more] = await listed(world);
  assert.equal(more.length, 0);
  assert(item?.kind === 'pack-person-seen');
  const { payload, key, target, view } = item;
  assert.equal(target, null);
  assert.equal(key, 'pack-person-seen:scene:1:pack:sample/p3');
  assert.deepEqual(
    payload.people.map(({ personId, name, stashIds }) => [personId, name, stashIds]),
    [['pack:sample/p3', 'Known 3', [STASH_ID]]],
  );
  assert.deepEqual([payload.performers, view.chosen], [[], null]);
  assert.ok(view.crop);
  assert.deepEqual((await listed(world, { text: 'known 3' })).length, 1);
  assert.deepEqual((await listed(world, { kind: 'pack-person-seen' })).length, 1);
});

test('a performer of one name with the person of the pack, whose face is alike, is that person also without the stash ID', async (t) => {
  for (const [name, expected] of [
    ['Known 3', ['performer-seen']],
    ['Somebody else', ['pack-person-seen']],
  ] as const) {
    const world = await packWorld(t, { performers: [['3', { name }]] });
    assert.deepEqual(
      (await listed(world, { state: 'open' })).map(({ kind }) => kind),
      expected,
    );
  }
});

const ELSEWHERE = { endpoint: 'https://other.example/graphql', stashId: 'other-3' };
const JOINS: JoinEvidence[] = [
  { one: STASH_ID, other: ELSEWHERE, link: 'page', similarity: 0.7, facts: ['name'] },
];

test('somebody whom several boxes know is offered with all ids and why, and made with them', async (t) => {
  const person = aPackPerson(3, { stashIds: [STASH_ID, ELSEWHERE], joins: JOINS });
  const world = await packWorld(t, { pack: [[3, person]] });
  const [suggestion] = await listed(world, { state: 'open' });
  const [offered] = suggestion?.kind === 'pack-person-seen' ? suggestion.payload.people : [];
  assert.deepEqual([offered?.stashIds, offered?.joins], [[STASH_ID, ELSEWHERE], JOINS]);
  await accept(world);
  const [made] = world.stash.performers.values();
  assert.deepEqual([made?.name, made?.stashIds], ['Known 3', [STASH_ID, ELSEWHERE]]);
});

test('a performer of yours gets the ids of all boxes that it has none of', async (t) => {
  const person = aPackPerson(3, { stashIds: [STASH_ID, ELSEWHERE], joins: JOINS });
  const other = { endpoint: ELSEWHERE.endpoint, stashId: 'its own' };
  for (const [own, expected] of [
    [[], [STASH_ID, ELSEWHERE]],
    [[other], [other, STASH_ID]],
  ] as const) {
    const world = await packWorld(t, { pack: [[3, person]], performers: [[null, { stashIds: [...own] }]] });
    await accept(world, { performerId: '1', addStashId: true });
    assert.deepEqual(world.stash.performers.get('1')?.stashIds, expected);
  }
});

test('accepted: the performer is made with all that the box publishes and is added, in one batch; the undo takes both back', async (t) => {
  const world = await packWorld(t);
  const { stash, context } = world;
  const { journalId, batchId } = await accept(world);
  const made = stash.performers.get('1')!;
  assert.deepEqual(
    [made.name, made.aliases, made.stashIds, performersOn(world)],
    ['Known 3', ['Known as'], [STASH_ID], ['1']],
  );
  assert.deepEqual(stash.performerFields.get('1'), {
    name: 'Known 3',
    aliases: ['Known as'],
    gender: 'FEMALE',
    birthdate: '1990-05-01',
    ethnicity: 'Middle Eastern',
    country: 'US',
    eyeColor: 'Blue',
    hairColor: 'Brown',
    heightCm: 170,
    measurements: '34B-24-35',
    fakeTits: 'Natural',
    careerLength: '2010 -',
    tattoos: 'left arm, a rose; back',
    urls: ['https://example.com/known'],
    stashIds: [STASH_ID],
  });
  // The one that shows them best, not the first.
  assert.deepEqual(stash.media.get(made.imagePath!), Uint8Array.of(255, 216, 255, 3));
  const { items } = await context.store.journal.list({ batchId }, 9, 0);
  assert.deepEqual(
    items.map(({ state, changes, summary }) => [state, changes[0]?.op, inEnglish(summary)]),
    [
      ['written', 'add', 'added Known 3'],
      ['written', 'create', 'created the performer Known 3'],
    ],
  );
  assert.equal(await stateOf(world), 'accepted');
  await world.matchAgain();
  assert.deepEqual(await listed(world, { state: 'open' }), []);
  const { undone, refused } = await undo(context, { ids: [journalId] });
  assert.deepEqual([undone.length, refused], [2, []]);
  assert.deepEqual([performersOn(world), stash.performers.size], [[], 0]);
  assert.equal(await stateOf(world), 'open');
});

test('an undo of the batch does the same', async (t) => {
  const world = await packWorld(t);
  const { batchId } = await accept(world);
  const { undone, refused } = await undo(world.context, { batchId });
  assert.deepEqual([undone.length, refused, world.stash.performers.size], [2, [], 0]);
});

const USES: Record<string, (world: PackWorld) => void> = {
  'is used elsewhere': ({ stash }) => stash.addScene(2, '', { performerIds: ['1'] }),
  'was changed': ({ stash }) => stash.performerFields.set('1', { country: 'NZ' }),
  'has another picture': ({ stash }) => stash.media.set('/performer/1/image?t=1', Uint8Array.of(1)),
  'has no picture any more': ({ stash }) =>
    stash.performers.set('1', { ...stash.performers.get('1')!, imagePath: null }),
};
for (const [name, use] of Object.entries(USES))
  test(`a performer who was made and ${name} stays when they are taken off again`, async (t) => {
    const world = await packWorld(t);
    const { journalId } = await accept(world);
    use(world);
    const { undone, refused } = await undo(world.context, { ids: [journalId] });
    assert.deepEqual([undone, refused], [[journalId], []]);
    assert.deepEqual([performersOn(world), world.stash.performers.size], [[], 1]);
  });

test('merged entries of the box are followed', async (t) => {
  const world = await packWorld(t);
  world.boxes.performers.set('box-3', aBoxPerformer(3, { deleted: true, mergedIntoId: 'box-4', images: [] }));
  await accept(world);
  const made = world.stash.performers.get('1')!;
  assert.deepEqual([made.name, made.stashIds], ['Known 4', [{ endpoint: BOX, stashId: 'box-4' }]]);
});

const WITHOUT_BOX: Record<string, (world: PackWorld) => void> = {
  'has no key': ({ boxes }) => void (boxes.hasKey = false),
  'does not answer': ({ boxes }) =>
    void (boxes.problem = new StashSenseError('fetch-failed', plain('It is down.'))),
  'has them no more': ({ boxes }) => void boxes.performers.delete('box-3'),
};
for (const [name, change] of Object.entries(WITHOUT_BOX))
  test(`where the box ${name} the performer is made with what the pack holds, and it is said`, async (t) => {
    const world = await packWorld(t);
    change(world);
    const { note } = await accept(world);
    assert.match(inEnglish(note!), /created with what the reference pack holds.*(API key|down|any more)/);
    assert.deepEqual(world.stash.performerFields.get('1'), {
      name: 'Known 3',
      gender: 'FEMALE',
      birthdate: '1990-01-01',
      country: 'US',
      stashIds: [STASH_ID],
    });
    assert.deepEqual(performersOn(world), ['1']);
  });

test('a performer with the stash ID is added, and none is made, whatever they are called', async (t) => {
  const world = await packWorld(t);
  world.stash.performers.set('9', aPerformer(9, { stashIds: [STASH_ID] }));
  const { journalId } = await accept(world);
  assert.deepEqual([performersOn(world), world.stash.performers.size], [['9'], 1]);
  await undo(world.context, { ids: [journalId] });
  assert.deepEqual([performersOn(world), world.stash.performers.size], [[], 1]);
});

test('where the name is taken it is asked whether it is them, and each answer is followed', async (t) => {
  const asked = async (): Promise<PackWorld> => {
    const world = await packWorld(t);
    world.stash.performers.set('9', aPerformer(9, { name: 'known 3' }));
    const [refused] = (await ask(world)).refused;
    assert.deepEqual(refused?.nameTaken, {
      personId: 'pack:sample/p3',
      name: 'Known 3',
      disambiguation: '',
      performers: [{ performerId: '9', name: 'known 3' }],
    });
    assert.equal(refused.state, 'open');
    assert.equal(world.stash.performers.size, 1);
    return world;
  };
  const same = await asked();
  await accept(same, { performerId: '9', addStashId: true });
  assert.deepEqual([performersOn(same), same.stash.performers.get('9')?.stashIds], [['9'], [STASH_ID]]);
  const another = await asked();
  assert.equal((await ask(another, { disambiguation: '' })).refused.length, 1);
  await accept(another, { disambiguation: 'the other' });
  const made = another.stash.performers.get('10')!;
  assert.deepEqual([made.name, made.disambiguation, performersOn(another)], ['Known 3', 'the other', ['10']]);
});

test('a namesake with another id of the same box is somebody else: the disambiguation tells them apart', async (t) => {
  const world = await packWorld(t);
  const other = aPerformer(9, { name: 'Known 3', stashIds: [{ endpoint: BOX, stashId: 'another' }] });
  world.stash.performers.set('9', other);
  assert.equal((await ask(world)).refused[0]?.nameTaken?.performers.length, 1);
  world.boxes.performers.set('box-3', aBoxPerformer(3, { disambiguation: 'the third' }));
  await accept(world);
  assert.equal(world.stash.performers.get('10')?.disambiguation, 'the third');
});

test('added as a performer of mine, with the stash ID where it was ticked; both are undone together', async (t) => {
  const world = await packWorld(t, { performers: [[null]] });
  const { journalId } = await accept(world, { performerId: '1', addStashId: true });
  const { stash, context } = world;
  assert.deepEqual([performersOn(world), stash.performers.get('1')?.stashIds], [['1'], [STASH_ID]]);
  await undo(context, { ids: [journalId] });
  assert.deepEqual([performersOn(world), stash.performers.get('1')?.stashIds], [[], []]);
  await accept(world, { performerId: '1' });
  assert.deepEqual([performersOn(world), stash.performers.get('1')?.stashIds], [['1'], []]);
});

test('a stash ID that another performer has by now is not given to a second one', async (t) => {
  const world = await packWorld(t, { performers: [['1', { name: 'Mine' }]] });
  world.stash.performers.set('9', aPerformer(9, { name: 'Owner', stashIds: [STASH_ID] }));
  const { accepted, refused } = await ask(world, { performerId: '1', addStashId: true });
  assert.match(inEnglish(refused[0]!.reason), /Owner has this stash ID/);
  assert.deepEqual([accepted, performersOn(world), world.stash.performers.get('1')?.stashIds], [[], [], []]);
});

test('of what was rejected, or seen in a file that was replaced, no stash-box is asked', async (t) => {
  const rejected = await packWorld(t);
  const [{ id } = { id: '' }] = await listed(rejected);
  await suggestionOperations['suggestions.reject'](rejected.context, { ids: [id], choices: {} });
  assert.equal((await ask(rejected)).refused.length, 1);
  assert.deepEqual(rejected.boxes.asked, []);
  const replaced = await packWorld(t);
  const item = replaced.stash.items.get('scene:1')!;
  replaced.stash.items.set('scene:1', { ...item, files: [aFile(99)] });
  assert.match(inEnglish((await ask(replaced)).refused[0]!.reason), /file/);
  assert.deepEqual(replaced.boxes.asked, []);
});

test('a no is remembered by the stash ID, and holds for a performer who is made with it later', async (t) => {
  const world = await packWorld(t);
  const { context } = world;
  const [item] = await listed(world);
  await suggestionOperations['suggestions.reject'](context, { ids: [item!.id] });
  assert.equal(await stateOf(world), 'rejected');
  await world.matchAgain();
  assert.equal(await stateOf(world), 'rejected');
  const contents = await context.store.observations.contentOf(SCENE);
  const later = aPerformer(12, { name: 'Renamed', stashIds: [STASH_ID] });
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contents, later)), true);
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contents, aPerformer(13))), false);
  await suggestionOperations['suggestions.reopen'](context, { ids: [item!.id] });
  assert.equal(await stateOf(world), 'open');
});

test('neither auto-accept nor "accept all" makes anybody', async (t) => {
  const world = await packWorld(t, { settings: { autoAcceptConfidence: 10 } });
  await autoAccept(world.context, aSlice(), SCENE);
  await suggestionOperations['suggestions.accept'](world.context, {
    all: { state: 'open', minConfidence: 0.1 },
    limit: 500,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual([performersOn(world), world.stash.performers.size, await stateOf(world)], [[], 0, 'open']);
});

test('a dry run makes nobody and asks no stash-box', async (t) => {
  const world = await packWorld(t, { settings: { dryRun: true } });
  const report = await ask(world);
  assert.deepEqual([report.accepted.length, report.refused, report.dryRun], [1, [], true]);
  assert.deepEqual([performersOn(world), world.stash.performers.size, world.boxes.asked], [[], 0, []]);
});

test('who was taken off in Stash since is asked about once more, and comes back as the same performer', async (t) => {
  const world = await packWorld(t);
  await accept(world);
  put(world, []);
  await world.matchAgain();
  assert.equal(await stateOf(world), 'removed');
  const [item] = await listed(world, { state: 'removed' });
  await suggestionOperations['suggestions.accept'](world.context, {
    ids: [item!.id],
    again: [item!.id],
    dryRun: false,
  });
  assert.deepEqual([performersOn(world), world.stash.performers.size], [['1'], 1]);
});

test('killed between making and adding: the next yes adds the one who was made, and the undo deletes them', async (t) => {
  const world = await packWorld(t);
  world.stash.before = (call) => {
    if (call === 'change') throw new StashSenseError('stash-unreachable', plain('Gone.'));
  };
  await assert.rejects(ask(world));
  assert.deepEqual([world.stash.performers.size, performersOn(world)], [1, []]);
  world.stash.before = () => undefined;
  const { journalId } = await accept(world);
  assert.deepEqual([world.stash.performers.size, performersOn(world)], [1, ['1']]);
  await undo(world.context, { ids: [journalId] });
  assert.deepEqual([world.stash.performers.size, performersOn(world)], [0, []]);
});

const UNDOES = {
  'a performer who was made': { choices: {}, performers: [], killedAt: { usage: 1 }, stays: 0 },
  'the stash ID of a performer': {
    choices: { performerId: '1', addStashId: true },
    performers: [[null]],
    killedAt: { change: 2 },
    stays: 1,
  },
} as const;
for (const [name, { choices, performers, killedAt, stays }] of Object.entries(UNDOES))
  for (const by of ['ids', 'batchId'] as const)
    test(`an undo by ${by} killed before ${name} was undone too: the same call again undoes it`, async (t) => {
      const world = await packWorld(t, { performers });
      const { stash, context } = world;
      const { journalId, batchId } = await accept(world, choices);
      const what = by === 'ids' ? { ids: [journalId] } : { batchId };
      const left: Record<string, number> = { ...killedAt };
      stash.before = (call) => {
        const count = left[call];
        if (count === undefined) return;
        left[call] = count - 1;
        if (count === 1) throw new StashSenseError('stash-unreachable', plain('Gone.'));
      };
      await assert.rejects(undo(context, what));
      assert.equal((await context.store.journal.get(journalId))?.state, 'undone');
      assert.deepEqual([performersOn(world), stash.performers.size], [[], 1]);
      stash.before = () => undefined;
      const { undone, refused } = await undo(context, what);
      assert.deepEqual([undone.length, undone.includes(journalId), refused], [1, false, []]);
      const stashIds = [...stash.performers.values()].map((performer) => performer.stashIds);
      assert.deepEqual([stashIds.length, stashIds.flat()], [stays, []]);
      assert.deepEqual(await undo(context, what), { undone: [], refused: [] });
    });

test('who was made in one batch and added in another goes with an undo of the other that was killed in between', async (t) => {
  const world = await packWorld(t);
  const { stash, context } = world;
  stash.before = (call) => {
    if (call === 'change') throw new StashSenseError('stash-unreachable', plain('Gone.'));
  };
  await assert.rejects(ask(world));
  stash.before = () => undefined;
  const { batchId } = await accept(world);
  stash.before = (call) => {
    if (call === 'usage') throw new StashSenseError('stash-unreachable', plain('Gone.'));
  };
  await assert.rejects(undo(context, { batchId }));
  assert.deepEqual([performersOn(world), stash.performers.size], [[], 1]);
  stash.before = () => undefined;
  assert.equal((await undo(context, { batchId })).undone.length, 1);
  assert.equal(stash.performers.size, 0);
});

const REFUSED = {
  'a performer who was made': { choices: {}, performers: [], refusedAt: 1, stays: 0 },
  'the stash ID of a performer': {
    choices: { performerId: '1', addStashId: true },
    performers: [[null]],
    refusedAt: 2,
    stays: 1,
  },
} as const;
for (const [name, { choices, performers, refusedAt, stays }] of Object.entries(REFUSED))
  test(`where Stash refuses to add them, ${name} is undone`, async (t) => {
    const world = await packWorld(t, { performers });
    const { stash, context } = world;
    let changes = 0;
    stash.before = (call) => {
      if (call === 'change' && ++changes === refusedAt)
        throw new StashSenseError('stash-refused', plain('It does not want to.'));
    };
    const { accepted, refused } = await ask(world, choices);
    assert.deepEqual([accepted, refused.map(({ state }) => state)], [[], ['open']]);
    const stashIds = [...stash.performers.values()].map((performer) => performer.stashIds);
    assert.deepEqual([performersOn(world), stashIds.length, stashIds.flat()], [[], stays, []]);
    const { items } = await context.store.journal.list({}, 9, 0);
    assert.deepEqual(items.map(({ state }) => state).toSorted(), ['undone', 'void']);
    await accept(world, choices);
    assert.equal(performersOn(world).length, 1);
  });

test('a person whose pack was removed, or who was opted out, is suggested no more', async (t) => {
  const world = await packWorld(t);
  world.packs.people.clear();
  const [refused] = (await ask(world)).refused;
  assert.match(inEnglish(refused!.reason), /No reference pack holds Known 3 any more/);
  await world.matchAgain();
  assert.equal(await stateOf(world), 'stale');
});

const TIES = {
  'a performer and a person of a pack': {
    pack: [[3, aPackPerson(3)]],
    performers: [['face 3']],
    people: ['pack:sample/p3'],
    of: ['1'],
  },
  'two people of packs': {
    pack: [
      [3, aPackPerson(3)],
      [3, aPackPerson(4)],
    ],
    performers: [],
    people: ['pack:sample/p3', 'pack:sample/p4'],
    of: [],
  },
} as const;
for (const [name, { people, of, ...parts }] of Object.entries(TIES))
  test(`${name} who cannot be told apart: it is one of these`, async (t) => {
    const world = await packWorld(t, parts);
    const [item] = await listed(world);
    assert(item?.kind === 'pack-person-seen');
    assert.deepEqual(item.payload.people.map(({ personId }) => personId).toSorted(), people);
    assert.deepEqual(
      item.payload.performers.map(({ performerId }) => performerId),
      of,
    );
    assert.equal((await ask(world)).refused.length, 1);
    await accept(world, { personId: idOf(aPackPerson(3)) });
    assert.equal(world.stash.performers.get(performersOn(world)[0]!)?.name, 'Known 3');
    const second = await packWorld(t, parts);
    const [asked] = await listed(second);
    await suggestionOperations['suggestions.reject'](second.context, {
      ids: [asked!.id],
      choices: { [asked!.id]: { personId: idOf(aPackPerson(3)) } },
    });
    const [left] = await listed(second, { state: 'open' });
    assert.equal(left?.kind, of.length > 0 ? 'performer-seen' : 'pack-person-seen');
  });

test('it is not asked where one of the performers is there already', async (t) => {
  const world = await packWorld(t, { performers: [['face 3']], scene: { performerIds: ['1'] } });
  assert.deepEqual(await listed(world, { state: 'open' }), []);
});

async function ask({ context }: PackWorld, choices?: Record<string, unknown>) {
  const { items } = await context.store.suggestions.list({ kind: 'pack-person-seen' }, 'newest', 1, 0);
  const { id } = items[0]!;
  return await suggestionOperations['suggestions.accept'](context, {
    ids: [id],
    ...(choices !== undefined && { choices: { [id]: choices } }),
    dryRun: false,
  });
}

async function accept(world: PackWorld, choices?: Record<string, unknown>) {
  const { accepted, refused, batchId } = await ask(world, choices);
  assert.deepEqual(refused, []);
  const [done] = accepted;
  return { journalId: done!.journalId!, note: done!.note, batchId };
}

const STATES: readonly SuggestionState[] = ['open', 'accepted', 'rejected', 'stale', 'removed'];

async function listed({ context }: PackWorld, query: Record<string, unknown> = {}) {
  const input = { state: STATES, order: 'confidence', limit: 50, offset: 0, ...query };
  const { items } = await suggestionOperations['suggestions.list'](context, input as never);
  return items;
}

async function stateOf({ context }: PackWorld): Promise<SuggestionState | undefined> {
  const { items } = await context.store.suggestions.list({ kind: 'pack-person-seen' }, 'newest', 1, 0);
  return items[0]?.state;
}

function performersOn({ stash }: PackWorld): readonly string[] {
  return stash.items.get('scene:1')!.performerIds;
}

function put({ stash }: PackWorld, performerIds: readonly string[]): void {
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds });
}
