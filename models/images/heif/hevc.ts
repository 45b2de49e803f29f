/** HEVC pictures as HEIF keeps them (ISO/IEC 14496-15), made a stream that each decoder reads (ISO/IEC 23008-2, Annex B). */
import { createReader, damaged } from './reader.ts';

const START_CODE = Uint8Array.of(0, 0, 0, 1);
/** The end of a coded sequence: no picture waits for one that follows it, and a picture of its own can follow. */
const END_OF_SEQUENCE = Uint8Array.of(0x48, 0x01);
/** The first of the types of units that hold no part of a picture. */
const FIRST_NON_PICTURE = 32;
/** The three types of parameter sets. */
const PARAMETER_SETS: readonly number[] = [32, 33, 34];
/** A decoder keeps at most 16 + 16 + 64 of them. */
const MAX_PARAMETER_SETS = 96;
/** A picture has at most 600 slices, and a few units that are left out. */
const MAX_UNITS = 10_000;

export type HevcConfig = {
  readonly parameterSets: readonly Uint8Array[];
  /** Bytes of the length before each unit. */
  readonly lengthSize: number;
};

/** The property `hvcC`. */
export function readHevcConfig(content: Uint8Array): HevcConfig {
  const reader = createReader(content);
  reader.bytes(21); // profile, level and depth, which the parameter sets say too
  const lengthSize = (reader.uint(1) & 3) + 1;
  const parameterSets: Uint8Array[] = [];
  for (let arrays = reader.uint(1); arrays > 0; arrays--) {
    reader.uint(1); // type of the units, which each says itself
    for (let count = reader.uint(2); count > 0; count--) {
      const unit = reader.bytes(reader.uint(2));
      if (isBaseLayer(unit) && PARAMETER_SETS.includes(typeOf(unit))) parameterSets.push(unit);
      if (parameterSets.length > MAX_PARAMETER_SETS) throw damaged();
    }
  }
  return { parameterSets, lengthSize };
}

/**
A stream that shows one picture. Only parts of the picture and parameter sets are kept: other units (hints for
players, further layers) could be damaged or unknown and are not needed.
*/
export function toAnnexB(data: Uint8Array, { parameterSets, lengthSize }: HevcConfig): Uint8Array {
  const parts = parameterSets.flatMap((unit) => [START_CODE, unit]);
  let pictures = 0;
  let units = 0;
  for (const reader = createReader(data); reader.bytesLeft() > 0;) {
    const unit = reader.bytes(reader.uint(lengthSize));
    if (++units > MAX_UNITS) throw damaged();
    if (!isBaseLayer(unit)) continue;
    const type = typeOf(unit);
    if (type >= FIRST_NON_PICTURE && !PARAMETER_SETS.includes(type)) continue;
    // The first bit of a slice says that a picture begins.
    if (type < FIRST_NON_PICTURE && (unit[2] ?? 0) & 0x80) pictures++;
    parts.push(START_CODE, unit);
  }
  // Tiles are placed by counting pictures.
  if (pictures !== 1) throw damaged();
  return Buffer.concat([...parts, START_CODE, END_OF_SEQUENCE]);
}

function typeOf(unit: Uint8Array): number {
  return (unit[0]! >> 1) & 0x3f;
}

function isBaseLayer(unit: Uint8Array): boolean {
  return unit.length > 2 && ((unit[0]! & 1) << 5) + (unit[1]! >> 3) === 0;
}
