/**
What it brings, and what it costs, that performers who are on a scene already or of its studio are expected in it
(`core/matching/expected.ts`). Each probe is looked for among everybody, beside a list of people: drawn by chance, or the most
similar ones. A known person is on it in a share of the cases, a stranger never.

The log prior of a fold is the highest at which of the strangers of the other folds, with their most similar people on the list,
at most `ACCEPTED` are named; the likelihood is fitted on the other folds as well.
*/
import { similarity } from '../../../core/faces/embedding.ts';
import type { FaceCluster } from '../../../core/faces/observation.ts';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { type Expected, expectedIn, NOBODY_EXPECTED } from '../../../core/matching/expected.ts';
import { identifyClusters } from '../../../core/matching/identify.ts';
import { logLikelihoodRatio } from '../../../core/matching/likelihood.ts';
import { seeded } from '../../fixtures/random.ts';
import { wilson } from '../statistics.ts';
import type { Actor, Actors } from '../gallery/actors.ts';
import { collectPairs, fitLikelihood } from '../gallery/fit.ts';
import { FOLDS } from '../gallery/split.ts';

type Matching = PackCalibration['matching'];

/** Somewhat below the hundredth that a name may be of a stranger. */
const ACCEPTED = 0.008;
const LOG_PRIORS = Array.from({ length: 41 }, (_, n) => n / 10);
/** Of everybody who is known: as many as are on the longest lists. */
const LONGEST = 0.05;
const LENGTHS = [3, 20] as const;
const COVERED = [0, 0.5, 0.8, 1];
/** Lists by chance that each probe is given one after the other. */
const REPEATS = 3;
/** As many as the matcher compares, and as it keeps. */
const [NEAREST, CANDIDATES] = [16, 6];

/** A probe with the people who resemble it most, the most similar one first. */
type Sought = {
  readonly actor: Actor;
  readonly probe: FaceCluster;
  readonly near: readonly { readonly other: Actor; readonly likeness: number }[];
};
/** Whose list: `mostAlike` instead of by chance. */
type Lists = { readonly length: number; readonly covered: number; readonly mostAlike: boolean };
type Outcome = {
  readonly isKnown: boolean;
  readonly named: 'rightly' | 'wrongly' | 'not';
  readonly isAsked: boolean;
};

/** Prints the tables. @returns the log prior that the strangers of all folds together allow */
export function measureExpected(
  { known, strangers }: Pick<Actors, 'known' | 'strangers'>,
  matching: Matching,
): number {
  const longest = Math.round(LONGEST * known.length);
  const all = [...known, ...strangers].flatMap((actor) => findNear(actor, known, longest) ?? []);
  const pairs = collectPairs(known, strangers);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const fitted = { ...matching, likelihood: fitLikelihood(pairs, matching.likelihood, fold) };
    const others = all.filter(({ actor }) => actor.fold !== fold);
    return { ...fitted, expectedLogPrior: highestLogPrior(others, known, fitted, longest) };
  });
  const ofAll = highestLogPrior(all, known, matching, longest);
  console.log(
    `\nperformers who are expected, ${known.length} people known: log prior of the folds ${folds.map(({ expectedLogPrior }) => expectedLogPrior).join(', ')}; all together, as it is fitted, ${ofAll}`,
  );
  const report = (name: string, lists: Lists | null): void => {
    const random = seeded(21);
    const repeats = lists === null || lists.mostAlike ? 1 : REPEATS;
    const outcomes = Array.from({ length: repeats }, () =>
      all.map((sought) => {
        const expected = lists === null ? NOBODY_EXPECTED : listOf(sought, known, lists, random);
        return look(sought, known.length, folds[sought.actor.fold]!, expected);
      }),
    );
    console.log(`  ${name}: ${said(outcomes.flat(), repeats)}`);
  };
  report('nobody expected', null);
  for (const length of [...LENGTHS, longest])
    for (const covered of COVERED)
      report(`${length} by chance, the person among them in ${100 * covered} %`, {
        length,
        covered,
        mostAlike: false,
      });
  for (const length of [...LENGTHS, longest])
    for (const covered of [0, 1])
      report(`the ${length} most similar ones, the person ${covered === 0 ? 'not ' : ''}among them`, {
        length,
        covered,
        mostAlike: true,
      });
  return ofAll;
}

function highestLogPrior(
  all: readonly Sought[],
  known: readonly Actor[],
  matching: Matching,
  length: number,
): number {
  const strangers = all
    .filter(({ actor }) => actor.references.length === 0)
    .map((sought) => ({
      sought,
      expected: listOf(sought, known, { length, covered: 0, mostAlike: true }, () => 0),
    }));
  const namedAt = (expectedLogPrior: number): number =>
    strangers.filter(
      ({ sought, expected }) =>
        look(sought, known.length, { ...matching, expectedLogPrior }, expected).named !== 'not',
    ).length;
  const tooMany = LOG_PRIORS.findIndex((logPrior) => namedAt(logPrior) > ACCEPTED * strangers.length);
  return LOG_PRIORS[tooMany === -1 ? LOG_PRIORS.length - 1 : Math.max(0, tooMany - 1)]!;
}

/** @param count of the most similar people; one more, since the person is not always among those who are expected */
function findNear(actor: Actor, known: readonly Actor[], count: number): Sought | null {
  const { probe } = actor;
  if (probe === null) return null;
  const near = known
    .map((other) => ({ other, likeness: similarity(probe.template, other.references[0]!.embedding) }))
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, Math.max(NEAREST, count + 1));
  return { actor, probe, near };
}

function listOf(
  { actor, near }: Sought,
  known: readonly Actor[],
  { length, covered, mostAlike }: Lists,
  random: () => number,
): Expected {
  const isKnown = actor.references.length > 0;
  const list = new Set(isKnown && (covered === 1 || random() < covered) ? [actor.id] : []);
  const add = (id: string): void => {
    if (id !== actor.id && list.size < length) list.add(id);
  };
  if (mostAlike) for (const { other } of near) add(other.id);
  while (list.size < length) add(known[Math.floor(random() * known.length)]!.id);
  return expectedIn(list, new Map());
}

/** As the matcher decides (`core/matching/matcher.ts`). */
function look(
  { actor, probe, near }: Sought,
  gallerySize: number,
  calibration: Matching,
  expected: Expected,
): Outcome {
  const candidates = near
    .slice(0, NEAREST)
    .map(({ other: { id, references }, likeness }) => ({
      personId: id,
      performerId: id,
      name: id,
      similarity: likeness,
      referenceId: id,
      logLikelihoodRatio: logLikelihoodRatio(
        {
          similarity: likeness,
          probeQuality: probe.quality,
          faces: probe.faces.length,
          referenceQuality: references[0]!.quality,
          references: 1,
        },
        calibration.likelihood,
      ),
    }))
    .toSorted((a, b) => b.logLikelihoodRatio - a.logLikelihoodRatio)
    .slice(0, CANDIDATES);
  const person = { ...probe, apartFrom: [] };
  const [found] = identifyClusters([{ person, candidates }], { calibration, gallerySize, expected });
  const isNamed = found?.decision === 'match';
  const isRight = found?.candidates[0]?.personId === actor.id;
  return {
    isKnown: actor.references.length > 0,
    named: isNamed ? (isRight ? 'rightly' : 'wrongly') : 'not',
    isAsked: found?.decision === 'ambiguous',
  };
}

/** @param repeats outcomes of each probe: all of them count as one */
function said(outcomes: readonly Outcome[], repeats: number): string {
  const known = outcomes.filter(({ isKnown }) => isKnown);
  const strangers = outcomes.filter(({ isKnown }) => !isKnown);
  const share = (of: readonly Outcome[], isHit: (outcome: Outcome) => boolean): string => {
    const { share: it, low, high } = wilson(of.filter(isHit).length / repeats, of.length / repeats);
    return `${percent(it)} % [${percent(low)}, ${percent(high)}]`;
  };
  return [
    `TPIR ${share(known, ({ named }) => named === 'rightly')} of ${known.length / repeats}`,
    `wrong names ${share(known, ({ named }) => named === 'wrongly')}`,
    `FPIR ${share(strangers, ({ named }) => named !== 'not')} of ${strangers.length / repeats}`,
    `strangers asked about ${share(strangers, ({ isAsked }) => isAsked)}`,
  ].join(', ');
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
