import type { StashFile } from '../ports/library.ts';

type Measured = Pick<StashFile, 'width' | 'height' | 'durationMs' | 'sizeBytes' | 'modTime' | 'id'>;

/** Lengths of one film differ by less in the files of other encoders, and by more where something was cut; of a short clip the second is much. */
const MOST_APART_MS = 1000;
const MOST_APART = 0.01;
const MOST_APART_OF_CLIP = 0.1;

/** Whether all files may be the same film: their lengths are known and the same, but for what encoders cut. */
export function filesOfOneFilm(files: readonly Pick<StashFile, 'durationMs'>[]): boolean {
  const lengths = files.flatMap(({ durationMs }) =>
    durationMs === null || durationMs <= 0 ? [] : durationMs,
  );
  if (lengths.length < files.length || lengths.length === 0) return false;
  const longest = Math.max(...lengths);
  const most = Math.min(Math.max(MOST_APART_MS, MOST_APART * longest), MOST_APART_OF_CLIP * longest);
  return longest - Math.min(...lengths) <= most;
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
