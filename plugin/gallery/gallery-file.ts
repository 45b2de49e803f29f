/**
One file with the contents of a gallery, little-endian:

    8 bytes   magic
    4 bytes   format version
    4 bytes   length of the header
    header    JSON (`Header`)
    32 bytes  SHA-256 of all before
    body      scales (float32 per row), ends of ids (uint32 per row), signatures, values (int8), ids

Whatever does not fit, a half-written, altered or other file, is refused as a whole.
*/
import { createHash, hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { SaidError } from '../../core/errors.ts';
import { jsonOf } from '../../core/json-of.ts';
import { replaceLargeFile } from '../system/files/gallery-files.ts';
import { openOwnFile } from '../system/files/own-files.ts';
import { SIGNATURE_BYTES, type GalleryContents } from './contents.ts';

const MAGIC = 'SSGALLRY';
/** Another layout or another meaning of the bytes gets another number. */
const FORMAT_VERSION = 1;
const FIXED_BYTES = 16;
const HASH_BYTES = 32;
const MAX_HEADER_BYTES = 65_536;
/** Per read or write; between two of them other work of the process runs. */
const CHUNK_BYTES = 8 << 20;

const Header = z.object({
  packId: z.string(),
  version: z.int().nonnegative(),
  encoding: z.literal('int8'),
  dimensions: z.int().min(0).max(8192),
  people: z.int().min(0).max(10_000_000),
  references: z.int().nonnegative(),
  idBytes: z.int().nonnegative(),
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
});
type Header = z.infer<typeof Header>;

/** The file is not what was written; the text is for the log. */
export class GalleryFileError extends Error {
  override name = 'GalleryFileError' as const;
}

/** Of a file of a gallery, and not of this code. */
export function isDamage(error: unknown): boolean {
  return error instanceof GalleryFileError || error instanceof SaidError;
}

export async function writeGalleryFile(file: string, contents: GalleryContents): Promise<void> {
  const sections = sectionsOf(contents);
  const body = createHash('sha256');
  for (const chunk of chunksOf(sections)) {
    body.update(chunk);
    await nextTurn();
  }
  const { packId, version, references, vectors, ids } = contents;
  const header = headBytes({
    packId,
    version,
    encoding: 'int8',
    dimensions: vectors.dimensions,
    people: vectors.size,
    references,
    idBytes: ids.length,
    bodySha256: body.digest('hex'),
  });
  await replaceLargeFile(file, async (temporary) => {
    const handle = await open(temporary, 'r+');
    try {
      for (const chunk of [header, ...chunksOf(sections)]) await handle.writeFile(chunk);
    } finally {
      await handle.close();
    }
  });
}

/**
`null`: there is none, or it is of another pack or version.
@throws GalleryFileError when it is damaged, NotOurOwn when it is no file; whatever the system says
*/
export async function readGalleryFile(
  file: string,
  wanted: { readonly packId: string; readonly version: number },
): Promise<GalleryContents | null> {
  let handle: FileHandle;
  try {
    handle = await openOwnFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const { header, bodyAt } = await readHeader(handle, size);
    if (header.packId !== wanted.packId || header.version !== wanted.version) return null;
    // Before memory is taken for what the header claims.
    const expected = bodyAt + bodyBytes(header);
    if (size !== expected)
      throw new GalleryFileError(`it has ${size} bytes, and by its header it should have ${expected}`);
    const contents = emptyContents(header);
    const sections = sectionsOf(contents);
    const body = createHash('sha256');
    let at = bodyAt;
    for (const chunk of chunksOf(sections)) {
      await readAll(handle, chunk, at);
      body.update(chunk);
      at += chunk.length;
    }
    if (body.digest('hex') !== header.bodySha256)
      throw new GalleryFileError('its content does not have the checksum of its header');
    if (contents.idEnds.some((end, row) => end < (contents.idEnds[row - 1] ?? 0) || end > header.idBytes))
      throw new GalleryFileError('its table of people points outside the file');
    return contents;
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, size: number): Promise<{ header: Header; bodyAt: number }> {
  const fixed = Buffer.alloc(FIXED_BYTES);
  if (size < FIXED_BYTES) throw new GalleryFileError(`it has ${size} bytes, too few for a header`);
  await readAll(handle, fixed, 0);
  if (fixed.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new GalleryFileError('it does not begin as a gallery file does');
  const formatVersion = fixed.readUInt32LE(8);
  if (formatVersion !== FORMAT_VERSION)
    throw new GalleryFileError(
      `its format is version ${formatVersion}, and this one reads ${FORMAT_VERSION}`,
    );
  const length = fixed.readUInt32LE(12);
  const bodyAt = FIXED_BYTES + length + HASH_BYTES;
  if (length > MAX_HEADER_BYTES || bodyAt > size) throw new GalleryFileError('it ends within its header');
  const rest = Buffer.alloc(length + HASH_BYTES);
  await readAll(handle, rest, FIXED_BYTES);
  const text = rest.subarray(0, length);
  const sha256 = hash('sha256', Buffer.concat([fixed, text]), 'hex');
  if (sha256 !== rest.toString('hex', length))
    throw new GalleryFileError('its header does not have its checksum');
  const parsed = Header.safeParse(jsonOf(text.toString('utf8')));
  if (!parsed.success) throw new GalleryFileError(`its header is not readable: ${parsed.error.message}`);
  return { header: parsed.data, bodyAt };
}

function headBytes(header: Header): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.write(MAGIC, 'latin1');
  fixed.writeUInt32LE(FORMAT_VERSION, 8);
  fixed.writeUInt32LE(text.length, 12);
  const head = Buffer.concat([fixed, text]);
  return Buffer.concat([head, hash('sha256', head, 'buffer')]);
}

function emptyContents({
  packId,
  version,
  references,
  dimensions,
  people,
  idBytes,
}: Header): GalleryContents {
  return {
    packId,
    version,
    references,
    vectors: {
      dimensions,
      size: people,
      values: new Int8Array(people * dimensions),
      scales: new Float32Array(people),
    },
    signatures: new Uint8Array(people * SIGNATURE_BYTES),
    idEnds: new Uint32Array(people),
    ids: new Uint8Array(idBytes),
  };
}

function bodyBytes({ people, dimensions, idBytes }: Header): number {
  return people * (8 + SIGNATURE_BYTES + dimensions) + idBytes;
}

/** The bytes of the body in their order, shared with the contents. All platforms of Node are little-endian. */
function sectionsOf({ vectors, idEnds, signatures, ids }: GalleryContents): Uint8Array[] {
  return [vectors.scales, idEnds, signatures, vectors.values, ids].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
}

function* chunksOf(sections: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (const section of sections)
    for (let from = 0; from < section.length; from += CHUNK_BYTES)
      yield section.subarray(from, from + CHUNK_BYTES);
}

async function readAll(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new GalleryFileError('it ends too early');
    done += bytesRead;
  }
}
