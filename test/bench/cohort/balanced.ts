/**
`tsx test/bench/cohort/balanced.ts GALLERY CACHE [PACK]`: whether a fixed cohort of as many women as men, by the labels of the
gallery, makes two women as seldom one person as two men. It says of each face how similar its nearest in the cohort are, or how
far it is from the mean along the directions in which the cohort differs most. Nobody's sex is used of whom is decided.

Fitted and learnt on the people of other folds than both of a pair. CACHE is made by test/bench/look-alikes/gallery-faces.ts
with the same PACK.
*/
import { posteriorProbabilities } from '../../../core/matching/calibration.ts';
import { catalog, packOf } from '../../../models/catalog/catalog.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { crossFoldedPoint } from '../gallery/open-set.ts';
import { calibration as reliability } from '../statistics.ts';
import { type Face, nearPairs, readRoles } from './faces.ts';
import { createFairness, type Ratio, type Ratios } from './fairness.ts';
import { fitApart, type Learn } from './fit-apart.ts';
import { createLevels } from './levels.ts';

/** Pairs below it reach no threshold. */
const LEAST = 0.2;
const CANDIDATES = 10;
const SHARES = [1e-3, 1e-4];
/** In galleries of so many a name is given from that log likelihood ratio on. */
const SIZES = [10, 100];

const [folder = '/', cache = '/', packId = packInUse.id] = process.argv.slice(2);
const { dimensions, calibration } = packOf(catalog, packId);
const { matchConfidence } = calibration.matching;
const roles = readRoles(folder, cache, dimensions);
const pairs = nearPairs(roles, LEAST);
const fairness = createFairness(roles, pairs);
console.log(
  `${packId}: ${roles.probes.length} probes, ${roles.references.length} people known, ${pairs.length} pairs from a similarity of ${LEAST} on`,
);

const { alongEach, asNorm, asTerm, distanceAlong, nearest, nearestCentre, predicted, subtracted, without } =
  createLevels(roles);
const models: readonly (readonly [name: string, Learn])[] = [
  ['as it is', () => ({})],
  ['mean of the 20 nearest, fitted', asTerm(nearest(20))],
  ['mean of the 20 nearest, three quarters subtracted', subtracted(0.75, nearest(20))],
  ['mean of the 20 nearest, subtracted', subtracted(1, nearest(20))],
  ['mean of the 5 nearest, three quarters subtracted', subtracted(0.75, nearest(5))],
  ['the 5 nearest as 24 directions predict them, subtracted', subtracted(1, predicted(5, 24))],
  ['one and a half times that', subtracted(1.5, predicted(5, 24))],
  ['AS-norm, 20', asNorm(20)],
  ['the nearest of 128 centres, fitted', asTerm(nearestCentre(128))],
  ['distance along 12 directions, fitted', asTerm(distanceAlong(12))],
  ['the same, fitted with pairs of women weighing four times', asTerm(distanceAlong(12), 4)],
  ['without 8 directions', without(8)],
  ['place along 12 directions and its square, each fitted so', alongEach(12, 4)],
];
let before: Ratios | null = null;
for (const [name, learn] of models) report(name, fitApart(learn, roles, pairs));

function report(name: string, ratios: Ratios): void {
  const at = SHARES.map((share) => said(fairness.from(ratios, fairness.thresholdAt(ratios, share))));
  const inUse = SIZES.map((size) =>
    said(fairness.from(ratios, Math.log((size * matchConfidence) / (1 - matchConfidence)))),
  );
  const former = before ?? ratios;
  before = former;
  const changes = SHARES.map((share) => {
    const { ratio, low, high } = fairness.change(former, ratios, share);
    return `${ratio.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  });
  console.log(
    `${name}\n  women / men at 1e-3, 1e-4: ${at.join('; ')}; times the former: ${changes.join('; ')}`,
  );
  console.log(`  where ${SIZES.join(', ')} are known: ${inUse.join('; ')}`);
  console.log(`  ${identified(ratios)}`);
}

function identified(ratios: Ratios): string {
  const near = new Map<Face, { ratio: number; isSame: boolean }[]>(roles.probes.map((it) => [it, []]));
  for (const [n, { probe, isSame }] of pairs.entries())
    if (probe !== null) near.get(probe)!.push({ ratio: ratios[n]!, isSame });
  const trials = roles.probes.map((probe) => {
    const candidates = near
      .get(probe)!
      .toSorted((a, b) => b.ratio - a.ratio)
      .slice(0, CANDIDATES);
    const [score = 0] = posteriorProbabilities(
      candidates.map(({ ratio }) => ratio),
      roles.references.length,
    );
    const { isKnown, fold, sex } = probe;
    return { isKnown, fold, sex, isRight: candidates[0]?.isSame === true, score };
  });
  const points = [0.001, 0.01].map((fpir) => {
    const { tpir } = crossFoldedPoint(trials, fpir);
    return `${percent(tpir.share)} [${percent(tpir.low)}, ${percent(tpir.high)}]`;
  });
  const { tpir, fpir } = crossFoldedPoint(trials, 0.01, ({ sex }) => sex === 'female');
  const { error } = reliability(trials.map(({ score, isRight }) => ({ confidence: score, right: isRight })));
  return `TPIR at 0.1, 1 % FPIR ${points.join(', ')}; among women ${percent(tpir.share)} of ${tpir.n}, FPIR ${percent(fpir.share)} of ${fpir.n}; ECE ${error.toFixed(4)}`;
}

function said({ ratio, low, high, women, men }: Ratio): string {
  return `${ratio.toFixed(2)} [${low.toFixed(1)}, ${high.toFixed(1)}] (${women}, ${men})`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
