/** *Build reference pack* with files of references of others: what is used of them, and what is refused. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { dequantizedRow } from '../../../core/matching/quantize.ts';
import type { ContributedLine } from '../../../core/ports/boxes/contributed-people.ts';
import { headLine, personLine } from '../../../core/reference-packs/contributed/reference-file.ts';
import { runOperation, runTask } from '../../../tasks/compose/dispatch.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { aVector, fakeContext, PACK, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { memoryStash, aPerformer } from '../../fakes/memory-stash.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';
import { seeded } from '../../fixtures/random.ts';

const PACK_ID = 'box-box-example';
const ARGS = { scope: 'box', keep_crops: false, estimate: false } as const;

test('a reference that is like the own ones is one more of them; what is unlike, or like somebody else, is refused and counted', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1', 'b 1']);
  box.add(2, ['a 2']);
  const mine = file('mine', [
    [[1], [leaning(1, 0.5), aVector(4), leaning(1, 0.9, 2), leaning(1, 0.01)]],
    [[2], [aVector(1)]],
    [[9], [aVector(5)]],
    [[1, 2], [aVector(1)]],
  ]);
  await build(context, [mine]);
  const { templates, references } = await packOf(context);
  assert.deepEqual(references, [3, 1]);
  assert.ok(similarity(templates[0]!, leaning(1, 0.5)) > Math.cos(0.4));
  assert.ok(similarity(templates[1]!, aVector(2)) > 0.999);
  assert.match(
    saidAbout(context),
    /1 face of 1 person is used\. Not used: 1 that add nothing, 2 unlike .* person, 1 more like somebody else, 0 of people without pictures .*; 1 person who is not in this pack, and 1 with ids of several people\./,
  );
  // Built without files there is nothing of them any more.
  await build(context, []);
  assert.deepEqual((await packOf(context)).references, [2, 1]);
});

test('somebody of whom the box has no picture needs two that agree and are like nobody else', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1']);
  for (const n of [2, 3, 4, 5, 6]) box.add(n, []);
  await build(context, [
    file('two', [
      [[2], [aVector(2), leaning(2, 0.6)]],
      [[3], [aVector(3)]],
      [[4], [aVector(4), leaning(4, 0.01)]],
      [[5], [aVector(1), leaning(1, 0.6, 5)]],
      [[6], [aVector(6), aVector(5)]],
    ]),
  ]);
  assert.deepEqual(await peopleOf(context), [1, 2]);
  const person = await context.referencePacks.person(PACK_ID, boxId(2));
  assert.deepEqual([person?.name, person?.picture], ['Person 2', null]);
  assert.deepEqual((await packOf(context)).references, [1, 2]);
});

test('of a first build that is stopped nothing of the files stays; where the pack is there, it is kept current with them', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1']);
  const mine = file('mine', [[[1], [leaning(1, 0.5)]]]);
  const { contributedPeople } = context.store;
  const askAndStop = async (): Promise<number> => {
    await buildReferencePack.prepare!(context, { ...ARGS, references: [mine] });
    assert.equal((await contributedPeople.of(PACK_ID)).length, 1);
    await buildReferencePack.onStopped!(context);
    return (await contributedPeople.of(PACK_ID)).length;
  };
  assert.equal(await askAndStop(), 0);
  await build(context, [mine]);
  assert.deepEqual((await packOf(context)).references, [2]);
  assert.equal(await askAndStop(), 1);
});

test('a large file is stored in slices, so that others can write meanwhile; what a killed process had stored is deleted', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1']);
  const vectors = Array.from({ length: 9 }, (_, n) => aVector(n % 7));
  const large = file(
    'large',
    Array.from({ length: 4000 }, (_, n) => [[n + 10], vectors]),
  );
  const { contributedPeople } = context.store;
  const killed = `${PACK_ID}@1-0123456789ab`;
  const lines = await linesIn(context, large);
  const seen = new Set<number>();
  const ending = contributedPeople.add(killed, lines).then(() => 'ended');
  // Whoever reads now reads what a slice has stored.
  await contributedPeople.use('somebody', killed);
  while ((await Promise.race([ending, contributedPeople.of('somebody')])) !== 'ended')
    seen.add((await contributedPeople.of('somebody')).length);
  assert.ok(
    [...seen].some((count) => count > 0 && count < lines.length),
    [...seen].join(),
  );
  await contributedPeople.use('somebody', null);
  assert.deepEqual(await contributedPeople.of(PACK_ID), []);
  await build(context, [large]);
  assert.equal((await contributedPeople.of(PACK_ID)).length, lines.length);
  await contributedPeople.use('somebody', killed);
  assert.deepEqual(await contributedPeople.of('somebody'), []);
  // One that another process is storing stays.
  const [line] = lines;
  const fresh = `other@${context.now()}-0123456789ab`;
  await contributedPeople.add(fresh, [line!]);
  await build(context, []);
  assert.deepEqual(await contributedPeople.of(PACK_ID), []);
  await contributedPeople.use('other', fresh);
  assert.equal((await contributedPeople.of('other')).length, 1);
});

test('two who are known by files alone, and by the same faces, are both left out', async (t) => {
  const { context, box, file } = await opened(t);
  for (const n of [1, 2]) box.add(n, []);
  await build(context, [
    file('one', [[[1], [aVector(3), leaning(3, 0.6)]]]),
    file('other', [[[2], [aVector(3), leaning(3, 0.6, 6)]]]),
  ]);
  assert.deepEqual(await peopleOf(context), []);
});

test('of somebody who is in very many lines no more are read than a few', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1']);
  box.add(2, []);
  const random = seeded(5);
  const many = (n: number): People =>
    Array.from({ length: 400 }, () => [[n], [0, 1, 2].map(() => leaning(n, 0.3 + random() / 2, 5))]);
  const asked: number[] = [];
  const { contributedPeople } = context.store;
  const before = { ...contributedPeople };
  Object.assign(contributedPeople, {
    lines: async (packId: string, hashes: readonly string[]) => {
      asked.push(hashes.length);
      return await before.lines(packId, hashes);
    },
  });
  await build(context, [file('many', [...many(1), ...many(2)])]);
  assert.ok(asked.length > 0 && asked.every((count) => count <= 32), asked.join());
  // Those that are not read are told as what adds nothing.
  const [, said] = /Not used: (\d+) that add nothing/.exec(saidAbout(context).replaceAll(',', '')) ?? [];
  assert.ok(Number(said) >= 2 * (400 - 32), saidAbout(context));
});

test('files never outweigh the pictures of the box', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1']);
  const many = [0.45, 0.55, 0.65, 0.75].map((lean, n) => leaning(1, lean, 3 + n));
  await build(context, [file('many', [[[1], many]])]);
  assert.deepEqual((await packOf(context)).references, [2]);
});

test('who was merged upstream is found by the old id, and another pack has nothing of it', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1', 'b 1'], { mergedIds: [boxId(50)] });
  await build(context, [file('old', [[[50], [leaning(1, 0.5)]]])]);
  assert.deepEqual((await packOf(context)).references, [3]);
  await runTask(context, buildReferencePack, { scope: 'ids', ids: boxId(1) });
  assert.deepEqual((await packOf(context, 'ids-box-example')).references, [2]);
});

test('in any order of the files, and of what is in them, the pack has the same bytes, also after an update', async (t) => {
  const random = seeded(4);
  const packs: unknown[] = [];
  for (const turn of [0, 1, 2]) {
    const { context, box, file } = await opened(t);
    for (let n = 1; n <= 5; n++) box.add(n, n === 5 ? [] : [`a ${n}`, `b ${n}`]);
    const people = [1, 2, 3, 5].map(
      (n) => [[n], [0.4, 0.6].map((lean) => leaning(n, lean, 6))] as [number[], Embedding[]],
    );
    const shuffled = people.toSorted(() => (turn === 0 ? 0 : random() - 0.5));
    const files = [
      file('x', shuffled.slice(0, 3 - turn)),
      file('y', [...shuffled.slice(3 - turn), ...(turn === 2 ? shuffled : [])]),
    ];
    await build(context, turn === 1 ? files.toReversed() : files);
    packs.push(filesOf(context));
  }
  assert.deepEqual(packs[1], packs[0]);
  assert.deepEqual(packs[2], packs[0]);
});

test('who is excluded or opted out is not taken in, and what was taken of them goes with the next build', async (t) => {
  const stash = memoryStash();
  stash.performers.set(
    '7',
    aPerformer(7, { name: 'Secret', stashIds: [{ endpoint: BOX, stashId: boxId(2) }] }),
  );
  const { context, box, file } = await opened(t, stash);
  for (const n of [1, 2, 3]) box.add(n, []);
  const all = file(
    'all',
    [1, 2, 3].map((n) => [[n], [aVector(n), leaning(n, 0.6)]]),
  );
  await build(context, [all]);
  assert.deepEqual(await peopleOf(context), [1, 3]);
  assert.deepEqual((await context.store.contributedPeople.of(PACK_ID)).length, 2);
  writeFileSync(path.join(context.dataFolder, 'reference-packs', 'opted-out.txt'), boxId(3));
  await build(context, [all]);
  assert.deepEqual(await peopleOf(context), [1]);
  assert.deepEqual(
    (await context.store.contributedPeople.of(PACK_ID)).map(({ stashIds }) => stashIds[0]?.stashId),
    [boxId(1)],
  );
  await context.store.erase(['people']);
  assert.deepEqual(await context.store.contributedPeople.of(PACK_ID), []);
});

test('what is kept of who is excluded goes when the exclusions are applied, and all of it with the pack', async (t) => {
  const stash = memoryStash();
  const { context, box, file } = await opened(t, stash);
  for (const n of [1, 2]) box.add(n, []);
  const kept = async (): Promise<(string | undefined)[]> =>
    (await context.store.contributedPeople.of(PACK_ID)).map(({ stashIds }) => stashIds[0]?.stashId);
  await build(context, [
    file(
      'all',
      [1, 2].map((n) => [[n], [aVector(n), leaning(n, 0.6)]]),
    ),
  ]);
  assert.equal((await kept()).length, 2);
  const forgotten = await context.store.forget({
    entities: [],
    performerIds: ['7'],
    stashIds: [{ endpoint: BOX.toUpperCase(), stashId: boxId(2).toUpperCase() }],
  });
  assert.deepEqual(forgotten, { entities: 0, performers: 0 });
  assert.deepEqual(await kept(), [boxId(1)]);
  stash.performers.set(
    '7',
    aPerformer(7, { name: 'Secret', stashIds: [{ endpoint: BOX, stashId: boxId(1) }] }),
  );
  stash.settings = { excludedPerformers: 'Secret [7]' };
  await context.exclusions.apply();
  assert.deepEqual(await kept(), []);
  stash.settings = {};
  await context.exclusions.apply();
  await build(context, [file('more', [[[1], [aVector(1), leaning(1, 0.6)]]])]);
  assert.equal((await kept()).length, 1);
  await runOperation(context, 'referencePacks.remove', { id: PACK_ID });
  assert.deepEqual(await kept(), []);
});

test('a file that is wrong in one line is refused in a sentence that names it, and the pack stays', async (t) => {
  const { context, box, file } = await opened(t);
  box.add(1, ['a 1', 'b 1']);
  const good = file('good', [[[1], [leaning(1, 0.5)]]]);
  await build(context, [good]);
  const before = filesOf(context);
  const text = readFileSync(good, 'utf8');
  const bad = path.join(path.dirname(good), 'bad.jsonl');
  const line = text.split('\n')[1]!;
  for (const [content, said] of [
    ['', /bad\.jsonl is not used: line 1 is not the first line of a file of references/],
    ['PK\u0003\u0004', /line 1 is not the first line/],
    [text + '{}', /line 3 is no person with references/],
    [
      text + line.replace(/"test-1":"[^"]*"/, '"test-1":"AAAA"'),
      /line 3 has a vector that is none of 8 numbers/,
    ],
    [`${headLine({ [PACK]: 9 })}\n`, /says that test-1 makes 9 numbers, and it makes 8/],
    [
      `${headLine({ arcface: 512 })}\n`,
      /names the embedders arcface, and not test-1, which the face pack in use needs/,
    ],
    [`${headLine({ [PACK]: 8, other: 4 })}\n`, /names the embedder other, which this version does not know/],
    [text.replace('"version":1', '"version":2'), /a newer version of Stash Sense wrote it/],
    [Buffer.concat([Buffer.from(text), Buffer.of(0xff, 0xfe, 10)]), /line 2 is no text in UTF-8/],
    [text + 'x'.repeat(3 << 20), /line 2 is too long to be a person/],
  ] as const) {
    writeFileSync(bad, content);
    await assert.rejects(build(context, [good, bad]), (error: Error) => {
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
  await assert.rejects(build(context, [path.dirname(good)]), /is not used: line 1 /);
  await assert.rejects(build(context, ['here.jsonl']), /needs whole paths/);
  assert.deepEqual(filesOf(context), before);
});

test('a file with a byte changed anywhere is used or refused in a sentence, and never more than that', async (t) => {
  const { context, file } = await opened(t);
  const good = readFileSync(
    file('good', [
      [[1], [leaning(1, 0.5)]],
      [[2], [aVector(2), leaning(2, 0.6)]],
    ]),
  );
  const random = seeded(12);
  const bad = file('mutated', []);
  const known = { needed: PACK, dimensions: { [PACK]: 8 } };
  let refused = 0;
  for (let n = 0; n < 3000; n++) {
    const bytes = Buffer.from(good);
    for (let changes = 0; changes <= n % 3; changes++)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    writeFileSync(bad, n % 7 === 0 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes);
    try {
      for (const { line, stashIds } of await context.referencePacks.readReferences([bad], known)) {
        assert.ok(stashIds.length > 0);
        assert.ok(!line.includes('\n'));
      }
    } catch (error) {
      refused++;
      assert.match(String(error), /^StashSenseError: The file of references .* is not used: line \d+ /);
    }
  }
  assert.ok(refused > 1000, `${refused} refused`);
});

async function linesIn({ referencePacks }: FakeContext, file: string): Promise<ContributedLine[]> {
  return [...(await referencePacks.readReferences([file], { needed: PACK, dimensions: { [PACK]: 8 } }))];
}

function leaning(n: number, lean: number, towards = 7): Embedding {
  return aVector(n, { lean, towards });
}

async function build(context: FakeContext, references: readonly string[]): Promise<string> {
  const { message } = await runTask(context, buildReferencePack, { scope: 'box', references });
  return inEnglish(message);
}

function saidAbout({ said }: FakeContext): string {
  return said.findLast((line) => line.startsWith('info Of the files of references')) ?? '';
}

async function packOf({ referencePacks }: FakeContext, packId = PACK_ID) {
  const pack = (await referencePacks.open()).find(({ id }) => id === packId)!;
  const rows = Array.from({ length: pack.vectors.size }, (_, row) => row);
  return {
    templates: rows.map((row) => dequantizedRow(pack.vectors, row)),
    references: rows.map((row) => pack.references(row)),
  };
}

async function peopleOf(context: FakeContext): Promise<number[]> {
  const found: number[] = [];
  for (let n = 1; n <= 9; n++)
    if ((await context.referencePacks.person(PACK_ID, boxId(n))) !== null) found.push(n);
  return found;
}

function filesOf({ dataFolder }: FakeContext): unknown {
  const text = readFileSync(path.join(dataFolder, 'reference-packs', PACK_ID, 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { files: unknown }).files;
}

type People = readonly (readonly [ids: readonly number[], vectors: readonly Embedding[]])[];

async function opened(
  t: TestContext,
  stash = memoryStash(),
): Promise<{ context: FakeContext; box: MemoryBox; file: (name: string, people: People) => string }> {
  const box = memoryBox();
  const clock = turningClock();
  const context = await fakeContext(t, stash, {
    vision: fakeVision({ now: clock.now }),
    stashBoxes: box,
    now: clock.now,
    sleep: clock.sleep,
    settings: { excludedPerformers: stash.performers.size > 0 ? 'Secret [7]' : '' },
  });
  stash.settings = { excludedPerformers: stash.performers.size > 0 ? 'Secret [7]' : '' };
  const folder = tempFolder(t);
  return {
    context,
    box,
    file(name, people) {
      const lines = people.map(([ids, vectors]) =>
        personLine({
          stashIds: ids.map((n) => ({ endpoint: BOX, stashId: boxId(n) })),
          references: vectors.map((vector, n) => ({ quality: 0.9 - n / 10, embeddings: { [PACK]: vector } })),
        }),
      );
      const place = path.join(folder, `${name}.jsonl`);
      writeFileSync(place, [headLine({ [PACK]: 8 }), ...lines].map((line) => `${line}\n`).join(''));
      return place;
    },
  };
}
