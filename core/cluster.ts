import { meanEmbedding, similarity } from './embedding.ts';
import type { Embedding, Face } from './face.ts';
import { overlap } from './geometry.ts';
import { groupByLinkage } from './linkage.ts';
import type { ObservedFace, ObservedPerson } from './observation.ts';

/** A face with its place in the file. */
export type SeenFace = {
  /** Which picture: two faces of one frame are two people. */
  readonly frame: number;
  /** Milliseconds from the start of the video; null for a picture, a cover or a preview. */
  readonly timeMs: number | null;
  readonly face: Face;
  /** Of the frame, pixels. */
  readonly width: number;
  readonly height: number;
};

/** One person of a file with the faces that show them, best first. */
export type FaceCluster = { readonly person: ObservedPerson; readonly faces: readonly SeenFace[] };

/** Mean similarity from which two groups are one person. */
const SAME_PERSON = 0.36;
/** What a face gains by being where another was just before. */
const SAME_PLACE_GAIN = 0.12;
const SAME_PLACE_OVERLAP = 0.4;
const SAME_PLACE_MS = 2500;
const MAX_EXEMPLARS = 8;
/** A face nearer than this to one already taken shows nothing new. */
const SAME_VIEW = 0.92;

/**
Groups faces into persons, the same ones in whatever order the faces come, by the quality-weighted mean similarity of
their faces; groups that were seen in one frame stay apart.
*/
export function clusterFaces(seen: readonly SeenFace[]): FaceCluster[] {
  const faces = seen.toSorted(byPlace);
  const groups = groupByLinkage({
    weights: faces.map((it) => weightOf(it.face)),
    apart: (one, other) => faces[one]!.frame === faces[other]!.frame,
    similarity: (one, other) =>
      similarity(faces[one]!.face.embedding, faces[other]!.face.embedding) +
      (staysInPlace(faces[one]!, faces[other]!) ? SAME_PLACE_GAIN : 0),
    threshold: SAME_PERSON,
  });
  const clusters = groups
    .map((members) => members.map((it) => faces[it]!))
    .filter((members) => !isNoise(members))
    .map((members) => members.toSorted(byQuality))
    .toSorted((one, other) => totalWeight(other) - totalWeight(one));
  return clusters.flatMap((members, key) => {
    const person = toPerson(key, members, clusters);
    return person ? [{ person, faces: members }] : [];
  });
}

/** What a face counts for in a template. */
export function weightOf(face: Face): number {
  return Math.max(0.05, face.quality.overall);
}

function toPerson(
  key: number,
  members: readonly SeenFace[],
  clusters: readonly (readonly SeenFace[])[],
): ObservedPerson | null {
  const template = meanEmbedding(
    members.map(({ face }) => ({ embedding: face.embedding, weight: weightOf(face) })),
  );
  if (!template) return null;
  const frames = new Set(members.map((it) => it.frame));
  return {
    key,
    template,
    exemplars: exemplarsOf(members),
    faces: members.toSorted(byPlace).map(toObservedFace),
    quality: members[0]!.face.quality.overall,
    apartFrom: clusters.flatMap((others, other) =>
      other !== key && others.some((it) => frames.has(it.frame)) ? [other] : [],
    ),
  };
}

/** The best views, each different from those before it; then, where that leaves few, simply the best. */
function exemplarsOf(members: readonly SeenFace[]): Embedding[] {
  const taken: Embedding[] = [];
  for (const { face } of members)
    if (taken.length < MAX_EXEMPLARS && taken.every((it) => similarity(it, face.embedding) < SAME_VIEW))
      taken.push(face.embedding);
  return taken;
}

/** One glimpse of something small, blurred or hardly like a face is no person. */
function isNoise(members: readonly SeenFace[]): boolean {
  const [best, second] = members;
  return second === undefined && best!.face.quality.overall < 0.2;
}

function staysInPlace(one: SeenFace, other: SeenFace): boolean {
  return (
    one.timeMs !== null &&
    other.timeMs !== null &&
    Math.abs(one.timeMs - other.timeMs) <= SAME_PLACE_MS &&
    overlap(one.face.box, other.face.box) >= SAME_PLACE_OVERLAP
  );
}

function toObservedFace({ timeMs, face, width, height }: SeenFace): ObservedFace {
  const { box } = face;
  return {
    timeMs,
    box: { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height },
    quality: face.quality,
  };
}

function totalWeight(members: readonly SeenFace[]): number {
  return members.reduce((sum, it) => sum + weightOf(it.face), 0);
}

function byPlace(one: SeenFace, other: SeenFace): number {
  return (
    (one.timeMs ?? -1) - (other.timeMs ?? -1) ||
    one.frame - other.frame ||
    one.face.box.x - other.face.box.x ||
    one.face.box.y - other.face.box.y ||
    one.face.box.width - other.face.box.width
  );
}

function byQuality(one: SeenFace, other: SeenFace): number {
  return other.face.quality.overall - one.face.quality.overall || byPlace(one, other);
}
