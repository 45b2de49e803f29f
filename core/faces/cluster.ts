import { meanEmbedding, similarity } from './embedding.ts';
import type { Embedding, Face } from './face.ts';
import { iou } from './geometry.ts';
import { type Gain, groupEmbeddings } from './group-embeddings.ts';
import type { ObservedFace, FaceCluster } from './observation.ts';

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
export type ClusterWithFaces = { readonly person: FaceCluster; readonly faces: readonly SeenFace[] };

/** Added to the similarity of two faces that are in the same place of two frames shortly after each other. */
const SAME_PLACE_GAIN = 0.12;
const SAME_PLACE_IOU = 0.4;
const SAME_PLACE_MS = 2500;
const MAX_EXEMPLARS = 8;
/** A face that is this similar to one already taken is a near-duplicate. */
const SAME_VIEW = 0.92;

/**
Groups faces into persons by the quality-weighted mean similarity of their faces (`groupEmbeddings`). The result does
not depend on the order of the faces. Groups that were seen in one frame are different persons.
*/
export async function clusterFaces(seen: readonly SeenFace[]): Promise<ClusterWithFaces[]> {
  const faces = seen.toSorted(byPlace);
  const groups = await groupEmbeddings(
    faces.map(({ face, frame }) => ({ embedding: face.embedding, weight: weightOf(face), picture: frame })),
    placeGains(faces),
  );
  const clusters = groups
    .map((members) => members.map((number) => faces[number]!))
    .filter((members) => !isNoise(members))
    .map((members) => members.toSorted(byQuality))
    .toSorted((a, b) => totalWeight(b) - totalWeight(a));
  const inFrame = clustersByFrame(clusters);
  return clusters.flatMap((members, key) => {
    const person = toPerson(key, members, inFrame);
    return person ? [{ person, faces: members }] : [];
  });
}

/** What a face counts for in a template. */
function weightOf(face: Face): number {
  return Math.max(0.05, face.quality.overall);
}

function toPerson(
  key: number,
  members: readonly SeenFace[],
  inFrame: ReadonlyMap<number, readonly number[]>,
): FaceCluster | null {
  const template = meanEmbedding(
    members.map(({ face }) => ({ embedding: face.embedding, weight: weightOf(face) })),
  );
  if (!template) return null;
  const together = new Set(members.flatMap((member) => inFrame.get(member.frame) ?? []));
  together.delete(key);
  return {
    key,
    template,
    exemplars: exemplarsOf(members),
    faces: members.toSorted(byPlace).map(toObservedFace),
    quality: members[0]!.face.quality.overall,
    apartFrom: [...together].toSorted((a, b) => a - b),
  };
}

/** The best faces that are not near-duplicates of a better one; fewer than `MAX_EXEMPLARS` where the views are few. */
function exemplarsOf(members: readonly SeenFace[]): Embedding[] {
  const taken: Embedding[] = [];
  for (const { face } of members)
    if (
      taken.length < MAX_EXEMPLARS &&
      taken.every((exemplar) => similarity(exemplar, face.embedding) < SAME_VIEW)
    )
      taken.push(face.embedding);
  return taken;
}

/** A single face of a quality below 0.2 is no person. */
function isNoise(members: readonly SeenFace[]): boolean {
  const [best, second] = members;
  return second === undefined && best!.face.quality.overall < 0.2;
}

/** @param faces ascending by time */
function placeGains(faces: readonly SeenFace[]): Gain[] {
  const gains: Gain[] = [];
  for (const [one, { timeMs, frame, face }] of faces.entries()) {
    if (timeMs === null) continue;
    for (let other = one + 1; other < faces.length; other++) {
      const later = faces[other]!;
      if (later.timeMs === null || later.timeMs - timeMs > SAME_PLACE_MS) break;
      if (later.frame !== frame && iou(face.box, later.face.box) >= SAME_PLACE_IOU)
        gains.push({ one, other, gain: SAME_PLACE_GAIN });
    }
  }
  return gains;
}

/** By frame the numbers of the clusters that have a face in it. */
function clustersByFrame(clusters: readonly (readonly SeenFace[])[]): Map<number, number[]> {
  const inFrame = new Map<number, number[]>();
  for (const [key, members] of clusters.entries())
    for (const { frame } of members) {
      const keys = inFrame.get(frame);
      if (keys) keys.push(key);
      else inFrame.set(frame, [key]);
    }
  return inFrame;
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
  return members.reduce((sum, member) => sum + weightOf(member.face), 0);
}

function byPlace(a: SeenFace, b: SeenFace): number {
  return (
    (a.timeMs ?? -1) - (b.timeMs ?? -1) ||
    a.frame - b.frame ||
    a.face.box.x - b.face.box.x ||
    a.face.box.y - b.face.box.y ||
    a.face.box.width - b.face.box.width
  );
}

function byQuality(a: SeenFace, b: SeenFace): number {
  return b.face.quality.overall - a.face.quality.overall || byPlace(a, b);
}
