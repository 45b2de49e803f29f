/**
The templates of all people of a pack, little-endian:

    8 bytes        magic `SSREFVEC`
    6 x uint32     layout, dimensions, people, three zeros
    values         int8, `dimensions` for each person
    scales         float32 for each person
    qualities      uint8 for each person, 255 is 1
    references     uint16 for each person, how many references the template is made of, at most 65 535
*/
import { dequantize, quantize } from '../../core/matching/quantize.ts';
import { createPauses } from '../../core/pauses.ts';
import type { PackEntry } from '../../core/ports/reference-packs.ts';
import type { QuantizedVectors } from '../../core/ports/vision.ts';
import { bytesOf, createPackFile, HEADER_BYTES, type PackFileReader, readHeader } from './bytes.ts';
import { misfit } from './damage.ts';

export const VECTORS = 'vectors';
const MAGIC = 'SSREFVEC';
const LAYOUT = 1;
const MAX_DIMENSIONS = 8192;
export const MAX_PEOPLE = 10_000_000;
const BYTES_PER_PERSON = 7;
export const MAX_QUALITY = 255;
const MAX_REFERENCES = 65_535;
/** Rounding of the components changes the length of a unit vector by less. */
const LENGTH_ERROR = 0.1;

/** Of the file of so many people. */
export function mostVectorsBytes(people: number): number {
  return HEADER_BYTES + people * (MAX_DIMENSIONS + BYTES_PER_PERSON);
}

export type Templates = {
  readonly vectors: QuantizedVectors;
  readonly qualities: Uint8Array<ArrayBuffer>;
  readonly references: Uint16Array<ArrayBuffer>;
};

/** A template as it is stored. */
export type StoredTemplate = {
  readonly row: Int8Array<ArrayBuffer>;
  readonly scale: number;
  /** Up to `MAX_QUALITY`. */
  readonly quality: number;
  readonly references: number;
};

export async function createVectorsFile(file: string) {
  const writer = await createPackFile(file);
  const scales: number[] = [];
  const qualities: number[] = [];
  const references: number[] = [];
  let dimensions = 0;
  const addStored = async ({ row, scale, quality, references: count }: StoredTemplate): Promise<void> => {
    if (dimensions === 0) dimensions = row.length;
    if (row.length !== dimensions || row.length === 0)
      throw new RangeError(`A template of ${row.length} numbers among those of ${dimensions}`);
    if (dequantize(row) === null) throw new RangeError('A template without direction');
    scales.push(scale);
    qualities.push(quality);
    references.push(count);
    await writer.write(bytesOf(row));
  };
  return {
    addStored,
    async add({ template, quality, references: count }: Omit<PackEntry, 'person'>): Promise<void> {
      await addStored({
        ...quantize(template),
        quality: Math.round(Math.min(1, Math.max(0, quality)) * MAX_QUALITY),
        references: Math.min(MAX_REFERENCES, Math.max(1, Math.round(count))),
      });
    },
    async end() {
      await writer.write(bytesOf(Float32Array.from(scales)));
      await writer.write(Uint8Array.from(qualities));
      await writer.write(bytesOf(Uint16Array.from(references)));
      const counts = [dimensions, scales.length, 0, 0, 0];
      return await writer.end({ magic: MAGIC, layout: LAYOUT, counts });
    },
    close: () => writer.close(),
  };
}

/** @param size of the file, which is what the manifest says. @throws PackDamage */
export async function readVectors(
  reader: PackFileReader,
  { size, people, name }: { readonly size: number; readonly people: number; readonly name: string },
): Promise<Templates> {
  const head = Buffer.alloc(HEADER_BYTES);
  await reader.read(head);
  const { magic, layout, counts } = readHeader(head);
  const [dimensions = 0, count = 0] = counts;
  if (magic !== MAGIC || layout !== LAYOUT || dimensions > MAX_DIMENSIONS) throw misfit(name);
  // Before memory is taken for what the header claims.
  if (count !== people || size !== HEADER_BYTES + people * (dimensions + BYTES_PER_PERSON))
    throw misfit(name);
  if (people > 0 && dimensions === 0) throw misfit(name);
  const values = new Int8Array(people * dimensions);
  const scales = new Float32Array(people);
  const qualities = new Uint8Array(people);
  const references = new Uint16Array(people);
  for (const section of [values, scales, qualities, references]) await reader.read(bytesOf(section));
  const vectors = { dimensions, size: people, values, scales };
  if (!(await areUnits(vectors)) || references.includes(0)) throw misfit(name);
  return { vectors, qualities, references };
}

/** Longer rows would be more alike to everybody than anybody is. */
async function areUnits({ dimensions, size, values, scales }: QuantizedVectors): Promise<boolean> {
  const pause = createPauses();
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++) sum += values[i]! * values[i]!;
    const length = Math.sqrt(sum) * scales[row]!;
    // Also where the scale is no number.
    if (!(scales[row]! > 0 && Math.abs(length - 1) < LENGTH_ERROR)) return false;
    if (row % 64 === 63) await pause(64);
  }
  return true;
}

export function qualityOf({ qualities }: Templates, row: number): number {
  return (qualities[row] ?? 0) / MAX_QUALITY;
}
