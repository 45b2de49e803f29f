/** How sure it is which performer of a stash-box one of the user is. */
import { posteriorProbabilities } from '../matching/calibration.ts';
import type { LinkSign, LinkSignName } from './signs.ts';

/** Performers of a large stash-box: a smaller one is no reason to be surer. */
const BOX_SIZE = 100_000;
/** Where it is no strong find, at most this: less than any threshold from which links are accepted together. */
const WEAK_AT_MOST = 0.94;
export const STRONG_FROM = 0.95;
/** A face that fits so well is hardly that of another one. */
const FACE_AGREES = 4;
/** From here on something speaks so clearly against it that a person has to look. */
const OBJECTS = -3;

/** Each says by itself who it is, where it weighs enough. */
const SAYS: ReadonlySet<LinkSignName> = new Set(['page', 'otherBox']);
/** What is not sure says it only beside others. */
const SAYS_FROM = 15;
/** With a face, or with one address elsewhere, they are enough: an address alone may be that of a couple. */
const BESIDE: ReadonlySet<LinkSignName> = new Set(['name', 'alias', 'birthDate']);
/** Who is listed so clearly in the scenes of the performer is them, where the face says so too; an address may be that of both of a couple. */
const SCENES_AGREE = 6;

export type RatedLink = { readonly confidence: number; readonly isStrong: boolean };

/** Of the candidates for one performer at one stash-box, in the order given; they share the probability. */
export function rateLinks(candidates: readonly (readonly LinkSign[])[]): RatedLink[] {
  const sums = candidates.map((signs) => signs.reduce((sum, { weight }) => sum + weight, 0));
  return posteriorProbabilities(sums, BOX_SIZE).map((confidence, n) => {
    const isStrong = confidence >= STRONG_FROM && isEnough(candidates[n] ?? []);
    return { confidence: isStrong ? confidence : Math.min(confidence, WEAK_AT_MOST), isStrong };
  });
}

/** Something else than a name says that it is somebody else. */
export function speaksAgainst(signs: readonly LinkSign[]): boolean {
  return signs.some(({ weight }) => weight <= OBJECTS);
}

/** More speaks for it than against it, at least a name. */
export function speaksFor(signs: readonly LinkSign[]): boolean {
  return (
    signs.reduce((sum, { weight }) => sum + weight, 0) > 0 && signs.some(({ weight }) => weight > FACE_AGREES)
  );
}

/** A face or an address with another sign that agrees, or what says it by itself; a name alone never. */
function isEnough(signs: readonly LinkSign[]): boolean {
  if (speaksAgainst(signs)) return false;
  if (signs.some(({ sign, weight }) => SAYS.has(sign) && weight >= SAYS_FROM)) return true;
  const hasFace = signs.some(({ sign, weight }) => sign === 'face' && weight >= FACE_AGREES);
  const hasAddress = signs.some(({ sign, weight }) => sign === 'url' && weight > 0);
  const hasScenes = signs.some(({ sign, weight }) => sign === 'scenes' && weight >= SCENES_AGREE);
  if (hasFace && hasScenes) return true;
  const hasBeside = signs.some(({ sign, weight }) => BESIDE.has(sign) && weight > 0);
  return [hasFace, hasAddress, hasBeside].filter(Boolean).length >= 2;
}
