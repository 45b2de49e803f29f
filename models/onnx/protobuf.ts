/** The wire format of protobuf, as far as ONNX files use it. */

/** One field of a message: its number, and an integer or the bytes of a text, an array or a message. */
export type WireField = {
  readonly number: number;
  readonly value: number | Uint8Array;
  /** With its number, as it stands in the file. */
  readonly whole: Uint8Array;
};

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const VARINT = 0;
const BYTES = 2;
/** Bytes of the values of fixed length, by wire type. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** @throws RangeError for bytes that are no message */
export function* readFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  while (at < message.length) {
    const start = at;
    const key = integer();
    const type = key % 8;
    const value = type === VARINT ? integer() : slice(type === BYTES ? integer() : (FIXED[type] ?? NaN));
    yield { number: Math.floor(key / 8), value, whole: message.subarray(start, at) };
  }

  function integer(): number {
    const [value, next] = readVarint(message, at);
    at = next;
    return value;
  }

  function slice(length: number): Uint8Array {
    const end = at + length;
    if (!(end <= message.length)) throw new RangeError('it breaks off, or is no protobuf');
    const bytes = message.subarray(at, end);
    at = end;
    return bytes;
  }
}

/** @returns the value, exact up to 2^53, and where the next one begins */
function readVarint(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  let scale = 1;
  for (let at = from; at < bytes.length; at++) {
    value += (bytes[at]! % 128) * scale;
    scale *= 128;
    if (bytes[at]! < 128) return [value, at + 1];
  }
  throw new RangeError('it breaks off, or is no protobuf');
}

/** Integers that follow one another without field numbers. */
export function readPacked(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [value, next] = readVarint(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

export function readText(value: number | Uint8Array): string {
  return typeof value === 'number' ? '' : DECODER.decode(value);
}

/** A length-delimited field. */
export function field(number: number, bytes: Uint8Array): Uint8Array {
  return concat([varint(number * 8 + BYTES), varint(bytes.length), bytes]);
}

/** As `field` of these parts one after the other, without copying them. */
export function fieldOfParts(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint(number * 8 + BYTES), varint(length), ...parts];
}

export function integerField(number: number, value: number): Uint8Array {
  return concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

export function text(value: string): Uint8Array {
  return ENCODER.encode(value);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
