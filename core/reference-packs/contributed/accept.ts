/**
Which references of a file of somebody else count: they can be of somebody else, by mistake or on purpose.
Measured by `test/bench/reference-packs/contributed.ts`.
*/
import { similarity } from '../../faces/embedding.ts';
import type { Embedding } from '../../faces/face.ts';
import type { PackCalibration } from '../../faces/pack-calibration.ts';
import { templateOf, type SeenFace } from '../good-references.ts';

/** `known`: the same picture is there; `enough` are; `unlike` the own references; more like `another` person; `alone`: no other agrees. */
export type Refusal = 'known' | 'enough' | 'unlike' | 'another' | 'alone';

/** `onePerson`: from it two templates are of one person; `sameView`: from it two faces are the same picture. */
export type AcceptThresholds = Pick<PackCalibration['references'], 'onePerson'> &
  Pick<PackCalibration['clustering'], 'sameView'>;

export type Judged = {
  readonly accepted: readonly SeenFace[];
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
};

/** A face with the similarity of the template most like it of somebody else. */
export type OfferedFace = SeenFace & { readonly another: number };

/**
Of somebody whose own references are known. Each is compared with their template alone, so that no chain of files leads away from
it, and no more are taken than there are own ones, so that files never outweigh the stash-box.
@param most at least 1
*/
export function acceptForKnown(
  offered: readonly OfferedFace[],
  own: { readonly template: Embedding; readonly faces: readonly Embedding[] },
  most: number,
  { onePerson, sameView }: AcceptThresholds,
): Judged {
  const tally = createTally();
  const accepted: SeenFace[] = [];
  const seen = [...own.faces];
  for (const face of inOrder(offered)) {
    const alike = similarity(face.embedding, own.template);
    if (alike < onePerson) tally.refuse('unlike');
    else if (face.another >= alike) tally.refuse('another');
    else if (isThere(face, seen, sameView)) tally.refuse('known');
    else if (accepted.length >= Math.min(most, own.faces.length)) tally.refuse('enough');
    else {
      accepted.push(face);
      seen.push(face.embedding);
    }
  }
  return { accepted, refused: tally.refused };
}

/**
Of somebody of whom nothing else is known: at least two different pictures have to agree, and be like nobody else.
@param most at least 2
*/
export function acceptForUnknown(
  offered: readonly OfferedFace[],
  most: number,
  { onePerson, sameView }: AcceptThresholds,
): Judged {
  const tally = createTally();
  const different: OfferedFace[] = [];
  const seen: Embedding[] = [];
  for (const face of inOrder(offered)) {
    if (isThere(face, seen, sameView)) tally.refuse('known');
    else {
      different.push(face);
      seen.push(face.embedding);
    }
  }
  // The largest group around one of them; of two as large ones that of the better face.
  let group: OfferedFace[] = [];
  for (const centre of different) {
    const alike = different.filter((one) => similarity(one.embedding, centre.embedding) >= onePerson);
    if (alike.length > group.length) group = alike;
  }
  const template = templateOf(group);
  const nobody = (why: Refusal): Judged => {
    tally.refuse(why, different.length);
    return { accepted: [], refused: tally.refused };
  };
  if (template === null || group.length < 2) return nobody('alone');
  if (group.some(({ embedding, another }) => another >= Math.min(onePerson, similarity(embedding, template))))
    return nobody('another');
  tally.refuse('alone', different.length - group.length);
  const accepted = group.slice(0, most);
  tally.refuse('enough', group.length - accepted.length);
  return { accepted, refused: tally.refused };
}

/** The best first; those that are as good by their numbers, so that the order of files does not count. */
function inOrder(faces: readonly OfferedFace[]): OfferedFace[] {
  return faces.toSorted((a, b) => b.quality - a.quality || compareVectors(a.embedding, b.embedding));
}

function compareVectors(a: Embedding, b: Embedding): number {
  const at = a.findIndex((value, n) => value !== b[n]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** Whether the picture of the face is one of those that were seen. */
function isThere({ embedding }: SeenFace, seen: readonly Embedding[], sameView: number): boolean {
  return seen.some((one) => similarity(one, embedding) >= sameView);
}

/** How many were refused, and why. */
export function createTally() {
  const refused: Partial<Record<Refusal, number>> = {};
  return {
    refused,
    refuse: (why: Refusal, count = 1): void => {
      if (count > 0) refused[why] = (refused[why] ?? 0) + count;
    },
  };
}
