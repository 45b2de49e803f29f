/** Scenes by their fingerprints as v0.10.2 was seen to find them, and older versions by MD5 too. */
import { bitsApart } from '../../../core/fingerprints/bits-apart.ts';
import { ArgumentError } from '../plugins/require-map.ts';
import type { BoxData, SceneRow } from './data.ts';

export type AskedFingerprint = { readonly hash: string; readonly algorithm: string };

const MOST_SCENES = 40;

export function findByFingerprints(
  data: BoxData,
  lists: readonly (readonly AskedFingerprint[])[],
  { phashDistance, takesMd5 }: { readonly phashDistance: number; readonly takesMd5: boolean },
): SceneRow[][] {
  for (const [n, list] of lists.entries())
    for (const [m, { hash }] of list.entries())
      if (!/^[0-9a-f]+$/i.test(hash))
        throw new ArgumentError(
          `invalid fingerprint hash: strconv.ParseUint: parsing "${hash}": invalid syntax`,
          'fingerprints',
          n,
          m,
          'hash',
        );
  if (lists.length > MOST_SCENES) throw new Error('too many scenes');
  const alive = [...data.scenes.values()]
    .filter((row) => !row.deleted)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return lists.map((list) =>
    alive.filter(({ fingerprints }) =>
      fingerprints.some((theirs) => list.some((asked) => isSame(asked, theirs, phashDistance, takesMd5))),
    ),
  );
}

/** The algorithm is not compared where the hashes are equal. */
function isSame(
  { hash, algorithm }: AskedFingerprint,
  theirs: AskedFingerprint,
  phashDistance: number,
  takesMd5: boolean,
): boolean {
  if (algorithm === 'MD5') return takesMd5 && theirs.hash === hash.toLowerCase();
  const digits = hash.toLowerCase().padStart(16, '0');
  if (digits === theirs.hash) return true;
  const arePhashes = algorithm === 'PHASH' && theirs.algorithm === 'PHASH';
  return arePhashes && phashDistance > 0 && bitsApart(digits, theirs.hash) <= phashDistance;
}
