import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { seeded } from '../../../test/fixtures/random.ts';
import { writeTar } from '../../../tools/packaging/channel-tar.ts';
import { ArchiveFailure, type ArchiveEntry } from './archive.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stash sense archive-'));
after(() => rmSync(folder, { recursive: true }));

const LONG = `${'folder/'.repeat(20)}${'n'.repeat(120)}`;
const FILES = { a: 'one', [LONG]: 'two '.repeat(5000), 'b/c': '' };
const plainTar = await writeTar(
  Object.entries(FILES).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
);
const plainZip = Buffer.from(
  zipSync(Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name, strToU8(text)]))),
);

async function* chunksOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const openTar = (bytes: Uint8Array): AsyncIterable<ArchiveEntry> => readTar(chunksOf(bytes, 700));
function openZip(bytes: Uint8Array): AsyncIterable<ArchiveEntry> {
  const file = path.join(folder, 'it.zip');
  writeFileSync(file, bytes);
  return readZip(file);
}

async function readAll(entries: AsyncIterable<ArchiveEntry>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry.bytes) chunks.push(Buffer.from(chunk));
    found[entry.name] = Buffer.concat(chunks).toString();
  }
  return found;
}

for (const [kind, whole, open] of [
  ['tar', plainTar, openTar],
  ['zip', plainZip, openZip],
] as const) {
  test(`${kind}: each entry comes with all of its bytes`, async () => {
    assert.deepEqual(await readAll(open(whole)), FILES);
  });

  test(`${kind}: entries that are not read are passed over`, async () => {
    const names: string[] = [];
    for await (const { name } of open(whole)) names.push(name);
    assert.deepEqual(names, Object.keys(FILES));
  });

  test(`${kind}: whatever bytes are changed or missing, it is read or refused, and comes to an end`, async () => {
    const random = seeded(7);
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 1 + round / 100; i++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const cut = round % 3 === 0 ? Math.floor(random() * bytes.length) : bytes.length;
      await readAll(open(bytes.subarray(0, cut))).catch((error: unknown) => {
        assert.ok(error instanceof ArchiveFailure, String(error));
        refused++;
      });
    }
    assert.ok(refused > 50, `${refused}`);
  });
}

test('tar: an error of the stream that carries it stays what it is', async () => {
  const gone = Object.assign(new Error('the disk is gone'), { code: 'EIO' });
  for (const at of [0, 700, 1600]) {
    async function* breaking(): AsyncIterable<Uint8Array> {
      yield plainTar.subarray(0, at);
      throw gone;
    }
    await assert.rejects(readAll(readTar(breaking())), (error) => error === gone);
  }
});

test('zip: a file that is not there is an error of the disk', async () => {
  await assert.rejects(readAll(readZip(path.join(folder, 'none.zip'))), { code: 'ENOENT' });
});

test('tar: the stream is closed when a reader leaves in the middle', async () => {
  const source = new EventEmitter();
  const closed = once(source, 'close');
  async function* endless(): AsyncIterable<Uint8Array> {
    try {
      yield plainTar.subarray(0, 1200);
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      source.emit('close');
    }
  }
  for await (const entry of readTar(endless())) if (entry.name === 'a') break;
  await closed;
});
