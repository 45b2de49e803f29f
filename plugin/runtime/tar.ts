import { ArchiveFailure, type ArchiveEntry } from './archive.ts';

const BLOCK = 512;
/** A name or a list of attributes; more is no honest archive. */
const MAX_META_BYTES = 1 << 20;

/** ustar, with the long names of GNU tar and of pax. @throws ArchiveFailure */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncIterable<ArchiveEntry> {
  const source = createBlockReader(stream);
  let next: { name?: string; size?: number } = {};
  for (;;) {
    const header = await source.read(BLOCK);
    if (header === null || header.every((it) => it === 0)) return;
    if (!hasRightSum(header)) throw new ArchiveFailure('it is damaged, or no tar archive');
    const type = String.fromCharCode(header[156]!);
    const size = next.size ?? readNumber(header, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ArchiveFailure('it is damaged (an entry without a size)');

    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      if (size > MAX_META_BYTES) throw new ArchiveFailure('it is damaged (a name without end)');
      const meta = await source.read(Math.ceil(size / BLOCK) * BLOCK);
      if (meta === null) throw new ArchiveFailure('it ends too early');
      const bytes = meta.subarray(0, size);
      if (type === 'x') next = { ...next, ...readPax(bytes) };
      if (type === 'L') next = { ...next, name: readText(bytes) };
      continue;
    }

    const folder = readText(header.subarray(345, 500));
    const short = readText(header.subarray(0, 100));
    const isUstar = readText(header.subarray(257, 262)) === 'ustar';
    const content = source.take(size);
    yield {
      name: next.name ?? (isUstar && folder !== '' ? `${folder}/${short}` : short),
      kind: type === '0' || type === '\0' || type === '7' ? 'file' : type === '5' ? 'folder' : 'other',
      executable: (readNumber(header, 100, 8) & 0o100) !== 0,
      size,
      bytes: content.bytes,
    };
    next = {};
    await content.skipRest();
  }
}

type BlockReader = {
  /** Null at the end of the stream. */
  read(count: number): Promise<Uint8Array | null>;
  take(size: number): { bytes: AsyncIterable<Uint8Array>; skipRest(): Promise<void> };
};

function createBlockReader(stream: AsyncIterable<Uint8Array>): BlockReader {
  const chunks = stream[Symbol.asyncIterator]();
  let buffered: Uint8Array = new Uint8Array(0);

  /** At most `limit` bytes, at least one; null at the end. */
  async function some(limit: number): Promise<Uint8Array | null> {
    while (buffered.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return null;
      buffered = value;
    }
    const piece = buffered.subarray(0, limit);
    buffered = buffered.subarray(piece.length);
    return piece;
  }

  return {
    async read(count) {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count;) {
        const piece = await some(count - at);
        if (piece === null) {
          if (at === 0) return null;
          throw new ArchiveFailure('it ends too early');
        }
        bytes.set(piece, at);
        at += piece.length;
      }
      return bytes;
    },

    take(size) {
      let left = size;
      let padding = (BLOCK - (size % BLOCK)) % BLOCK;
      async function* bytes(): AsyncIterable<Uint8Array> {
        while (left > 0) {
          const piece = await some(left);
          if (piece === null) throw new ArchiveFailure('it ends too early');
          left -= piece.length;
          yield piece;
        }
      }
      return {
        bytes: bytes(),
        async skipRest() {
          for (; left + padding > 0;) {
            const piece = await some(left > 0 ? left : padding);
            if (piece === null) throw new ArchiveFailure('it ends too early');
            if (left > 0) left -= piece.length;
            else padding -= piece.length;
          }
        },
      };
    },
  };
}

function hasRightSum(header: Uint8Array): boolean {
  const sum = header.reduce((total, it, at) => total + (at >= 148 && at < 156 ? 32 : it), 0);
  return sum === readNumber(header, 148, 8);
}

/** Octal digits, or (top bit set) a binary number; NaN for anything else. */
function readNumber(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if ((field[0]! & 0x80) !== 0)
    return field.reduce((total, it, i) => total * 256 + (i === 0 ? it & 0x7f : it), 0);
  const text = readText(field).trim();
  return text === '' ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Up to the first zero. */
function readText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

/** Lines of `<length of the line> <key>=<value>\n`. */
function readPax(bytes: Uint8Array): { name?: string; size?: number } {
  const found: { name?: string; size?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const length = Number.parseInt(Buffer.from(bytes.subarray(at, at + 12)).toString('latin1'), 10);
    if (!(length > 3)) throw new ArchiveFailure('it is damaged (attributes)');
    const line = Buffer.from(bytes.subarray(at, at + length - 1)).toString('utf8');
    const [, key, value = ''] = /^\d+ ([^=]+)=([\s\S]*)$/.exec(line) ?? [];
    if (key === 'path') found.name = value;
    if (key === 'size') found.size = Number(value);
    at += length;
  }
  return found;
}
