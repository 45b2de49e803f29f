/** Where in a file a film lies of which a stash-box has the perceptual hash: the placements that a re-cut can have, tried one by one. */
import { FRAMES } from './phash.ts';
import type { Composer, FilmHash, Piece, Placement } from './virtual-phash.ts';

export type Placed = Placement & { readonly apart: number };
/** The placements of one kind of re-cut. `tried`: how many were compared, each of which could have agreed by chance. */
export type Tried = { readonly best: Placed | null; readonly tried: number };

/** Nothing or one thing is missing or added at one end; anything else at the ends; another speed; a place in the middle. */
export const CUTS = ['end', 'ends', 'speed', 'middle'] as const;
export type Cut = (typeof CUTS)[number];
export type Search = Readonly<Record<Cut, Tried>>;

/** A placement between two pictures takes, for each frame, the one in whose step it lies. */
const FINE_SECONDS = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75];
const NEAR_SECONDS = [-0.5, 0, 0.5];
/** Beyond what the two lengths say of one cut or one intro: an intro can be exchanged for another, and an end cut too. */
const SLACK_SECONDS = 20;
const REFINED = 3;
/** A film of 24 pictures a second shown at 25, as television does, and back. The lengths of the two agree in this then. */
const SPEEDS = [24 / 25, 25 / 24];
const SPED_SECONDS = 3;
/** Something is missing or inserted in the middle: before it the film lies at its beginning, behind it at its end. */
const LEAST_GAP_SECONDS = 3;

/** @param seconds length of the file */
export function findPlacement(composer: Composer, seconds: number, film: FilmHash): Search {
  const longer = seconds - film.seconds;

  const end = trial(composer, film);
  // Nothing of it is missing, or all that is missing or added is at its beginning.
  for (const shift of new Set(Math.abs(longer) < 1 ? [0] : [0, longer]))
    for (const near of NEAR_SECONDS) end.attempt(moved(1, shift + near));

  const ends = trial(composer, film);
  const coarse: { readonly shift: number; readonly apart: number }[] = [];
  for (
    let shift = Math.min(0, longer) - SLACK_SECONDS;
    shift <= Math.max(0, longer) + SLACK_SECONDS;
    shift++
  ) {
    const apart = ends.attempt(moved(1, shift));
    if (apart !== null) coarse.push({ shift, apart });
  }
  for (const { shift } of coarse.toSorted((a, b) => a.apart - b.apart).slice(0, REFINED))
    for (const fine of FINE_SECONDS) ends.attempt(moved(1, shift + fine));

  const speed = trial(composer, film);
  for (const times of SPEEDS) {
    const left = seconds - film.seconds * times;
    if (Math.abs(left) > SPED_SECONDS) continue;
    for (const near of NEAR_SECONDS) for (const shift of [0, left]) speed.attempt(moved(times, shift + near));
  }

  const middle = trial(composer, film);
  if (Math.abs(longer) >= LEAST_GAP_SECONDS)
    for (let from = 1; from < FRAMES; from++)
      for (const near of NEAR_SECONDS)
        middle.attempt({ speed: 1, pieces: gap(near, { from, shift: longer + near }) });

  return { end: end.result(), ends: ends.result(), speed: speed.result(), middle: middle.result() };
}

function moved(speed: number, shift: number): Placement {
  return { speed, pieces: [{ from: 0, shift }] };
}

function gap(before: number, behind: Piece): readonly Piece[] {
  return [{ from: 0, shift: before }, behind];
}

function trial(
  composer: Composer,
  film: FilmHash,
): { attempt(placement: Placement): number | null; result(): Tried } {
  let [best, tried]: [Placed | null, number] = [null, 0];
  return {
    attempt(placement) {
      const apart = composer.apart(film, placement);
      if (apart === null) return null;
      tried++;
      if (best === null || apart < best.apart) best = { ...placement, apart };
      return apart;
    },
    result: () => ({ best, tried }),
  };
}
