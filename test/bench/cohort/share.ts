/** Which share of the similarity the second embedder of a fused pack should have, chosen on other people than it is reported on. */
import type { FacePack } from '../../../models/catalog/catalog.ts';
import type { Actor, Actors } from '../gallery/actors.ts';
import { operatingPoint, shareOf, thresholdAtFpir, type Trial } from '../gallery/open-set.ts';
import { FOLDS } from '../gallery/split.ts';

const SHARES = Array.from({ length: 21 }, (_, n) => n / 20);
/** What a share is chosen by: its mean TPIR at these FPIR. */
const CHOSEN_AT = [0.005, 0.01, 0.02];
const REPORTED_AT = 0.01;

type FoldTrial = Trial & { readonly fold: number };
/** Of the best candidate by each share. */
type Rated = {
  readonly actor: Actor;
  readonly isKnown: boolean;
  readonly own: Float64Array;
  readonly added: Float64Array;
};

export function reportShare({ id, adds, seenBy }: FacePack, { known, strangers }: Actors): void {
  const [only, ...others] = adds;
  if (only === undefined || others.length > 0) return;
  const gallery = known.filter(({ references }) => references.length > 0);
  const split = (vector: Float32Array) => ({
    own: vector.subarray(0, seenBy.dimensions),
    added: vector.subarray(seenBy.dimensions),
  });
  const references = gallery.map(({ references: [first] }) => split(first!.embedding));
  const rated = [...gallery, ...strangers].flatMap((actor, n): Rated[] => {
    if (actor.probe === null) return [];
    const probe = split(actor.probe.template);
    const similaritiesBy = (part: 'own' | 'added', share: number): Float64Array =>
      Float64Array.from(references, (reference) => dot(probe[part], reference[part]) / share);
    const [own, added] = [similaritiesBy('own', 1 - only.share), similaritiesBy('added', only.share)];
    return [{ actor, isKnown: n < gallery.length, own, added }];
  });
  const byShare = SHARES.map((share) => rated.map((one) => toTrial(one, share, gallery)));
  const chosen = Array.from({ length: FOLDS }, (_, fold) => chooseShare(byShare, fold));
  console.log(
    `\nshare of ${only.embedder.id} in ${id}, chosen on the people of the other folds: ${chosen.join(', ')}`,
  );
  const rows = [
    ['chosen so', chosen],
    ['as it is', Array.from({ length: FOLDS }, () => only.share)],
    ['none', Array.from({ length: FOLDS }, () => 0)],
  ] as const;
  for (const [name, shares] of rows) {
    const decided = shares.flatMap((share, fold) => decide(byShare[Math.round(share * 20)]!, fold));
    const tpir = shareOf(
      decided.filter(({ isKnown }) => isKnown),
      ({ score, isRight }) => isRight && score > 0,
    );
    const fpir = shareOf(
      decided.filter(({ isKnown }) => !isKnown),
      ({ score }) => score > 0,
    );
    console.log(
      `  ${name}: TPIR ${(100 * tpir.share).toFixed(1)} % of ${tpir.n}, FPIR ${(100 * fpir.share).toFixed(1)} % of ${fpir.n}`,
    );
  }
}

function toTrial({ actor, isKnown, own, added }: Rated, share: number, gallery: readonly Actor[]): FoldTrial {
  let [best, score] = [-1, -Infinity];
  for (const n of gallery.keys()) {
    const value = (1 - share) * own[n]! + share * added[n]!;
    if (value > score) [best, score] = [n, value];
  }
  return { isKnown, isRight: gallery[best]?.id === actor.id, score, fold: actor.fold };
}

/** Of equally good ones the one in the middle. */
function chooseShare(byShare: readonly (readonly FoldTrial[])[], without: number): number {
  const scores = byShare.map((trials) => {
    const others = trials.filter(({ fold }) => fold !== without);
    const rates = CHOSEN_AT.map((fpir) => operatingPoint(others, thresholdAtFpir(others, fpir)).tpir.share);
    return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  });
  const best = SHARES.filter((_, n) => scores[n]! > Math.max(...scores) - 1e-9);
  return best[best.length >> 1]!;
}

/** The trials of a fold by a threshold of the others: named with a score of 1, else of -1. */
function decide(trials: readonly FoldTrial[], fold: number): FoldTrial[] {
  const threshold = thresholdAtFpir(
    trials.filter((trial) => trial.fold !== fold),
    REPORTED_AT,
  );
  return trials
    .filter((trial) => trial.fold === fold)
    .map((trial) => ({ ...trial, score: trial.score >= threshold ? 1 : -1 }));
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
