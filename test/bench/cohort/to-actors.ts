/** Faces that were looked at as references, in the roles of those that are looked for (`test/bench/gallery/actors.ts`). */
import type { FaceCluster } from '../../../core/faces/observation.ts';
import type { Actor, Actors } from '../gallery/actors.ts';
import type { Face, Roles } from './faces.ts';

/** Each probe is a cluster of one face. */
export function toActors({ probes, references }: Roles): Pick<Actors, 'known' | 'strangers'> {
  const probeOf = new Map(probes.map((probe) => [probe.id, probe]));
  const toActor = ({ id, sex, fold }: Face, reference: Face | null): Actor => {
    const probe = probeOf.get(id);
    return {
      id,
      names: [id],
      sex,
      fold,
      references: reference === null ? [] : [{ embedding: reference.vector, quality: reference.quality }],
      probe: probe === undefined ? null : toCluster(probe),
    };
  };
  return {
    known: references.map((reference) => toActor(reference, reference)),
    strangers: probes.filter(({ isKnown }) => !isKnown).map((probe) => toActor(probe, null)),
  };
}

function toCluster({ vector, quality }: Face): FaceCluster {
  const seen = { overall: quality, sizePx: 100, sharpness: 1, yaw: 0, roll: 0, detector: 1 };
  const box = { x: 0, y: 0, width: 1, height: 1 };
  return {
    key: 0,
    template: vector,
    exemplars: [],
    faces: [{ timeMs: null, box, quality: seen }],
    quality,
    apartFrom: [],
  };
}
