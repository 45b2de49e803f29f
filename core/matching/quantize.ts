import { toUnit } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';

/** Of an eight-bit component; -128 is not used. */
export const LARGEST_COMPONENT = 127;

/**
Eight bits relative to the largest component. The error in a similarity is small beside the distance of the people that a
search returns beyond those that count (`SPARE_CENTRES` of core/matching/matcher.ts).
*/
export function quantize(vector: Float32Array): { row: Int8Array<ArrayBuffer>; scale: number } {
  let largest = 0;
  for (const component of vector) largest = Math.max(largest, Math.abs(component));
  const scale = largest / LARGEST_COMPONENT;
  const row = new Int8Array(vector.length);
  for (let i = 0; i < row.length; i++) row[i] = Math.round(vector[i]! / scale);
  return { row, scale };
}

/** Row `row` of a table of quantised vectors, of unit length. @returns null for a row of zeros */
export function dequantizedRow({ dimensions, values }: QuantizedRows, row: number): Embedding | null {
  return dequantize(values.subarray(row * dimensions, (row + 1) * dimensions));
}

type QuantizedRows = { readonly dimensions: number; readonly values: Int8Array };

/** Of unit length, so the scale does not matter. @returns null for a row of zeros */
export function dequantize(row: Int8Array): Embedding | null {
  return toUnit(new Float32Array(row));
}
