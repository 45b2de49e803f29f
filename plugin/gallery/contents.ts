import { hash } from 'node:crypto';
import { quantize } from '../../core/matching/quantize.ts';
import { centreOf } from '../../core/people/centre.ts';
import { createPauses } from '../../core/pauses.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { GallerySource } from '../../core/ports/gallery.ts';
import type { QuantizedVectors } from '../../core/ports/vision.ts';

/** One row per person: the centre, the id, and a signature of all that a match depends on. */
export type GalleryContents = {
  readonly packId: string;
  /** Version of the source. */
  readonly version: number;
  readonly references: number;
  readonly vectors: QuantizedVectors;
  /** `SIGNATURE_BYTES` per row. */
  readonly signatures: Uint8Array<ArrayBuffer>;
  /** Of row `n` the id is `ids[idEnds[n - 1]…idEnds[n]]`, UTF-8. */
  readonly idEnds: Uint32Array<ArrayBuffer>;
  readonly ids: Uint8Array<ArrayBuffer>;
};

export const SIGNATURE_BYTES = 16;
/** Cost of the signature and the centre of one reference, in comparisons of two embeddings. */
const COMPARISONS_PER_REFERENCE = 13;

/** Reads all people of the source; in memory is one page of them, and the rows. */
export async function readContents(
  source: GallerySource,
  packId: string,
  version: number,
): Promise<GalleryContents> {
  const pause = createPauses();
  const rows: Int8Array<ArrayBuffer>[] = [];
  const scales: number[] = [];
  const signatures: Uint8Array<ArrayBuffer>[] = [];
  const ids: Uint8Array<ArrayBuffer>[] = [];
  let references = 0;
  let dimensions = 0;
  const encoder = new TextEncoder();
  for await (const page of source.pages(packId))
    for (const person of page) {
      const centre = centreOf(person);
      if (centre === null || (dimensions !== 0 && centre.length !== dimensions)) continue;
      dimensions = centre.length;
      const { row, scale } = quantize(centre);
      rows.push(row);
      scales.push(scale);
      signatures.push(signatureOf(person));
      ids.push(encoder.encode(person.id));
      references += person.references.length;
      await pause(COMPARISONS_PER_REFERENCE * person.references.length);
    }
  const size = rows.length;
  let end = 0;
  return {
    packId,
    version,
    references,
    vectors: {
      dimensions,
      size,
      values: joined(rows, new Int8Array(size * dimensions)),
      scales: Float32Array.from(scales),
    },
    signatures: joined(signatures, new Uint8Array(size * SIGNATURE_BYTES)),
    idEnds: Uint32Array.from(ids, (id) => (end += id.length)),
    ids: joined(ids, new Uint8Array(end)),
  };
}

export function idAt({ ids, idEnds }: Pick<GalleryContents, 'ids' | 'idEnds'>, row: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString(
    'utf8',
    row === 0 ? 0 : idEnds[row - 1],
    idEnds[row],
  );
}

export function signatureAt({ signatures }: Pick<GalleryContents, 'signatures'>, row: number): string {
  return Buffer.from(signatures.buffer, signatures.byteOffset, signatures.length).toString(
    'hex',
    row * SIGNATURE_BYTES,
    (row + 1) * SIGNATURE_BYTES,
  );
}

/** Three components of each embedding are enough: those of another picture differ. */
export function signatureOf({ name, references }: GalleryPerson): Uint8Array<ArrayBuffer> {
  const parts = references.map(({ id, quality, embedding }) =>
    [
      id,
      quality.toFixed(3),
      ...Array.from(embedding.subarray(0, 3), (component) => component.toFixed(4)),
    ].join(','),
  );
  return Uint8Array.from(hash('sha256', [name, ...parts].join(' '), 'buffer').subarray(0, SIGNATURE_BYTES));
}

/** Empties `parts`, so that what is copied can be collected. */
function joined<Bytes extends Int8Array | Uint8Array>(parts: Bytes[], whole: Bytes): Bytes {
  let end = whole.length;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) whole.set(part, (end -= part.length));
  return whole;
}
