/** How sure it is that a scene of the user is a re-cut of one of a stash-box, of those that it could be. */
import { isTelling } from '../../fingerprints/bits-apart.ts';
import { chanceOf } from '../../fingerprints/chance.ts';
import { CUTS, findPlacement, type Cut, type Placed } from '../../fingerprints/find-placement.ts';
import type { Composer } from '../../fingerprints/virtual-phash.ts';
import type { BoxFingerprint, BoxScene } from '../../ports/boxes/box-scenes.ts';
import type { Recut } from './recut.ts';

/** One file of the scene. */
export type ComposedFile = { readonly seconds: number; readonly composer: Composer };

export type RatedRecut = {
  readonly scene: BoxScene;
  readonly recut: Recut;
  readonly confidence: number;
  readonly isStrong: boolean;
};

/** Over all candidates and placements that were tried for the scene: with so little chance of another film it is this one. */
const STRONG_CHANCE = 1e-4;
/** With more it is not worth a look. */
const SHOWN_CHANCE = 1e-2;
/** A strong one is at least `STRONG_FROM` of `rate.ts`; no weak one is. */
const CONFIDENCE = { strong: 0.96, shown: 0.5 };
/** Of one scene those that most users gave: each that is compared is one more that could agree by chance. */
const MOST_HASHES = 3;
/** A file that holds less of the film has too few of its frames. */
const LEAST_SHARE = 0.7;
/** A file may be longer by an intro and an end, and by a bonus. */
const MOST_SHARE = 1.5;
const MOST_MORE_SECONDS = 120;

/** Whether a file so long can be a re-cut of the scene by any fingerprint that it has. */
export function canBeRecut(seconds: number, scene: BoxScene): boolean {
  return hashesOf(seconds, scene).length > 0;
}

/**
Each kind of re-cut has the same part of the chance, so that the many placements of an odd one take nothing from a cut at one end.
@param files read one after the other: each takes up to 200 megabytes
@param candidates none of them has a fingerprint of the files. The surest first
@param pause between two comparisons, each of which takes up to a second
*/
export async function rateRecuts(
  files: Iterable<ComposedFile> | AsyncIterable<ComposedFile>,
  candidates: readonly BoxScene[],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<RatedRecut[]> {
  const tried = { end: 0, ends: 0, speed: 0, middle: 0 } satisfies Record<Cut, number>;
  const found: {
    readonly scene: BoxScene;
    readonly cut: Cut;
    readonly recut: Recut;
    readonly isVaried: boolean;
  }[] = [];
  for await (const { seconds, composer } of files)
    for (const scene of candidates)
      for (const theirs of hashesOf(seconds, scene)) {
        const search = findPlacement(composer, seconds, theirs);
        for (const cut of CUTS) {
          const { best, tried: count } = search[cut];
          tried[cut] += count;
          const { isVaried } = composer;
          if (best !== null) found.push({ scene, cut, recut: toRecut(best, seconds, theirs), isVaried });
        }
        await pause();
      }
  const byScene = new Map<
    BoxScene,
    { readonly recut: Recut; readonly chance: number; readonly isVaried: boolean }
  >();
  for (const { scene, cut, recut, isVaried } of found) {
    const chance = CUTS.length * chanceOf(recut.apart, tried[cut]);
    if (chance <= SHOWN_CHANCE && chance < (byScene.get(scene)?.chance ?? 1))
      byScene.set(scene, { recut, chance, isVaried });
  }
  return [...byScene]
    .map(([scene, { recut, chance, isVaried }]): RatedRecut => {
      // The same film may be there twice, and chance was measured on films of many shots: then somebody has to look.
      const isStrong = byScene.size === 1 && chance <= STRONG_CHANCE && isVaried;
      const confidence = isStrong ? CONFIDENCE.strong : CONFIDENCE.shown / byScene.size;
      return { scene, recut, isStrong, confidence };
    })
    .toSorted(
      (one, other) =>
        other.confidence - one.confidence ||
        one.recut.apart - other.recut.apart ||
        (one.scene.id < other.scene.id ? -1 : 1),
    );
}

function hashesOf(seconds: number, { fingerprints }: BoxScene): BoxFingerprint[] {
  const byHash = new Map<string, BoxFingerprint>();
  for (const one of fingerprints.toSorted((a, b) => b.submissions - a.submissions)) {
    const isUsable =
      one.algorithm === 'PHASH' && one.seconds > 0 && one.reports <= one.submissions && isTelling(one.hash);
    const fits =
      seconds >= LEAST_SHARE * one.seconds && seconds <= MOST_SHARE * one.seconds + MOST_MORE_SECONDS;
    if (isUsable && fits && !byHash.has(one.hash)) byHash.set(one.hash, one);
  }
  return [...byHash.values()].slice(0, MOST_HASHES);
}

function toRecut({ apart, speed, pieces }: Placed, mySeconds: number, theirs: BoxFingerprint): Recut {
  return {
    theirs: theirs.hash,
    apart,
    offset: pieces[0]?.shift ?? 0,
    offsetBehind: pieces[1]?.shift ?? null,
    speed,
    mySeconds,
    theirSeconds: theirs.seconds,
    submissions: theirs.submissions,
  };
}
