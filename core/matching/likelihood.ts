import type { PackCalibration } from '../faces/pack-calibration.ts';

/** What is known of a cluster beside one performer. */
export type Evidence = {
  /** Of the cluster with the performer, -1…1. */
  readonly similarity: number;
  /** 0…1, of the cluster's best face. */
  readonly probeQuality: number;
  /** Number of faces of the cluster, at least 1. */
  readonly faces: number;
  /** 0…1, of the reference that is the most similar one. */
  readonly referenceQuality: number;
  /** Number of references of the performer, at least 1. */
  readonly references: number;
};

/**
Natural logarithm of the likelihood ratio: how many times likelier the evidence is when the cluster shows the performer than
when it shows somebody else. A similarity says the more the poorer the pictures are, since strangers do not become more
similar with them; it says less where there was a choice, of several references or of several faces.
*/
export function logLikelihoodRatio(
  { similarity, probeQuality, faces, referenceQuality, references }: Evidence,
  {
    curve,
    perMissingQuality,
    lowestQuality,
    perDoubling,
    mostCounted,
  }: PackCalibration['matching']['likelihood'],
): number {
  const missing = (quality: number): number => 1 - Math.min(1, Math.max(lowestQuality, quality));
  const doublings = (count: number): number => Math.log2(Math.min(mostCounted, Math.max(1, count)));
  return (
    interpolate(curve, similarity) +
    perMissingQuality.probe * missing(probeQuality) +
    perMissingQuality.reference * missing(referenceQuality) +
    perDoubling.faces * doublings(faces) +
    perDoubling.references * doublings(references)
  );
}

/** Linear between the points, constant beyond the ends. */
function interpolate(points: readonly (readonly [number, number])[], x: number): number {
  const next = points.findIndex(([at]) => at >= x);
  if (next === -1) return points.at(-1)![1];
  const [toX, toY] = points[next]!;
  const [fromX, fromY] = points[Math.max(0, next - 1)]!;
  return toX === fromX ? toY : fromY + ((x - fromX) / (toX - fromX)) * (toY - fromY);
}
