import { clusterFaces, type ClusterWithFaces, type SeenFace } from '../../core/faces/cluster.ts';
import { similarity } from '../../core/faces/embedding.ts';
import type { Face, FaceCrop, RgbImage } from '../../core/faces/face.ts';
import { type Light, measureLight } from '../../core/faces/lighting.ts';
import type { PersonCrop } from '../../core/faces/observation.ts';
import type { FaceAnalyzer } from '../../core/ports/vision.ts';

/** Collects the faces of one file. */
export type FaceCollector = {
  readonly frameCount: number;
  /** Brightness of each frame. */
  readonly lights: readonly Light[];
  /** Analyses a frame. @returns the number of faces in it */
  see(image: RgbImage, timeMs: number | null, options?: SeeOptions): Promise<number>;
  readonly faceLight: (face: SeenFace) => Light | null;
  /** Cached until the next `see`. */
  clusters(): Promise<ClusterWithFaces[]>;
  /** The best crops of each cluster, best first, at most the configured number. */
  crops(clusters: readonly ClusterWithFaces[]): PersonCrop[];
};

type SeeOptions = { readonly exhaustive?: boolean; readonly fromCover?: true };

export function createFaceCollector(
  analyzer: Pick<FaceAnalyzer, 'analyze' | 'calibration'>,
  crop: (image: RgbImage, face: Face) => Promise<FaceCrop>,
  cropsPerPerson: number,
): FaceCollector {
  const { clustering } = analyzer.calibration;
  const faces: SeenFace[] = [];
  const lights: Light[] = [];
  const faceLights = new Map<SeenFace, Light | null>();
  const cuts = new Map<SeenFace, FaceCrop>();
  let clustered: Promise<ClusterWithFaces[]> | null = null;
  let frameCount = 0;

  return {
    get frameCount() {
      return frameCount;
    },
    lights,

    async see(image, timeMs, { fromCover, ...options } = {}) {
      const frame = frameCount++;
      const light = measureLight(image);
      if (light) lights.push(light);
      const found = await analyzer.analyze(image, options);
      for (const face of found) {
        const { width, height } = image;
        const seen = { frame, timeMs, ...(fromCover && { fromCover }), face, width, height };
        faces.push(seen);
        clustered = null;
        faceLights.set(seen, measureLight(image, face.box));
        await addCropCandidate(image, seen);
      }
      return found.length;
    },

    faceLight: (face) => faceLights.get(face) ?? null,
    clusters: () => (clustered ??= clusterFaces(faces, clustering)),

    crops: (clusters) =>
      clusters.flatMap(({ person, faces: members }) =>
        members
          .flatMap((seen) => {
            const cut = cuts.get(seen);
            return cut ? [{ cut, timeMs: seen.timeMs }] : [];
          })
          .slice(0, cropsPerPerson)
          .map(({ cut, timeMs }, rank) => ({ ...cut, personKey: person.key, rank, timeMs })),
      ),
  };

  /** Cuts out a face that may be among a person's best while its frame is in memory. */
  async function addCropCandidate(image: RgbImage, seen: SeenFace): Promise<void> {
    if (cropsPerPerson === 0) return;
    const rivals = [...cuts.keys()]
      .filter((face) => similarity(face.face.embedding, seen.face.embedding) > clustering.cropRivals)
      .toSorted((a, b) => qualityOf(b) - qualityOf(a));
    const last = rivals[cropsPerPerson - 1];
    if (last && qualityOf(last) >= qualityOf(seen)) return;
    cuts.set(seen, await crop(image, seen.face));
    if (last) cuts.delete(last);
  }
}

function qualityOf({ face }: SeenFace): number {
  return face.quality.overall;
}
