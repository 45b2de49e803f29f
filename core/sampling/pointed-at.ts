/** Faces that a person pointed at, beside those that a look at the file found. */
import { meanEmbedding, similarity } from '../faces/embedding.ts';
import { iou } from '../faces/geometry.ts';
import type { FaceCluster, ObservationWithCrops, ObservedFace, PersonCrop } from '../faces/observation.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';

/** Exemplars that a cluster keeps. */
const MAX_EXEMPLARS = 8;
/** Two boxes of one moment that overlap by this IoU are one face. */
const SAME_FACE_IOU = 0.3;
/** Milliseconds: less than what lies between two frames. */
const SAME_FRAME_MS = 15;

/** `keys`: of the clusters that the faces are in now, in the order of `found`. */
export type WithPointedAt = ObservationWithCrops & { readonly keys: readonly number[] };

/**
Puts the clusters of one frame into an observation of the same file and pack: a face that is known is left as it is, one of a
known person joins them, and any other is somebody new. The keys of the known clusters stay.
@param cropsPerPerson that are kept of one person
*/
export function withPointedAt(
  known: ObservationWithCrops,
  found: ObservationWithCrops,
  clustering: Pick<PackCalibration['clustering'], 'samePerson' | 'sameView'>,
  cropsPerPerson: number,
): WithPointedAt {
  const persons = [...known.observation.persons];
  const crops = [...known.crops];
  const keys: number[] = [];
  for (const cluster of found.observation.persons) {
    const place = placeOf(cluster, persons, keys, clustering.samePerson);
    const before = persons[place];
    const key = before?.key ?? Math.max(-1, ...persons.map((person) => person.key)) + 1;
    keys.push(key);
    if (before !== undefined && shownBy(before, cluster.faces).length > 0) continue;
    persons[place] =
      before === undefined ? { ...cluster, key, apartFrom: [] } : joined(before, cluster, clustering);
    crops.push(...cropsFor(key, cluster, found.crops, crops, cropsPerPerson));
  }
  return { observation: { ...known.observation, persons: apart(persons, keys) }, crops, keys };
}

/** What a new look at the file did not find of what a person pointed at before; the new observation where that is nothing. */
export function keepPointedAt(
  before: ObservationWithCrops,
  now: ObservationWithCrops,
  clustering: Pick<PackCalibration['clustering'], 'samePerson' | 'sameView'>,
  cropsPerPerson: number,
): ObservationWithCrops {
  // Who is seen elsewhere in the file too is found again.
  const persons = before.observation.persons.filter(isPointedAtOnly);
  if (persons.length === 0 || before.observation.packId !== now.observation.packId) return now;
  const left = { observation: { ...before.observation, persons }, crops: before.crops };
  const { observation, crops } = withPointedAt(now, left, clustering, cropsPerPerson);
  return { observation, crops };
}

export function isPointedAtOnly({ faces }: Pick<FaceCluster, 'faces'>): boolean {
  return faces.length > 0 && faces.every(({ pointedAt }) => pointedAt === true);
}

/** Index of the cluster that the faces belong to; behind the last one: none. Two faces of a frame are two persons. */
function placeOf(
  { faces, template }: FaceCluster,
  persons: readonly FaceCluster[],
  taken: readonly number[],
  samePerson: number,
): number {
  const shown = persons.findIndex(
    (person) => !taken.includes(person.key) && shownBy(person, faces).length > 0,
  );
  if (shown !== -1) return shown;
  const nearest = persons
    .map((person, place) => ({ person, place, near: similarity(person.template, template) }))
    .filter(
      ({ person, near }) =>
        near >= samePerson &&
        !taken.includes(person.key) &&
        !person.faces.some((face) => isOfFrame(face, faces)),
    )
    .toSorted((a, b) => b.near - a.near);
  return nearest[0]?.place ?? persons.length;
}

/** Those of the faces that the cluster has already. */
function shownBy(person: FaceCluster, faces: readonly ObservedFace[]): ObservedFace[] {
  return faces.filter((face) =>
    person.faces.some((known) => isOfFrame(known, [face]) && iou(known.box, face.box) >= SAME_FACE_IOU),
  );
}

function isOfFrame({ timeMs }: ObservedFace, faces: readonly ObservedFace[]): boolean {
  return (
    timeMs !== null &&
    faces.some((face) => face.timeMs !== null && Math.abs(face.timeMs - timeMs) < SAME_FRAME_MS)
  );
}

function joined(
  before: FaceCluster,
  { template, exemplars, faces, quality }: FaceCluster,
  { sameView }: Pick<PackCalibration['clustering'], 'sameView'>,
): FaceCluster {
  const views = exemplars.filter((view) =>
    before.exemplars.every((known) => similarity(known, view) < sameView),
  );
  return {
    ...before,
    template:
      meanEmbedding([
        { embedding: before.template, weight: weightOf(before) },
        { embedding: template, weight: weightOf({ quality, faces }) },
      ]) ?? before.template,
    exemplars: [...before.exemplars, ...views].slice(0, MAX_EXEMPLARS),
    faces: [...before.faces, ...faces].toSorted((a, b) => (a.timeMs ?? -1) - (b.timeMs ?? -1)),
    quality: Math.max(before.quality, quality),
  };
}

function weightOf({ quality, faces }: Pick<FaceCluster, 'quality' | 'faces'>): number {
  return Math.max(0.05, quality) * faces.length;
}

function cropsFor(
  key: number,
  cluster: FaceCluster,
  found: readonly PersonCrop[],
  kept: readonly PersonCrop[],
  most: number,
): PersonCrop[] {
  const count = kept.filter(({ personKey }) => personKey === key).length;
  return found
    .filter(({ personKey }) => personKey === cluster.key)
    .slice(0, Math.max(0, most - count))
    .map((crop, n) => ({ ...crop, personKey: key, rank: count + n }));
}

/** Who is in a frame with somebody else is not them. */
function apart(persons: readonly FaceCluster[], keys: readonly number[]): FaceCluster[] {
  return persons.map((person) => {
    const others = persons.filter(
      ({ key, faces }) =>
        key !== person.key &&
        (keys.includes(key) || keys.includes(person.key)) &&
        faces.some((face) => isOfFrame(face, person.faces)),
    );
    const apartFrom = new Set([...person.apartFrom, ...others.map(({ key }) => key)]);
    return { ...person, apartFrom: [...apartFrom].toSorted((one, other) => one - other) };
  });
}
