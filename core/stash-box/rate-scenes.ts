/** How sure it is which scene of a stash-box one of the user is, by the fingerprints of its files. */
import { bitsApart, isTelling } from '../fingerprints/bits-apart.ts';
import type { BoxScene, Fingerprint } from '../ports/boxes/box-scenes.ts';
import type { SceneHit } from './scene-hit.ts';

/** One file of a scene of the user. */
export type HashedFile = {
  readonly fingerprints: readonly (Fingerprint & { readonly isOurs: boolean })[];
  /** Null: Stash does not know. */
  readonly seconds: number | null;
};

export type RatedScene = {
  readonly scene: BoxScene;
  /** What speaks most for it first. */
  readonly hits: readonly SceneHit[];
  readonly confidence: number;
  readonly isStrong: boolean;
};

/** Two encodings of one film are seldom further apart. */
const NEAR = 8;
const STRONG_NEAR = 4;
/** Lengths of one film as two programs measure them. */
const SAME_SECONDS = { least: 2, share: 0.01 };
/** A strong one is at least `STRONG_FROM` of `rate.ts`; no weak one is. */
const CONFIDENCE = { equal: 0.99, near: 0.97, plausible: 0.9, otherLength: 0.3 };

/** @param scenes that the stash-box answered for these files; without a hit of ours they are none. The surest first */
export function rateScenes(files: readonly HashedFile[], scenes: readonly BoxScene[]): RatedScene[] {
  const found = scenes
    .map((scene) => ({ scene, hits: hitsOf(files, scene) }))
    .filter(({ hits }) => hits.length > 0);
  const plausible = found.filter(({ hits }) => hits.some(isPlausible));
  return found
    .map(({ scene, hits }): RatedScene => {
      const [best] = hits;
      const isStrong = plausible.length === 1 && plausible[0]?.scene === scene && hits.some(isStrongHit);
      const isLikely = hits.some(isPlausible);
      const shared = isLikely ? CONFIDENCE.plausible / plausible.length : CONFIDENCE.otherLength;
      const sure = best?.apart === 0 ? CONFIDENCE.equal : CONFIDENCE.near;
      return { scene, hits, isStrong, confidence: isStrong ? sure : shared };
    })
    .toSorted(
      (a, b) =>
        b.confidence - a.confidence ||
        a.hits[0]!.apart - b.hits[0]!.apart ||
        (a.scene.id < b.scene.id ? -1 : 1),
    );
}

function hitsOf(files: readonly HashedFile[], { fingerprints }: BoxScene): SceneHit[] {
  const hits = files.flatMap(({ fingerprints: own, seconds }) =>
    own.flatMap((mine) =>
      fingerprints.flatMap((theirs): SceneHit[] => {
        if (theirs.algorithm !== mine.algorithm || theirs.reports > theirs.submissions) return [];
        const isPhash = mine.algorithm === 'PHASH';
        const apart = isPhash ? bitsApart(mine.hash, theirs.hash) : 0;
        if (isPhash ? apart > NEAR || !isTelling(mine.hash) : mine.hash !== theirs.hash) return [];
        return [
          {
            algorithm: mine.algorithm,
            mine: mine.hash,
            theirs: theirs.hash,
            apart,
            mySeconds: seconds,
            theirSeconds: theirs.seconds > 0 ? theirs.seconds : null,
            submissions: theirs.submissions,
            isOurs: mine.isOurs,
          },
        ];
      }),
    ),
  );
  const sorted = hits.toSorted(
    (a, b) => strengthOf(b) - strengthOf(a) || a.apart - b.apart || b.submissions - a.submissions,
  );
  // Two files of a scene may have the same fingerprint: what says most is said once.
  const byPair = new Map<string, SceneHit>();
  for (const hit of sorted) {
    const pair = `${hit.algorithm} ${hit.mine} ${hit.theirs}`;
    if (!byPair.has(pair)) byPair.set(pair, hit);
  }
  return [...byPair.values()];
}

function strengthOf(hit: SceneHit): number {
  return isStrongHit(hit) ? 2 : isPlausible(hit) ? 1 : 0;
}

/** The bytes are the same, or the pictures and the length. */
function isStrongHit(hit: SceneHit): boolean {
  if (hit.algorithm === 'PHASH') return hit.apart <= STRONG_NEAR && agreesInLength(hit) === true;
  return agreesInLength(hit) !== false;
}

function isPlausible(hit: SceneHit): boolean {
  return agreesInLength(hit) !== false;
}

/** Null: one of the lengths is not known. */
function agreesInLength({ mySeconds, theirSeconds }: SceneHit): boolean | null {
  if (mySeconds === null || theirSeconds === null) return null;
  const most = Math.max(SAME_SECONDS.least, SAME_SECONDS.share * theirSeconds);
  return Math.abs(mySeconds - theirSeconds) <= most;
}
