import { meanEmbedding, similarity } from './embedding.ts';
import type { Embedding, Face } from './face.ts';

/** Number of groups from which on no more are compared as a whole, which bounds the time in a crowd. */
const MAX_COMPARED = 100;

type Copied = { readonly frame: number; readonly face: Face };

/**
Joins groups of faces that show one person several times in a frame. Two groups are joined when they are in frames together
and both their faces in these frames (the mean over the frames) and their templates have the similarity `samePicture`.
@param groups indices of `faces`; no group has two faces of one frame
@returns the groups, those that were joined as one; in the order of their first face
*/
export function joinCopies(
  groups: readonly (readonly number[])[],
  faces: readonly Copied[],
  weightOf: (face: Face) => number,
  samePicture: number,
): number[][] {
  const alike = groupsWithCopies();
  const others = groups.filter((_, n) => !alike.has(n));
  let left: Group[] = [...alike].map((n) => toGroup(groups[n]!));
  for (;;) {
    let best: { a: Group; b: Group; mean: number } | null = null;
    for (const [n, a] of left.entries())
      for (const b of left.slice(n + 1)) {
        const mean = likeness(a, b);
        if (mean >= samePicture && (best === null || mean > best.mean)) best = { a, b, mean };
      }
    if (best === null) break;
    const { a, b } = best;
    left = left.flatMap((group) => {
      if (group === b) return [];
      return group === a ? toGroup([...a.members, ...b.members]) : group;
    });
  }
  return [...left.map(({ members }) => members), ...others]
    .map((members) => members.toSorted((a, b) => a - b))
    .toSorted((a, b) => a[0]! - b[0]!);

  /** Indices of groups that have a face like one of another group in the same frame: only these are compared as a whole. */
  function groupsWithCopies(): Set<number> {
    const inFrame = new Map<number, { readonly group: number; readonly face: Face }[]>();
    for (const [group, members] of groups.entries())
      for (const member of members) {
        const { frame, face } = faces[member]!;
        const list = inFrame.get(frame);
        if (list) list.push({ group, face });
        else inFrame.set(frame, [{ group, face }]);
      }
    const found = new Set<number>();
    for (const list of inFrame.values())
      for (const [n, one] of list.entries())
        for (const other of list.slice(n + 1)) {
          if (found.size >= MAX_COMPARED) return found;
          if (similarity(one.face.embedding, other.face.embedding) >= samePicture) {
            found.add(one.group);
            found.add(other.group);
          }
        }
    return found;
  }

  type Group = {
    readonly members: readonly number[];
    readonly template: Embedding | null;
    readonly byFrame: ReadonlyMap<number, readonly number[]>;
  };

  function toGroup(members: readonly number[]): Group {
    const byFrame = new Map<number, number[]>();
    for (const member of members) {
      const { frame } = faces[member]!;
      const ofFrame = byFrame.get(frame);
      if (ofFrame) ofFrame.push(member);
      else byFrame.set(frame, [member]);
    }
    const template = meanEmbedding(
      members.map((member) => ({
        embedding: faces[member]!.face.embedding,
        weight: weightOf(faces[member]!.face),
      })),
    );
    return { members, template, byFrame };
  }

  /** The lower one of both similarities; -1: never in a frame together. */
  function likeness(a: Group, b: Group): number {
    let sum = 0;
    let weights = 0;
    for (const [frame, ofA] of a.byFrame)
      for (const first of ofA)
        for (const second of b.byFrame.get(frame) ?? []) {
          const [one, other] = [faces[first]!.face, faces[second]!.face];
          const weight = weightOf(one) * weightOf(other);
          sum += weight * similarity(one.embedding, other.embedding);
          weights += weight;
        }
    if (weights === 0 || a.template === null || b.template === null) return -1;
    return Math.min(sum / weights, similarity(a.template, b.template));
  }
}
