/**
What leads from the files of one version of a pack to those of another one, little-endian:

    8 bytes        magic `SSREFDLT`
    6 x uint32     layout, bytes of the head, of the people, of the templates, two zeros
    head           UTF-8, JSON (`DeltaHead`)
    people         those who are new or changed, as a people file (../people-file.ts)
    templates      theirs, as a vectors file (../vectors-file.ts)

The steps go through the rows of the old version in their order. Who left is a row that is left out: nobody is named.
*/
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { jsonOf } from '../../../core/json-of.ts';
import { createPackReader, HEADER_BYTES, readHeader, type PackFileReader } from '../bytes.ts';
import { misfit } from '../damage.ts';
import { MAX_PEOPLE } from '../vectors-file.ts';

export const MAGIC = 'SSREFDLT';
export const LAYOUT = 1;
/** A million changes, each between people who stay, take about 20 MB. */
const MAX_HEAD_BYTES = 64 << 20;
const MAX_STEPS = 4_000_000;

/** `keep`: so many rows of the old version as they are; `leave`: so many of them not; `add`: so many of those that come with the delta. */
export const KEEP = 0;
export const LEAVE = 1;
export const ADD = 2;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const People = z.int().nonnegative().max(MAX_PEOPLE);
const MadeFile = z.strictObject({ bytes: z.int().nonnegative(), sha256: Sha256 });

export const DeltaHead = z.strictObject({
  /** SHA-256 of the files that it is applied to. */
  from: z.strictObject({ people: Sha256, vectors: Sha256 }),
  to: z.strictObject({ count: People, people: MadeFile, vectors: MadeFile }),
  steps: z
    .array(
      z.tuple([
        z.union([z.literal(KEEP), z.literal(LEAVE), z.literal(ADD)]),
        z.int().positive().max(MAX_PEOPLE),
      ]),
    )
    .max(MAX_STEPS),
  /** People who come with the delta, and SHA-256 of what it holds of them. */
  added: z.strictObject({ count: People, people: Sha256, vectors: Sha256 }),
});
export type DeltaHead = z.infer<typeof DeltaHead>;

type Section = { readonly size: number; readonly people: number; readonly name: string };

export type OpenDelta = {
  readonly head: DeltaHead;
  /** Reads people or templates, which must have the checksum of the head. @throws PackDamage */
  read<Part>(
    section: 'people' | 'vectors',
    read: (reader: PackFileReader, section: Section) => Promise<Part>,
  ): Promise<Part>;
};

/** @param name for the sentence about damage. @throws PackDamage */
export async function openDelta(handle: FileHandle, size: number, name: string): Promise<OpenDelta> {
  const begin = Buffer.alloc(HEADER_BYTES);
  await createPackReader(handle, name).read(begin);
  const { magic, layout, counts } = readHeader(begin);
  const [headBytes = 0, peopleBytes = 0, vectorsBytes = 0] = counts;
  // Before memory is taken for what the header claims.
  const isWhole = size === HEADER_BYTES + headBytes + peopleBytes + vectorsBytes;
  if (magic !== MAGIC || layout !== LAYOUT || headBytes > MAX_HEAD_BYTES || !isWhole) throw misfit(name);
  const text = Buffer.alloc(headBytes);
  await createPackReader(handle, name, { start: HEADER_BYTES }).read(text);
  const parsed = DeltaHead.safeParse(jsonOf(text.toString('utf8')));
  if (!parsed.success) throw misfit(name);
  const { added } = parsed.data;
  const sections = {
    people: { start: HEADER_BYTES + headBytes, size: peopleBytes },
    vectors: { start: HEADER_BYTES + headBytes + peopleBytes, size: vectorsBytes },
  };
  return {
    head: parsed.data,
    async read(section, read) {
      const reader = createPackReader(handle, name, { start: sections[section].start });
      const part = await read(reader, { size: sections[section].size, people: added.count, name });
      reader.check(added[section]);
      return part;
    },
  };
}
