import type { Embedding } from '../../../core/faces/face.ts';

/** Little-endian, appended in order. */
export type ByteWriter = {
  u8(value: number): void;
  u16(value: number): void;
  i16(value: number): void;
  u32(value: number): void;
  bytes(value: Uint8Array): void;
  vector(value: Embedding): void;
  done(): Uint8Array;
};
/** Reads what a ByteWriter wrote, in the same order. Used within `readBytes`, since every call can throw RangeError. */
export type ByteReader = {
  u8(): number;
  u16(): number;
  i16(): number;
  u32(): number;
  /** A copy. */
  bytes(length: number): Uint8Array;
  vector(dimensions: number): Embedding;
  /** True at the end of the bytes. */
  ended(): boolean;
};

const STEPS = 32_767;

/** Values outside the range of a type are clamped to it. */
export function createByteWriter(): ByteWriter {
  let view = new DataView(new ArrayBuffer(1024));
  let length = 0;

  function grown(by: number): number {
    const at = length;
    length += by;
    if (length > view.byteLength) {
      const larger = new Uint8Array(Math.max(length, view.byteLength * 2));
      larger.set(new Uint8Array(view.buffer, 0, at));
      view = new DataView(larger.buffer);
    }
    return at;
  }

  return {
    u8(value) {
      const at = grown(1);
      view.setUint8(at, within(value, 0, 0xff));
    },
    u16(value) {
      const at = grown(2);
      view.setUint16(at, within(value, 0, 0xffff), true);
    },
    i16(value) {
      const at = grown(2);
      view.setInt16(at, within(value, -0x8000, 0x7fff), true);
    },
    u32(value) {
      const at = grown(4);
      view.setUint32(at, within(value, 0, 0xffffffff), true);
    },
    bytes(value) {
      const at = grown(value.length);
      new Uint8Array(view.buffer).set(value, at);
    },
    /**
    Quantised to 16 bits relative to the largest component; the scale is not stored, since the vector is normalised when it is
    read. The error in similarities is at most 3e-5 (measured with 128 and 512 dimensions; half floats: 1.4e-4; 8 bits: 6e-3,
    which would change decisions).
    */
    vector(value) {
      let largest = 0;
      for (const component of value) largest = Math.max(largest, Math.abs(component));
      const step = largest / STEPS;
      const at = grown(value.length * 2);
      for (let i = 0; i < value.length; i++)
        view.setInt16(at + i * 2, step === 0 ? 0 : within(value[i]! / step, -STEPS, STEPS), true);
    },
    done: () => new Uint8Array(view.buffer, 0, length),
  };
}

/** @throws SyntaxError when the length of the bytes does not fit `work`: they are damaged */
export function readBytes<T>(source: Uint8Array, work: (reader: ByteReader) => T): T {
  const reader = createByteReader(source);
  try {
    const result = work(reader);
    if (!reader.ended()) throw new RangeError('the bytes go on behind their end');
    return result;
  } catch (error) {
    throw error instanceof RangeError ? new SyntaxError(error.message, { cause: error }) : error;
  }
}

function createByteReader(source: Uint8Array): ByteReader {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  const passed = (by: number): number => {
    const before = at;
    at += by;
    return before;
  };

  return {
    u8: () => view.getUint8(passed(1)),
    u16: () => view.getUint16(passed(2), true),
    i16: () => view.getInt16(passed(2), true),
    u32: () => view.getUint32(passed(4), true),
    bytes(length) {
      const begin = passed(length);
      if (at > source.length) throw new RangeError('the bytes end too early');
      return source.slice(begin, at);
    },
    vector: (dimensions) => readVector(source, passed(dimensions * 2), dimensions),
    ended: () => at === source.length,
  };
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)));
}

/** A single vector. */
export function toVectorBytes(vector: Embedding): Uint8Array {
  const writer = createByteWriter();
  writer.vector(vector);
  return writer.done();
}

/** @throws SyntaxError when `toVectorBytes` did not write these bytes */
export function fromVectorBytes(bytes: Uint8Array): Embedding {
  if (bytes.length % 2 !== 0) throw new SyntaxError(`a vector has ${bytes.length} bytes, expected pairs`);
  return readVector(bytes, 0, bytes.length / 2);
}

/** Without a ByteReader, for speed: a search begins with 20 000 of these. */
function readVector(source: Uint8Array, at: number, dimensions: number): Embedding {
  if (at + dimensions * 2 > source.length) throw new RangeError('the bytes end too early');
  const begin = source.byteOffset + at;
  // An Int16Array needs an even offset, and has the byte order of the machine: little-endian on all platforms of Node.
  const steps =
    begin % 2 === 0
      ? new Int16Array(source.buffer, begin, dimensions)
      : new Int16Array(source.buffer.slice(begin, begin + dimensions * 2));
  let squares = 0;
  for (let i = 0; i < dimensions; i++) squares += steps[i]! * steps[i]!;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  const vector = new Float32Array(dimensions);
  for (let i = 0; i < dimensions; i++) vector[i] = steps[i]! * scale;
  return vector as Embedding;
}
