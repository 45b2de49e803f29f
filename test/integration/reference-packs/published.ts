/** A publisher of a pack that changes each month, and people who fetch it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { StashSenseError } from '../../../core/errors.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { NO_OPT_OUTS } from '../../../core/reference-packs/left-out/opt-outs.ts';
import { PACK_INDEX, type PackIndex } from '../../../core/reference-packs/pack-index.ts';
import { fetchPack, type FetchPackParts } from '../../../plugin/reference-packs/channel/fetch-pack.ts';
import { readIndex } from '../../../plugin/reference-packs/channel/read-index.ts';
import { packFolder, readManifest } from '../../../plugin/reference-packs/folders.ts';
import { publishPacks, type PublishOptions } from '../../../plugin/reference-packs/publish/publish.ts';
import { PACK, tempFolder } from '../../fakes/context.ts';
import { randomUnit, seeded } from '../../fixtures/random.ts';
import {
  packEntries,
  packPerson,
  referencePacksIn,
  uuid,
  writeReferencePack,
} from '../../fixtures/reference-packs.ts';

export const ID = 'test-people';
export const PEOPLE = 120;
export const USING = { facePack: PACK, version: '0.1.0' };
const DIMENSIONS = 8;

/** Month by month somebody comes, leaves and changes; who changed last month is as before again. */
export function entriesOf(month: number): PackEntry[] {
  const random = seeded(month);
  return packEntries(PEOPLE + month)
    .slice(month - 1)
    .map((entry, n) => {
      const { person } = entry;
      if (person.id === uuid(PEOPLE))
        return { ...entry, person: packPerson(PEOPLE, { name: `Month ${month}` }) };
      if (month === 1 || n % 9 !== month % 9) return entry;
      if (n % 2 === 0) return { ...entry, person: { ...person, name: `${person.name}, month ${month}` } };
      return { ...entry, template: randomUnit(DIMENSIONS, random), quality: 0.7 };
    });
}

type Options = Partial<Pick<PublishOptions, 'maxPartBytes' | 'keptDeltas' | 'optOuts'>>;
export type Publisher = ReturnType<typeof openPublisher>;

export function openPublisher(t: TestContext) {
  const root = tempFolder(t);
  const dataFolder = path.join(root, 'data');
  const out = path.join(root, 'site');
  const { packs } = referencePacksIn(dataFolder);
  const kept = new Map<string, Buffer>();
  const publishEntries = async (
    entries: readonly PackEntry[],
    version: string,
    options: Options = {},
  ): Promise<PackIndex> => {
    await writeReferencePack(packs, entries, { id: ID, version });
    const folder = packFolder(dataFolder, ID);
    const { manifest } = readManifest(folder)!;
    const index = await publishPacks({
      out,
      packs: [{ folder, manifest }],
      optOuts: NO_OPT_OUTS,
      version: USING.version,
      ...options,
    });
    kept.clear();
    for (const name of readdirSync(out))
      if (statSync(path.join(out, name)).isFile()) kept.set(name, readFileSync(path.join(out, name)));
    return index;
  };
  return {
    out,
    /** Where the last version lies that is published. */
    folder: packFolder(dataFolder, ID),
    base: new URL(`${pathToFileURL(out).href}/`),
    /** Names and checksums of the files of the last version. */
    files: (): string[] => filesIn(packFolder(dataFolder, ID)),
    publishEntries,
    publish: (month: number, options?: Options) => publishEntries(entriesOf(month), String(month), options),
    changeIndex(how: (index: PackIndex) => void): void {
      const file = path.join(out, PACK_INDEX);
      const index = JSON.parse(readFileSync(file, 'utf8')) as PackIndex;
      how(index);
      writeFileSync(file, JSON.stringify(index));
    },
    /** As it was published. */
    restore(): void {
      for (const [name, bytes] of kept) writeFileSync(path.join(out, name), bytes);
    },
  };
}

export type Client = ReturnType<typeof openClient>;

export function openClient(t: TestContext, { base }: Pick<Publisher, 'base'>) {
  const dataFolder = tempFolder(t);
  const { packs } = referencePacksIn(dataFolder);
  const said: string[] = [];
  let bytes = 0;
  return {
    dataFolder,
    packs,
    said,
    /** To be fetched, as the last call had it. */
    fetchedBytes: () => bytes,
    async fetch(parts: Partial<FetchPackParts> = {}): Promise<void> {
      const index = await readIndex(base);
      bytes = 0;
      await fetchPack(
        {
          dataFolder,
          owner: '0@nowhere',
          using: USING,
          base,
          installedId: ID,
          log: { warn: (line) => void said.push(line) },
          onProgress: (_, total) => void (bytes = total),
          options: { retryDelaysMs: [] },
          ...parts,
        },
        index!.packs.find(({ manifest }) => manifest.id === ID)!,
      );
    },
    files: (): string[] => filesIn(packFolder(dataFolder, ID)),
    async version(): Promise<string | null> {
      return (await packs.describe()).find(({ id }) => id === ID)?.manifest?.version ?? null;
    },
  };
}

function filesIn(folder: string): string[] {
  const { manifest } = readManifest(folder)!;
  return Object.keys(manifest.files)
    .toSorted()
    .map((name) => `${name} ${sha256(readFileSync(path.join(folder, name)))}`);
}

/** Replaces the last delta, and names what takes its place in the index: who publishes it cannot be trusted either. */
export function replaceDelta(publisher: Publisher, change: (delta: Buffer) => Buffer | null): void {
  publisher.changeIndex(({ packs: [pack] }) => {
    const { file } = pack!.deltas.at(-1)!;
    const place = path.join(publisher.out, file.parts[0]!.name);
    const changed = change(readFileSync(place));
    if (changed === null) return rmSync(place);
    writeFileSync(place, changed);
    const named = { bytes: Math.max(1, changed.length), sha256: sha256(changed) };
    Object.assign(file, named);
    Object.assign(file.parts[0]!, named);
  });
}

export function flippedAt(bytes: Uint8Array, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % flipped.length;
  flipped[at]! ^= 1 << (bit % 8);
  return flipped;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function isSentence(words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StashSenseError, String(error));
    assert.match(error.message, words);
    assert.match(error.message, /^[^\n]+\.$/);
    return true;
  };
}
