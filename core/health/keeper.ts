import type { StashFile } from '../ports/library.ts';

type Measured = Pick<StashFile, 'width' | 'height' | 'durationMs' | 'sizeBytes' | 'modTime' | 'id'>;

/** Lengths of one film differ by less in the files of other encoders, and by more where something was cut. */
const MOST_APART_MS = 3000;
const MOST_APART = 0.01;

/** Whether all files may be the same film: their lengths are known and the same, but for what encoders cut. */
export function filesOfOneFilm(files: readonly Pick<StashFile, 'durationMs'>[]): boolean {
  const lengths = files.flatMap(({ durationMs }) =>
    durationMs === null || durationMs <= 0 ? [] : durationMs,
  );
  if (lengths.length < files.length || lengths.length === 0) return false;
  const longest = Math.max(...lengths);
  return longest - Math.min(...lengths) <= Math.max(MOST_APART_MS, MOST_APART * longest);
}

/**
Which file of one film to keep: the one with the most pixels; of those the one with the most bytes, which were compressed less;
of those the oldest, then the one Stash had first.
@param files at least one
*/
export function keeperOf<File extends Measured>(files: readonly File[]): File {
  const [best] = files.toSorted(
    (a, b) =>
      b.width * b.height - a.width * a.height ||
      b.sizeBytes - a.sizeBytes ||
      a.modTime.localeCompare(b.modTime) ||
      Number(a.id) - Number(b.id),
  );
  return best!;
}
