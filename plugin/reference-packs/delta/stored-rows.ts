import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import { MAX_QUALITY, type StoredTemplate } from '../vectors-file.ts';

/** People with their templates, as an opened pack or a delta has them. */
export type Rows = Pick<OpenReferencePack, 'person' | 'vectors' | 'quality' | 'references'>;

/** A template as the file has it. */
export function storedAt(
  { vectors, quality, references }: Omit<Rows, 'person'>,
  row: number,
): StoredTemplate {
  const { dimensions, values, scales } = vectors;
  return {
    row: values.slice(row * dimensions, (row + 1) * dimensions),
    scale: scales[row]!,
    quality: Math.round(MAX_QUALITY * quality(row)),
    references: references(row),
  };
}
