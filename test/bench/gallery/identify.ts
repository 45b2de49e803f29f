/** Looks for probes in galleries, by the matcher of the plugin. */
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { createMatcher } from '../../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../../core/matching/memory-gallery.ts';
import type { Identification } from '../../../core/people/person.ts';
import { createExactIndex } from '../../../models/index/exact.ts';
import { seeded } from '../../fixtures/random.ts';
import { type Actor, toGalleryPerson } from './actors.ts';
import type { Trial } from './open-set.ts';
import type { Sex } from './people.ts';

/** A trial whose score is the confidence of the best candidate. */
export type IdentifiedTrial = Trial & {
  readonly sex: Sex;
  readonly fold: number;
  /** Cosine of the best candidate; -1 without one. */
  readonly similarity: number;
  readonly isNamed: boolean;
};

/** A probe without a face is a trial without a candidate. */
export async function identifyIn(
  gallery: readonly Actor[],
  probes: readonly Actor[],
  calibration: PackCalibration['matching'],
  references = 1,
): Promise<IdentifiedTrial[]> {
  const people = gallery.map((actor) => toGalleryPerson(actor, references));
  const matcher = createMatcher(
    await createMemoryGallery(people, (dimensions) => Promise.resolve(createExactIndex(dimensions))),
    { calibration },
  );
  const isIn = new Set(gallery.map(({ id }) => id));
  const found = await matcher.identify(
    probes.map(({ probe }) => (probe ? [{ ...probe, apartFrom: [] }] : [])),
  );
  return probes.map((actor, n) => toTrial(actor, isIn.has(actor.id), found[n]?.identifications[0]));
}

function toTrial(
  { id, sex, fold }: Actor,
  isKnown: boolean,
  found: Identification | undefined,
): IdentifiedTrial {
  const best = found?.candidates[0];
  return {
    isKnown,
    sex,
    fold,
    isRight: best?.personId === id,
    score: best?.confidence ?? -Infinity,
    similarity: best?.similarity ?? -1,
    isNamed: found?.decision === 'match',
  };
}

type Size = { readonly people: number; readonly calibration: PackCalibration['matching'] };

/**
Draws galleries of this size until each person with a second picture was in one and was looked for there. Each stranger is
looked for in one gallery, in several where there are fewer galleries than `STRANGER_REPEATS`.
*/
export async function identifyInGalleriesOf(
  { people, calibration }: Size,
  { known, strangers }: { readonly known: readonly Actor[]; readonly strangers: readonly Actor[] },
): Promise<IdentifiedTrial[]> {
  const random = seeded(people);
  const [sought, others] = [
    shuffled(
      known.filter(({ probe }) => probe),
      random,
    ),
    shuffled(
      known.filter(({ probe }) => !probe),
      random,
    ),
  ];
  const draws = Math.max(1, Math.round(known.length / people));
  const soughtEach = Math.ceil(sought.length / draws);
  const repeats = Math.min(STRANGER_REPEATS, draws);
  const trials: IdentifiedTrial[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const among = sought.slice(draw * soughtEach, (draw + 1) * soughtEach);
    const fill = shuffled(others, random).slice(0, people - among.length);
    const gallery = [...among, ...fill];
    const lookedFor = strangers.filter((_, n) => (n + draw) % draws < repeats);
    for (const trial of await identifyIn(gallery, [...among, ...lookedFor], calibration))
      trials.push(trial.isKnown ? trial : { ...trial, repeats });
  }
  return trials;
}

const STRANGER_REPEATS = 3;

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
