/** Reading numbers and boxes of an ISO base media file (ISO/IEC 14496-12), with every length checked. */
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';

/** Reads bytes from the first to the last. Each method throws what `damaged` returns where too few bytes are left. */
export type Reader = {
  /** Big endian; of 0 bytes: 0. */
  uint(size: number): number;
  int32(): number;
  /** Four characters. */
  type(): string;
  bytes(count: number): Uint8Array;
  bytesLeft(): number;
};

export function createReader(bytes: Uint8Array): Reader {
  let at = 0;
  const advance = (count: number): number => {
    if (!(count >= 0 && count <= bytes.length - at)) throw damaged();
    at += count;
    return at - count;
  };
  const uint = (size: number): number => {
    let value = 0;
    for (let i = advance(size); i < at; i++) value = value * 256 + bytes[i]!;
    return value;
  };
  return {
    uint,
    int32: () => uint(4) | 0,
    type: () => String.fromCharCode(...bytes.subarray(advance(4), at)),
    bytes: (count) => bytes.subarray(advance(count), at),
    bytesLeft: () => bytes.length - at,
  };
}

export type Box = { readonly type: string; readonly content: Uint8Array };

/** The boxes that fill these bytes. */
export function* boxesIn(bytes: Uint8Array): Generator<Box> {
  for (const reader = createReader(bytes); reader.bytesLeft() >= 8;) {
    const left = reader.bytesLeft();
    const size = reader.uint(4);
    const type = reader.type();
    // A size of 1 stands for eight bytes behind the type, 0 for all that is left.
    const wholeSize = size === 1 ? reader.uint(8) : size === 0 ? left : size;
    yield { type, content: reader.bytes(wholeSize - (left - reader.bytesLeft())) };
  }
}

/** The content of the first box of the type; null where there is none. */
export function findBox(bytes: Uint8Array, type: string): Uint8Array | null {
  for (const box of boxesIn(bytes)) if (box.type === type) return box.content;
  return null;
}

/** @throws StashSenseError `unreadable-media` where there is none */
export function requireBox(bytes: Uint8Array, type: string): Uint8Array {
  const content = findBox(bytes, type);
  if (content === null) throw damaged();
  return content;
}

/** A box that begins with a version and flags. */
export function openFullBox(content: Uint8Array): { version: number; flags: number; reader: Reader } {
  const reader = createReader(content);
  return { version: reader.uint(1), flags: reader.uint(3), reader };
}

export function damaged(): StashSenseError {
  return new StashSenseError('unreadable-media', message('picture.heifDamaged'));
}
