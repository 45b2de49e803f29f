import { joinCopies } from './copies.ts';
import { meanEmbedding, similarity } from './embedding.ts';
import type { Embedding, Face } from './face.ts';
import { iou } from './geometry.ts';
import { type Gain, groupEmbeddings } from './group-embeddings.ts';
import type { PackCalibration } from './pack-calibration.ts';
import type { ObservedFace, FaceCluster } from './observation.ts';

/** A detected face with the frame and time it was found at. */
export type SeenFace = {
  /** Index of the frame: two faces of one frame are two people, unless they are copies (`joinCopies`). */
  readonly frame: number;
  /** Milliseconds from the start of the video; null for a picture, a cover or a preview. */
  readonly timeMs: number | null;
  /** See `ObservedFace`. */
  readonly fromCover?: true;
  readonly face: Face;
  /** Of the frame, pixels. */
  readonly width: number;
  readonly height: number;
};

/** One person of a file with the faces that show them, best first. */
export type ClusterWithFaces = { readonly person: FaceCluster; readonly faces: readonly SeenFace[] };

/** Two faces are in the same place when their boxes overlap by this IoU in two frames at most `SAME_PLACE_MS` apart. */
const SAME_PLACE_IOU = 0.4;
const SAME_PLACE_MS = 2500;
const MAX_EXEMPLARS = 8;

/**
Clusters faces into persons by quality-weighted mean similarity (`groupEmbeddings`). The result does not depend on the
order of the faces. Clusters that have faces in one frame are different persons, but for copies of one person: a mirror, a
collage, the two pictures of a stereoscopic film.
*/
export async function clusterFaces(
  seen: readonly SeenFace[],
  calibration: PackCalibration['clustering'],
): Promise<ClusterWithFaces[]> {
  const faces = seen.toSorted(compareByPosition);
  const groups = await groupEmbeddings(
    faces.map(({ face, frame }) => ({ embedding: face.embedding, weight: faceWeight(face), picture: frame })),
    calibration,
    placeGains(faces, calibration.samePlaceGain),
  );
  const clusters = joinCopies(groups, faces, faceWeight, calibration.samePicture)
    .map((members) => members.map((number) => faces[number]!))
    .filter((members) => !isNoise(members, calibration.minSingleQuality))
    .map((members) => members.toSorted(compareByQuality))
    .toSorted((a, b) => totalWeight(b) - totalWeight(a));
  const inFrame = clustersByFrame(clusters);
  return clusters.flatMap((members, key) => {
    const person = toPerson(key, members, inFrame, calibration.sameView);
    return person ? [{ person, faces: members }] : [];
  });
}

/** Weight of a face in the template of its cluster. */
function faceWeight(face: Face): number {
  return Math.max(0.05, face.quality.overall);
}

function toPerson(
  key: number,
  members: readonly SeenFace[],
  inFrame: ReadonlyMap<number, readonly number[]>,
  sameView: number,
): FaceCluster | null {
  const template = meanEmbedding(
    members.map(({ face }) => ({ embedding: face.embedding, weight: faceWeight(face) })),
  );
  if (!template) return null;
  const together = new Set(members.flatMap((member) => inFrame.get(member.frame) ?? []));
  together.delete(key);
  return {
    key,
    template,
    exemplars: selectExemplars(members, sameView),
    faces: members.toSorted(compareByPosition).map(toObservedFace),
    quality: members[0]!.face.quality.overall,
    apartFrom: [...together].toSorted((a, b) => a - b),
  };
}

/** At most `MAX_EXEMPLARS` embeddings of the best faces, without near-duplicates of a better one. */
function selectExemplars(members: readonly SeenFace[], sameView: number): Embedding[] {
  const exemplars: Embedding[] = [];
  for (const { face } of members)
    if (
      exemplars.length < MAX_EXEMPLARS &&
      exemplars.every((exemplar) => similarity(exemplar, face.embedding) < sameView)
    )
      exemplars.push(face.embedding);
  return exemplars;
}

/** A cluster of one face of low quality is dropped. */
function isNoise(members: readonly SeenFace[], minSingleQuality: number): boolean {
  const [best, second] = members;
  return second === undefined && best!.face.quality.overall < minSingleQuality;
}

/** @param faces ascending by time */
function placeGains(faces: readonly SeenFace[], gain: number): Gain[] {
  const gains: Gain[] = [];
  for (const [index, { timeMs, frame, face }] of faces.entries()) {
    if (timeMs === null) continue;
    for (let laterIndex = index + 1; laterIndex < faces.length; laterIndex++) {
      const laterFace = faces[laterIndex]!;
      if (laterFace.timeMs === null || laterFace.timeMs - timeMs > SAME_PLACE_MS) break;
      if (laterFace.frame !== frame && iou(face.box, laterFace.face.box) >= SAME_PLACE_IOU)
        gains.push({ first: index, second: laterIndex, gain });
    }
  }
  return gains;
}

/** Frame → indices of the clusters with a face in it. */
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

function toObservedFace({ timeMs, fromCover, face, width, height }: SeenFace): ObservedFace {
  const { box } = face;
  return {
    timeMs,
    ...(fromCover && { fromCover }),
    box: { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height },
    quality: face.quality,
  };
}

function totalWeight(members: readonly SeenFace[]): number {
  return members.reduce((sum, member) => sum + faceWeight(member.face), 0);
}

function compareByPosition(a: SeenFace, b: SeenFace): number {
  return (
    (a.timeMs ?? -1) - (b.timeMs ?? -1) ||
    a.frame - b.frame ||
    a.face.box.x - b.face.box.x ||
    a.face.box.y - b.face.box.y ||
    a.face.box.width - b.face.box.width
  );
}

function compareByQuality(a: SeenFace, b: SeenFace): number {
  return b.face.quality.overall - a.face.quality.overall || compareByPosition(a, b);
}
