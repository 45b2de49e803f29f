/** Packs that are published to a folder, and fetched from there by others: whole, or by what has changed. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { parseOptOuts } from '../../../core/reference-packs/left-out/opt-outs.ts';
import { contentOf, PACK_INDEX, type PackIndex } from '../../../core/reference-packs/pack-index.ts';
import { readIndex } from '../../../plugin/reference-packs/channel/read-index.ts';
import { publishPacks } from '../../../plugin/reference-packs/publish/publish.ts';
import { publishAlone } from '../../../plugin/reference-packs/publish/one-at-a-time.ts';
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { sealOwner, unsealOwner } from '../../../plugin/system/sealed-owner.ts';
import { tempFolder } from '../../fakes/context.ts';
import { sweepReferencePacks } from '../../../plugin/reference-packs/folders.ts';
import { seeded } from '../../fixtures/random.ts';
import { packEntries, uuid } from '../../fixtures/reference-packs.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import {
  entriesOf,
  flippedAt,
  ID,
  isSentence,
  openClient,
  openPublisher,
  PEOPLE,
  replaceDelta,
  USING,
  type Client,
} from './published.ts';

const MONTHS = 12;

test('a year of monthly deltas ends in the bytes of the full pack, whichever month somebody had', async (t) => {
  const publisher = openPublisher(t);
  const clients: Client[] = [];
  for (let month = 1; month <= MONTHS; month++) {
    await publisher.publish(month);
    const client = openClient(t, publisher);
    await client.fetch();
    clients.push(client);
  }
  const fresh = openClient(t, publisher);
  await fresh.fetch();
  const whole = fresh.fetchedBytes();
  assert.deepEqual(fresh.files(), publisher.files());
  for (const [n, client] of clients.entries()) {
    await client.fetch();
    assert.deepEqual(client.files(), publisher.files(), `since month ${n + 1}`);
    assert.deepEqual(client.said, []);
    const names = [uuid(1), uuid(PEOPLE)].map(async (id) => (await client.packs.person(ID, id))?.name);
    assert.deepEqual(await Promise.all(names), [undefined, `Month ${MONTHS}`]);
  }
  // Of the month before only what has changed was fetched.
  assert.ok(clients.at(-2)!.fetchedBytes() < whole / 2, `${clients.at(-2)!.fetchedBytes()} of ${whole}`);
});

test('the index says how many people come, change and leave', async (t) => {
  const publisher = openPublisher(t);
  const first = packEntries(40);
  await publisher.publishEntries(first, '1');
  const changed = first
    .slice(2)
    .map((entry, n): PackEntry => (n % 10 === 0 ? { ...entry, quality: 0.1 } : entry));
  // Somebody who stands elsewhere in the pack is sent once more.
  const index = await publisher.publishEntries([...changed.slice(1), changed[0]!, packEntries(41)[40]!], '2');
  const [{ added, changed: others, removed } = { added: 0, changed: 0, removed: 0 }] = index.packs[0]!.deltas;
  assert.deepEqual({ added, others, removed }, { added: 1, others: 4, removed: 2 });
});

test('a pack in several parts is joined, and a fetch that was cut goes on with the part it was at', async (t) => {
  const publisher = openPublisher(t);
  const index = await publisher.publish(1, { maxPartBytes: 700 });
  const [file] = Object.values(index.packs[0]!.files);
  assert.ok(file!.parts.length > 3);
  const client = openClient(t, publisher);
  const part = path.join(publisher.out, file!.parts.at(-1)!.name);
  const whole = readFileSync(part);
  writeFileSync(part, whole.subarray(0, 5));
  await assert.rejects(
    client.fetch(),
    isSentence(/^The pack test-people could not be fetched \(.+\): try again later/),
  );
  assert.equal(await client.version(), null);
  // The parts before are there, and are not asked for again: they are not even published any more.
  const fetched = path.join(client.dataFolder, 'reference-packs/fetched.making');
  for (const { name } of file!.parts.slice(0, -1)) {
    assert.ok(existsSync(path.join(fetched, name)));
    writeFileSync(path.join(publisher.out, name), 'gone');
  }
  writeFileSync(part, whole);
  await client.fetch();
  assert.deepEqual(client.files(), publisher.files());
  assert.equal(existsSync(fetched), false);
});

test('what was fetched waits a week for the rest, through any number of starts', async (t) => {
  const publisher = openPublisher(t);
  const index = await publisher.publish(1);
  const [{ parts }] = Object.values(index.packs[0]!.files).slice(-1) as [
    PackIndex['packs'][0]['files'][string],
  ];
  const client = openClient(t, publisher);
  writeFileSync(path.join(publisher.out, parts[0]!.name), 'damaged');
  await assert.rejects(client.fetch());
  const fetched = path.join(client.dataFolder, 'reference-packs/fetched.making');
  const found = readdirSync(fetched);
  assert.notDeepEqual(found, []);
  sweepReferencePacks(client.dataFolder, Date.now() + 6 * 86_400_000);
  assert.deepEqual(readdirSync(fetched), found);
  sweepReferencePacks(client.dataFolder, Date.now() + 8 * 86_400_000);
  assert.equal(existsSync(fetched), false);
});

/** What somebody, or an accident, makes of a delta. */
const HOSTILE: Readonly<Record<string, (delta: Buffer) => Buffer | null>> = {
  'is not there': () => null,
  'is cut': (delta) => delta.subarray(0, delta.length - 9),
  'is longer': (delta) => Buffer.concat([delta, Buffer.from('more')]),
  'has a step that is too long': (delta) =>
    replaced(delta, /"steps":\[\[\d,\d/, (found) => `${found.slice(0, -1)}9`),
  'leaves out a step': (delta) =>
    replaced(delta, /"steps":\[\[\d+,\d+\],/, (found) => '"steps":['.padEnd(found.length)),
  'has a step of another kind': (delta) => replaced(delta, /"steps":\[\[\d/, () => '"steps":[[7'),
  'claims another number of people': (delta) => replaced(delta, /"count":\d/, () => '"count":9'),
  'names another result': (delta) => replaced(delta, /"sha256":"./g, () => '"sha256":"_'),
  'is of another version': (delta) =>
    replaced(delta, /"from":\{"people":"[0-9a-f]{4}/, () => '"from":{"people":"0000'),
  'is empty': () => Buffer.alloc(0),
  'claims a head that is huge': (delta) => withUint32(delta, 12, 0xffff_fff0),
  'claims people that are huge': (delta) => withUint32(delta, 16, 0xffff_fff0),
  'is a web page': () => Buffer.from('<!doctype html><html></html>'),
};

function replaced(delta: Buffer, pattern: RegExp, by: (found: string) => string): Buffer {
  return Buffer.from(delta.toString('latin1').replace(pattern, by), 'latin1');
}

function withUint32(delta: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(delta);
  changed.writeUInt32LE(value, at);
  return changed;
}

for (const [what, change] of Object.entries(HOSTILE))
  test(`a delta that ${what} is refused, and the pack is fetched whole`, async (t) => {
    const publisher = openPublisher(t);
    await publisher.publish(1);
    const client = openClient(t, publisher);
    await client.fetch();
    await publisher.publish(2);
    replaceDelta(publisher, change);
    await client.fetch();
    assert.equal(await client.version(), '2');
    assert.match(
      client.said.join('\n'),
      /cannot be made from the installed version \(.+\): all of it is fetched\./,
    );
    assert.deepEqual(client.files(), publisher.files());
  });

test('no bit of a delta can be flipped and give another pack', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const client = openClient(t, publisher);
  await client.fetch();
  await publisher.publish(2);
  const random = seeded(7);
  for (const place of sample(numbers(400), 12)) {
    replaceDelta(publisher, (delta) => flippedAt(delta, Math.floor(random() * delta.length * 8)));
    await client.fetch();
    assert.deepEqual(client.files(), publisher.files(), `mutation ${place}`);
    assert.equal((await client.packs.goBack(ID))?.version, '1');
    publisher.restore();
  }
  assert.ok(client.said.length > 0);
});

test('deltas in another order, or one too few, lead nowhere, and the pack is fetched whole', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const clients = [openClient(t, publisher), openClient(t, publisher)] as const;
  for (const client of clients) await client.fetch();
  for (const month of [2, 3, 4]) await publisher.publish(month);
  publisher.changeIndex(({ packs: [pack] }) => {
    const [first, second] = pack!.deltas;
    [first!.file, second!.file] = [second!.file, first!.file];
  });
  await clients[0].fetch();
  assert.match(clients[0].said.join('\n'), /does not belong to the version that is installed/);
  publisher.restore();
  publisher.changeIndex(({ packs: [pack] }) => void pack!.deltas.splice(1, 1));
  await clients[1].fetch();
  for (const client of clients) assert.deepEqual(client.files(), publisher.files());
});

test('deltas that lead in a circle end', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const client = openClient(t, publisher);
  await client.fetch();
  await publisher.publish(2);
  publisher.changeIndex(({ packs: [pack] }) => {
    const [delta] = pack!.deltas;
    pack!.deltas = [
      { ...delta!, to: 'somewhere' },
      { ...delta!, from: 'somewhere', to: delta!.from },
    ];
  });
  await client.fetch();
  assert.deepEqual(client.files(), publisher.files());
});

test('a version that comes back is left by the delta that was published last', async (t) => {
  const publisher = openPublisher(t);
  const clients: Client[] = [];
  for (const [n, month] of [1, 2, 1, 3].entries()) {
    await publisher.publishEntries(entriesOf(month), String(n));
    const client = openClient(t, publisher);
    await client.fetch();
    clients.push(client);
  }
  for (const client of clients) {
    await client.fetch();
    assert.deepEqual([client.said, client.files()], [[], publisher.files()]);
  }
});

test('where the published pack itself is damaged, the one in use stays', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const client = openClient(t, publisher);
  await client.fetch();
  const files = client.files();
  await publisher.publish(2);
  publisher.changeIndex(({ packs: [pack] }) => {
    pack!.deltas = [];
    const { name } = Object.values(pack!.files)[0]!.parts[0]!;
    const place = path.join(publisher.out, name);
    writeFileSync(place, flippedAt(readFileSync(place), 999));
  });
  await assert.rejects(client.fetch(), isSentence(/SHA-256/));
  assert.deepEqual([await client.version(), client.files()], ['1', files]);
});

for (const [what, spoil] of [
  ['is cut', (bytes: Buffer) => bytes.subarray(0, -7)],
  ['has another byte', (bytes: Buffer) => flippedAt(bytes, 999)],
  ['is not there', () => null],
] as const)
  for (const isNamed of [false, true])
    test(`a hostile delta beside a pack that ${what}${isNamed ? ', as its index says' : ''} ends in a sentence, and the pack in use stays`, async (t) => {
      const publisher = openPublisher(t);
      await publisher.publish(1);
      const client = openClient(t, publisher);
      await client.fetch();
      const [before, person] = [client.files(), await client.packs.person(ID, uuid(PEOPLE))];
      await publisher.publish(2);
      const random = seeded(3);
      for (const _ of numbers(4)) {
        // The delta is what its index says, and leads elsewhere.
        replaceDelta(publisher, (delta) => flippedAt(delta, Math.floor(random() * delta.length * 8)));
        publisher.changeIndex(({ packs: [pack] }) => {
          for (const file of Object.values(pack!.files)) {
            const [part] = file.parts;
            const place = path.join(publisher.out, part!.name);
            const spoilt = spoil(readFileSync(place));
            if (spoilt === null) rmSync(place);
            else writeFileSync(place, spoilt);
            if (!isNamed || spoilt === null) continue;
            const named = { bytes: spoilt.length, sha256: hash('sha256', spoilt) };
            Object.assign(part!, named);
            Object.assign(file, named);
          }
          if (!isNamed) return;
          // A file is called after what it holds.
          const files = Object.values(pack!.files).map((file, n) => {
            const name = Object.keys(pack!.files)[n]!;
            return [name.replace(/[0-9a-f]{16}/, file.sha256.slice(0, 16)), file] as const;
          });
          pack!.files = Object.fromEntries(files);
          pack!.manifest.files = Object.fromEntries(
            files.map(([name, { bytes, sha256 }]) => [name, { bytes, sha256 }]),
          );
          pack!.deltas.at(-1)!.to = contentOf(pack!.manifest);
        });
        client.said.length = 0;
        await assert.rejects(client.fetch(), isSentence(/Month|test people|could not be|was not installed/i));
        assert.match(client.said.join(' '), /all of it is fetched/);
        assert.deepEqual([await client.version(), client.files()], ['1', before]);
        assert.deepEqual(await client.packs.person(ID, uuid(PEOPLE)), person);
        publisher.restore();
      }
      // Once it is as it should be, it is fetched.
      await client.fetch();
      assert.deepEqual(client.files(), publisher.files());
    });

test('a pack whose people all look the same is not published, and what was published stays', async (t) => {
  const publisher = openPublisher(t);
  const before = await publisher.publish(1);
  const [one] = packEntries(1);
  const same = packEntries(60).map(({ person }): PackEntry => ({ ...one!, person }));
  await assert.rejects(publisher.publishEntries(same, '2'), /its people all look the same/);
  assert.deepEqual(await readIndex(publisher.base), before);
});

test('of a pack that is installed already nothing is fetched once more, unless it is damaged', async (t) => {
  const publisher = openPublisher(t);
  const index = await publisher.publish(1);
  const client = openClient(t, publisher);
  await client.fetch();
  const files = client.files();
  for (const { parts } of Object.values(index.packs[0]!.files))
    for (const { name } of parts) rmSync(path.join(publisher.out, name));
  await client.fetch();
  assert.deepEqual([client.fetchedBytes(), client.files()], [0, files]);
  publisher.restore();
  for (const damage of [
    (file: string) => rmSync(file),
    (file: string) => writeFileSync(file, flippedAt(readFileSync(file), 999)),
  ])
    for (const name of Object.keys(index.packs[0]!.manifest.files)) {
      damage(path.join(client.dataFolder, 'reference-packs', ID, name));
      await client.fetch();
      assert.deepEqual(client.files(), files);
    }
});

test('a newer version is fetched whole where files of the installed one are not there or damaged', async (t) => {
  const publisher = openPublisher(t);
  const {
    packs: [pack],
  } = await publisher.publish(1);
  const names = Object.keys(pack!.manifest.files);
  const clients = [...names, ...names].map(() => openClient(t, publisher));
  for (const client of clients) await client.fetch();
  await publisher.publish(2);
  for (const [n, client] of clients.entries()) {
    const file = path.join(client.dataFolder, 'reference-packs', ID, names[n % names.length]!);
    if (n < names.length) rmSync(file);
    else writeFileSync(file, flippedAt(readFileSync(file), 999));
    await client.fetch();
    assert.match(client.said.join('\n'), /cannot be made from the installed version/);
    assert.deepEqual(client.files(), publisher.files());
  }
});

test('what a killed process has left where it published stops nobody', async (t) => {
  const publisher = openPublisher(t);
  const {
    packs: [pack],
  } = await publisher.publish(1);
  for (const folder of [`${ID}-before`, `${ID}-made`]) {
    mkdirSync(path.join(publisher.out, 'stash-sense.making', folder), { recursive: true });
    for (const name of [...Object.keys(pack!.manifest.files), 'people', 'vectors'])
      writeFileSync(path.join(publisher.out, 'stash-sense.making', folder, name), 'left');
  }
  for (const name of ['part', `${ID}.delta`, `${ID}.delta.people`])
    writeFileSync(path.join(publisher.out, 'stash-sense.making', name), 'left');
  const index = await publisher.publish(2);
  assert.equal(index.packs[0]!.deltas.length, 1);
  assert.equal(existsSync(path.join(publisher.out, 'stash-sense.making')), false);
});

test('of two that publish to one folder at once one goes on, and the other ends in a sentence', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const { out } = publisher;
  const { manifest } = (await readIndex(publisher.base))!.packs[0]!;
  const packs = [{ folder: publisher.folder, manifest }];
  const ended = await Promise.allSettled(
    [1, 2, 3].map(() => publishPacks({ out, packs, optOuts: parseOptOuts(uuid(9)), version: USING.version })),
  );
  const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  assert.equal(refused.length, 2);
  for (const reason of refused) isSentence(/^Somebody else is publishing to .*: wait until/)(reason);
  await publisher.publish(2);
  assert.deepEqual(
    readdirSync(out).filter((name) => name.startsWith('stash-sense.')),
    [],
  );
});

test('a process that has ended, or gives no sign of life, keeps nobody from publishing', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const lock = path.join(publisher.out, 'stash-sense.publishing');
  const dead = createOwner().replace(/^\d+/, '99999999');
  const [ended, foreign] = [
    sealOwner(dead),
    sealOwner(dead).replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
  ];
  for (const holder of [ended, foreign, '']) {
    writeFileSync(lock, holder);
    if (holder !== ended) {
      await assert.rejects(publisher.publish(2), isSentence(/Somebody else is publishing/), holder);
      utimesSync(lock, new Date(), Date.now() / 1000 - 3600);
    }
    await publisher.publish(2);
    assert.equal(existsSync(lock), false, holder);
  }
});

test('what says who publishes names neither the machine nor the process to whom the folder is served', async (t) => {
  const out = tempFolder(t);
  const text = await publishAlone(out, () =>
    Promise.resolve(readFileSync(path.join(out, 'stash-sense.publishing'), 'utf8')),
  );
  const owner = unsealOwner(text);
  assert.match(owner!, new RegExp(`^${process.pid}@`));
  for (const said of [text, Buffer.from(text, 'base64').toString('latin1')])
    assert.ok(!said.includes(hostname()) && !said.includes(`${process.pid}@`), said);
  assert.equal(unsealOwner(owner!), null);
  assert.equal(unsealOwner(''), null);
});

test('files that a killed process has left where it published are gone after the next call', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const left = ['people', 'vectors', 'delta'].map((part) => `${ID}.${part}-0123456789abcdef.bin`);
  left.push('opted-out-0123456789abcdef.txt', 'opted-out-0123456789abcdef.txt.01234567.part');
  const others = ['notes.txt', 'people-0123456789abcdef.bin', `${ID}.people-0123.bin`];
  for (const name of [...left, ...others]) writeFileSync(path.join(publisher.out, name), 'left');
  await publisher.publish(1);
  const found = readdirSync(publisher.out);
  assert.deepEqual(
    left.filter((name) => found.includes(name)),
    [],
  );
  assert.deepEqual(
    others.filter((name) => found.includes(name)),
    others,
  );
});

test('without room on the disk nothing is fetched, and the sentence says how much is missing', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const client = openClient(t, publisher);
  await assert.rejects(
    client.fetch({ options: { freeBytes: () => Promise.resolve(150e6) } }),
    isSentence(/needs 201 MB of free space in .* and there are 150 MB: make room there/),
  );
  assert.equal(await client.version(), null);
});

test('a fetched version can be gone back from, and forth again', async (t) => {
  const publisher = openPublisher(t);
  const client = openClient(t, publisher);
  const files: string[][] = [];
  for (const month of [1, 2, 3]) {
    await publisher.publish(month);
    await client.fetch();
    files.push(client.files());
  }
  assert.equal((await client.packs.goBack(ID))?.version, '2');
  assert.deepEqual(client.files(), files[1]);
  assert.equal((await client.packs.goBack(ID))?.version, '3');
  assert.deepEqual(client.files(), files[2]);
});

test('publishing keeps the last deltas, deletes what no index names, and touches nothing of others', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  writeFileSync(path.join(publisher.out, 'index.html'), 'mine');
  for (let month = 2; month <= 5; month++) await publisher.publish(month, { keptDeltas: 2 });
  const [pack] = (await readIndex(publisher.base))!.packs;
  assert.equal(pack!.deltas.length, 2);
  const named = [...Object.values(pack!.files), ...pack!.deltas.map(({ file }) => file)].flatMap(
    ({ parts }) => parts.map(({ name }) => name),
  );
  assert.deepEqual(readdirSync(publisher.out).toSorted(), [...named, PACK_INDEX, 'index.html'].toSorted());
  assert.equal(readFileSync(path.join(publisher.out, 'index.html'), 'utf8'), 'mine');
  writeFileSync(path.join(publisher.out, PACK_INDEX), '{"name":"of somebody else"}');
  await assert.rejects(publisher.publish(6), isSentence(/is not a list of reference packs/));
});

test('the same packs give the same bytes, files that stay keep their time, and what is missing is written again', async (t) => {
  const [one, other] = [openPublisher(t), openPublisher(t)];
  for (const publisher of [one, other]) for (const month of [1, 2]) await publisher.publish(month);
  const bytesIn = ({ out }: typeof one): string[] =>
    readdirSync(out).map((name) => `${name} ${readFileSync(path.join(out, name)).toString('base64')}`);
  assert.deepEqual(bytesIn(one), bytesIn(other));
  const before = bytesIn(one);
  const lost = readdirSync(one.out).find((name) => name.includes('.vectors-'))!;
  const stays = readdirSync(one.out).find((name) => name.includes('.people-'))!;
  writeFileSync(path.join(one.out, lost), '');
  utimesSync(path.join(one.out, stays), 1e9, 1e9);
  await one.publish(2);
  assert.equal(statSync(path.join(one.out, stays)).mtimeMs, 1e12);
  // What led to the files that were lost is not made anew.
  assert.deepEqual(bytesIn(one).filter(isOfPack), before.filter(isOfPack));
});

test('who opted out is published without the remarks', async (t) => {
  const publisher = openPublisher(t);
  const optOuts = parseOptOuts(
    `# asked me on Monday\n${uuid(7).toUpperCase()} # her mail\nhttps://StashDB.org/performers/${uuid(8)}`,
  );
  const { optOuts: file } = await publisher.publish(1, { optOuts });
  const text = readFileSync(path.join(publisher.out, file!.parts[0]!.name), 'utf8');
  assert.equal(text, `${uuid(7)}\nhttps://stashdb.org/performers/${uuid(8)}\n`);
  assert.deepEqual(parseOptOuts(text), optOuts);
});

function isOfPack(file: string): boolean {
  return !/^[\w-]+\.delta-|^reference-packs\.json/.test(file);
}

/** What somebody makes of the list of packs. */
const SPOILT: Readonly<Record<string, (index: PackIndex) => void>> = {
  'of another format': (index) => void Object.assign(index, { format: 2 }),
  'with a file that its manifest does not name': ({ packs: [pack] }) =>
    void (pack!.files['people-0000000000000000.bin'] = Object.values(pack!.files)[0]!),
  'with a file less': ({ packs: [pack] }) => void delete pack!.files[Object.keys(pack!.files)[0]!],
  'with a path to elsewhere': (index) => void (partOf(index).name = '../../etc/passwd'),
  'with a hidden path to elsewhere': (index) => void (partOf(index).name = 'a..%2f'),
  'with a file in a folder': (index) => void (partOf(index).name = 'a/b'),
  'with a device of Windows': (index) => void (partOf(index).name = 'lpt1.bin'),
  'with a device of Windows alone': (index) => void (partOf(index).name = 'con'),
  'with a dot that Windows leaves out': (index) => void (partOf(index).name = 'a.'),
  'with an id that is a device of Windows': ({ packs: [pack] }) => void (pack!.manifest.id = 'nul'),
  'with an address': (index) => void (partOf(index).name = 'https://elsewhere.example/x'),
  'with an address without a scheme': (index) => void (partOf(index).name = '//elsewhere.example/x'),
  'whose parts are not the file': ({ packs: [pack] }) => void (Object.values(pack!.files)[0]!.bytes = 5),
  'with more bytes than there are numbers': (index) => void Object.assign(partOf(index), { bytes: 1e300 }),
  'with too many deltas': ({ packs: [pack] }) =>
    void (pack!.deltas = numbers(50).map(() => ({ ...pack!.deltas[0]! }))),
  'with a manifest that could not be read once it is installed': ({ packs: [pack] }) =>
    void (pack!.manifest.sources = numbers(20_000).map((n) => ({
      endpoint: `https://box.example/${n}`,
      name: 'A box',
      readAt: '2026-01-02T03:04:05.000Z',
    }))),
  'with an id that is a path': ({ packs: [pack] }) => void (pack!.manifest.id = '../x'),
};

function partOf({ packs: [pack] }: PackIndex): { name: string } {
  return Object.values(pack!.files)[0]!.parts[0]!;
}

test('a list of packs that is spoilt is refused, and none is no list', async (t) => {
  const publisher = openPublisher(t);
  assert.equal(await readIndex(publisher.base), null);
  for (const month of [1, 2]) await publisher.publish(month);
  for (const [what, spoil] of Object.entries(SPOILT)) {
    publisher.changeIndex(spoil);
    await assert.rejects(
      readIndex(publisher.base),
      isSentence(/is not a list of reference packs that this version/),
      what,
    );
    publisher.restore();
  }
  assert.notEqual(await readIndex(publisher.base), null);
});

test('a pack that claims more bytes than its people can have is refused before anything is fetched', async (t) => {
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const client = openClient(t, publisher);
  publisher.changeIndex(({ packs: [pack] }) => void (pack!.manifest.people = 0));
  await assert.rejects(client.fetch(), isSentence(/was not installed \(.+\): what was in use stays/));
  assert.equal(client.fetchedBytes(), 0);
});
