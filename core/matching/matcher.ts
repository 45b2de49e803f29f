import { similarity } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { Expected } from './expected.ts';
import { type ClusterCandidates, identifyClusters, type RatedCandidate } from './identify.ts';
import { logLikelihoodRatio } from './likelihood.ts';
import type { DecideOptions } from './tie.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Identification, GalleryPerson } from '../people/person.ts';
import { centreOf } from '../people/centre.ts';
import { joinCandidates } from './one-person.ts';
import { createPauses } from '../pauses.ts';
import type { FoundPerson, Gallery } from '../ports/gallery.ts';

/** Identifies clusters by the people of a gallery. */
export type Matcher = {
  /**
  Identifies the clusters of each group (one entity); the result has the same order. All groups of one call are one search of the gallery.
  @param expected whom one may expect in each group; default: nobody
  */
  identify(
    groups: readonly (readonly FaceCluster[])[],
    expected?: readonly Expected[],
  ): Promise<IdentifiedGroup[]>;
};
export type IdentifiedGroup = {
  readonly identifications: Identification[];
  /** False when a person near one of the clusters has changed since the version of the gallery. */
  readonly isCurrent: boolean;
};

/**
Number of people, those with the nearest centres, whose references are compared one by one. So the index holds one row per
person instead of one per reference; the person with the nearest reference is almost always among the nearest centres.
*/
const NEAREST_CENTRES = 16;
/**
Further people whose centres are computed from their references: the index has rounded centres, by which the sixteenth and
the seventeenth can change places.
*/
const SPARE_CENTRES = 8;
const MAX_CANDIDATES = 6;
/** Clusters whose people are in memory at one time: about 1 500 people with all references. */
const CLUSTERS_AT_ONCE = 64;

/** @param options `onePerson`: of `PackCalibration.references`; default: nobody of a pack is joined with anybody */
export function createMatcher(
  gallery: Gallery,
  options: DecideOptions & Partial<Pick<PackCalibration['references'], 'onePerson'>>,
): Matcher {
  const pause = createPauses();
  const { onePerson = Infinity } = options;
  // The gallery gives the same object for a person as long as it keeps the references in memory.
  const centres = new WeakMap<GalleryPerson, Embedding | null>();
  const centreOnce = (person: GalleryPerson): Embedding | null => {
    const known = centres.get(person);
    if (known !== undefined) return known;
    const centre = centreOf(person);
    centres.set(person, centre);
    return centre;
  };

  return {
    async identify(groups, expected = []) {
      const probes = groups.flat();
      const found = await gallery.search(
        probes.map((probe) => probe.template),
        NEAREST_CENTRES + SPARE_CENTRES,
      );
      const identified: IdentifiedGroup[] = [];
      let next = 0;
      for (const part of partsOf(groups)) {
        const foundOfPart = part.map((group) => group.map(() => found[next++] ?? []));
        const { persons, changed } = await gallery.references([
          ...new Set(foundOfPart.flat(2).map(({ personId }) => personId)),
        ]);
        for (const [n, group] of part.entries()) {
          const candidates: ClusterCandidates[] = [];
          let isCurrent = true;
          for (const [m, cluster] of group.entries()) {
            const near = foundOfPart[n]?.[m] ?? [];
            isCurrent &&= !near.some(({ personId }) => changed.has(personId));
            candidates.push({ person: cluster, candidates: await findCandidates(cluster, near, persons) });
          }
          identified.push({
            identifications: identifyClusters(candidates, {
              ...options,
              gallerySize: gallery.size,
              ownSize: gallery.ownSize,
              expected: expected[identified.length],
            }),
            isCurrent,
          });
        }
      }
      return identified;
    },
  };

  async function findCandidates(
    cluster: FaceCluster,
    found: readonly FoundPerson[],
    persons: ReadonlyMap<string, GalleryPerson>,
  ): Promise<RatedCandidate[]> {
    const near: Near[] = [];
    for (const { personId } of found) {
      const person = persons.get(personId);
      const centre = person && centreOnce(person);
      if (centre) near.push({ person, toCentre: similarity(centre, cluster.template) });
    }
    // The sort is stable: of equal centres the one that the gallery has first stays first.
    const nearest = near.toSorted((a, b) => b.toCentre - a.toCentre).slice(0, NEAREST_CENTRES);
    await pause(near.reduce((sum, { person }) => sum + 2 * person.references.length + 1, 0));
    const likeliest = nearest
      .map((entry) => rate(entry, cluster, options.calibration.likelihood))
      .toSorted(
        (a, b) =>
          b.logLikelihoodRatio - a.logLikelihoodRatio ||
          b.similarity - a.similarity ||
          (a.person.id < b.person.id ? -1 : 1),
      );
    return joinCandidates(likeliest, centreOnce, onePerson)
      .slice(0, MAX_CANDIDATES)
      .map(({ person, ...rated }) => ({
        personId: person.id,
        performerId: person.performerId,
        name: person.name,
        ...rated,
      }));
  }
}

type Rated = Pick<RatedCandidate, 'similarity' | 'referenceId' | 'logLikelihoodRatio'> & {
  readonly person: GalleryPerson;
};
type Near = { readonly person: GalleryPerson; readonly toCentre: number };

/** The groups in their order, each part with as many as have `CLUSTERS_AT_ONCE` clusters. */
function* partsOf(groups: readonly (readonly FaceCluster[])[]): Iterable<(readonly FaceCluster[])[]> {
  let part: (readonly FaceCluster[])[] = [];
  let clusters = 0;
  for (const group of groups) {
    part.push(group);
    clusters += group.length;
    if (clusters < CLUSTERS_AT_ONCE) continue;
    yield part;
    [part, clusters] = [[], 0];
  }
  if (part.length > 0) yield part;
}

/** Without the name, which some galleries read only when it is asked for. */
function rate(
  { person, toCentre }: Near,
  { template, quality, faces }: FaceCluster,
  likelihood: PackCalibration['matching']['likelihood'],
): Rated {
  let best = person.references[0]!;
  let nearest = -1;
  for (const reference of person.references) {
    const value = similarity(reference.embedding, template);
    if (value > nearest) [best, nearest] = [reference, value];
  }
  const most = Math.max(nearest, toCentre);
  return {
    person,
    similarity: most,
    referenceId: best.id,
    logLikelihoodRatio: logLikelihoodRatio(
      {
        similarity: most,
        probeQuality: quality,
        faces: faces.length,
        referenceQuality: best.quality,
        references: person.references.reduce((sum, { pooled = 1 }) => sum + pooled, 0),
      },
      likelihood,
    ),
  };
}
