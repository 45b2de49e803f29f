/**
Performers of several stash-boxes as persons. One is another where a box says so (`join/box-links.ts`), or where the face AND a
name, an alias or the birth date agree; never by the face or by the name alone. What is doubtful stays apart and is listed.
The result does not depend on the order of the performers.
*/
import type { StashIdValue } from '../changes/change.ts';
import { similarity } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { BoxPerformer } from '../ports/stash-box.ts';
import { compareBirthDates, compareNames, namesOf, type Names } from './join/agreeing-facts.ts';
import { findLinks, type BoxLink } from './join/box-links.ts';
import { candidatePairs } from './join/candidate-pairs.ts';
import { compareText } from './candidate-images.ts';
import { groupUp, type Edge } from './join/group-up.ts';
import { keyOfStashId, type JoinEvidence } from './reference-pack.ts';

/** `template`: of the good pictures; null: there is none. Each is handed over once; merged ones say into whom. */
export type BoxMember = StashIdValue &
  Pick<BoxPerformer, 'name' | 'aliases' | 'birthDate' | 'gender' | 'urls' | 'mergedIds' | 'mergedIntoId'> & {
    readonly template: Embedding | null;
  };

/**
Why two who could be one person stay apart. `several`: performers of one box would become one person. `face-alone`,
`few-facts`: the faces agree, and nothing or little else does. `no-face`, `unsure-face`: the facts agree, and the faces do not
tell. `faces-differ`: a link, or other members of the person, whose faces do not agree. `other-birth-date`, `other-gender`.
*/
export const DOUBTS = [
  'several',
  'face-alone',
  'few-facts',
  'no-face',
  'unsure-face',
  'faces-differ',
  'other-birth-date',
  'other-gender',
] as const;
export type Doubt = (typeof DOUBTS)[number];

export type JoinedPerson = {
  /** In order of their endpoints; at most one of each box. */
  readonly members: readonly StashIdValue[];
  readonly joins: readonly JoinEvidence[];
};
export type Joined = {
  readonly people: readonly JoinedPerson[];
  readonly doubtful: readonly (JoinEvidence & { readonly why: Doubt })[];
};

/** `onePerson`: from it two templates are of one person; `sameAsGroup`: below it they are not. */
type Thresholds = Pick<PackCalibration['references'], 'onePerson' | 'sameAsGroup'>;

/** How sure it is: what is surer is joined first, so that the rest cannot cast doubt on it. */
const TIERS = ['link and face', 'link', 'face'] as const;
type Tier = (typeof TIERS)[number];

/** @param alsoCompare pairs whose faces are known to be alike, so that those who agree in nothing else are listed */
export function joinPeople(
  performers: readonly BoxMember[],
  thresholds: Thresholds,
  alsoCompare: Iterable<readonly [StashIdValue, StashIdValue]> = [],
): Joined {
  const members = performers
    .filter(({ mergedIntoId }) => mergedIntoId === null)
    .toSorted((a, b) => compareText(a.endpoint, b.endpoint) || compareText(a.stashId, b.stashId));
  const placeOf = new Map(members.map((member, n) => [keyOfStashId(member), n]));
  const pairKey = (a: number, b: number): number => Math.min(a, b) * members.length + Math.max(a, b);
  const links = new Map<number, BoxLink>();
  findLinks(performers, (one, other, link) => {
    const key = pairKey(placeOf.get(keyOfStashId(one))!, placeOf.get(keyOfStashId(other))!);
    // The page that a person has named says more than an id.
    if (links.get(key) !== 'page') links.set(key, link);
  });

  const names = members.map(namesOf);
  const { pairs, namesakes } = candidatePairs(members, names);
  const keys = new Set([...links.keys(), ...pairs]);
  for (const [one, other] of alsoCompare) {
    const [a, b] = [placeOf.get(keyOfStashId(one)), placeOf.get(keyOfStashId(other))];
    if (a !== undefined && b !== undefined && one.endpoint !== other.endpoint) keys.add(pairKey(a, b));
  }

  const doubtful: (JoinEvidence & { why: Doubt })[] = [];
  const edges: Record<Tier, Edge<JoinEvidence>[]> = { 'link and face': [], link: [], face: [] };
  for (const key of [...keys].toSorted((a, b) => a - b)) {
    const [a, b] = [Math.floor(key / members.length), key % members.length];
    const { evidence, verdict } = judge(
      [members[a]!, members[b]!],
      [names[a]!, names[b]!],
      { link: links.get(key) ?? null, namesakes },
      thresholds,
    );
    if (verdict === null) continue;
    if (isTier(verdict)) edges[verdict].push({ a, b, value: evidence });
    else doubtful.push({ ...evidence, why: verdict });
  }

  const { groups, left } = groupUp(
    members.map(({ endpoint, template }) => ({ box: endpoint, template })),
    TIERS.map((tier) => ({ edges: edges[tier], needsFaces: tier === 'face' })),
    thresholds.sameAsGroup,
  );
  for (const { value, why } of left) doubtful.push({ ...value, why });
  return {
    people: groups.map((group) => ({
      members: group.nodes.map((n) => toKey(members[n]!)),
      joins: group.edges.map(({ value }) => value),
    })),
    doubtful: doubtful.toSorted(
      (x, y) =>
        compareText(keyOfStashId(x.one), keyOfStashId(y.one)) ||
        compareText(keyOfStashId(x.other), keyOfStashId(y.other)),
    ),
  };
}

function judge(
  [one, other]: readonly [BoxMember, BoxMember],
  names: readonly [Names, Names],
  { link, namesakes }: { link: BoxLink | null; namesakes: (key: string) => number },
  { onePerson, sameAsGroup }: Thresholds,
): { evidence: JoinEvidence; verdict: Tier | Doubt | null } {
  const name = compareNames(...names, namesakes);
  const date = compareBirthDates(one.birthDate, other.birthDate);
  const face =
    one.template === null || other.template === null ? null : similarity(one.template, other.template);
  const facts = [name, date === 'other' ? null : date].filter((fact) => fact !== null);
  const evidence = { one: toKey(one), other: toKey(other), link, similarity: face, facts };
  const isNamed = name === 'name' || name === 'alias';
  const isStrong = isNamed || date === 'birth-date';
  const isDated = date === 'birth-date' || date === 'birth-part';
  // A name and a date agree by chance so seldom that other pictures, older ones say, may be less alike.
  const alike = isNamed && isDated ? (onePerson + sameAsGroup) / 2 : onePerson;
  const surelyAlike = onePerson + (onePerson - sameAsGroup) / 2;
  const verdict = (): Tier | Doubt | null => {
    if (link !== null) {
      if (face !== null && face >= onePerson) return 'link and face';
      return face !== null && face < sameAsGroup && facts.length === 0 ? 'faces-differ' : 'link';
    }
    const isSpelt = name === 'spelling' && face !== null && face >= surelyAlike;
    const isAgreed = isStrong || isSpelt || (name !== null && date === 'birth-part');
    if (face === null) return isAgreed && date !== 'other' ? 'no-face' : null;
    if (face < alike) return face >= sameAsGroup && name !== null && isDated ? 'unsure-face' : null;
    if (facts.length === 0) return 'face-alone';
    if (date === 'other') return 'other-birth-date';
    if (isOtherGender(one.gender, other.gender)) return 'other-gender';
    return isAgreed ? 'face' : 'few-facts';
  };
  return { evidence, verdict: verdict() };
}

/** Whatever else is published may be the same person, described otherwise. */
function isOtherGender(a: string | null, b: string | null): boolean {
  return (a === 'FEMALE' && b === 'MALE') || (a === 'MALE' && b === 'FEMALE');
}

function isTier(verdict: Tier | Doubt): verdict is Tier {
  return (TIERS as readonly string[]).includes(verdict);
}

function toKey({ endpoint, stashId }: StashIdValue): StashIdValue {
  return { endpoint, stashId };
}
