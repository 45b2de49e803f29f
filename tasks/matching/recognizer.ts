import { createHash } from 'node:crypto';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { createGallery } from '../../core/matching/gallery.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import { mergeClusters, type FileCluster, type EntityCluster } from './clusters.ts';
import type { Context } from '../runs/task.ts';

/** The gallery of one matcher version. */
export type Recognizer = {
  /** With another version results can differ. */
  readonly matcherVersion: string;
  readonly people: readonly GalleryPerson[];
  /** Identifies the clusters of each entity; clusters of the same person in several pictures are merged. */
  identify(entities: readonly (readonly FileCluster[])[]): Promise<IdentifiedCluster[][]>;
};

export type RecognizerParts = Pick<Context, 'store' | 'vision' | 'settings'>;

/** Raised when the decision algorithm changes. */
const DECIDING_VERSION = 1;

export async function currentMatcherVersion({ store, vision, settings }: RecognizerParts): Promise<string> {
  const pack = `${vision.packId}-${calibrationRevision(vision.calibration)}`;
  return `${await store.people.version()}:${pack}:${settings.matchConfidence}:${DECIDING_VERSION}`;
}

function calibrationRevision(calibration: PackCalibration): string {
  return createHash('sha256').update(JSON.stringify(calibration)).digest('hex').slice(0, 12);
}

/** `few probes`: for one entity, in an operation that must not wait for the inference engine to start. */
export async function openRecognizer(
  context: RecognizerParts,
  searches: 'few probes' | 'many probes' = 'many probes',
): Promise<Recognizer> {
  const { store, vision, settings } = context;
  // Read before the people: changes in between then lead to one more rematch and are not missed.
  const matcherVersion = await currentMatcherVersion(context);
  const people = await store.people.persons(vision.packId);
  const gallery = await createGallery(
    people,
    (dimensions) =>
      searches === 'few probes' ? vision.createPlainIndex(dimensions) : vision.createIndex(dimensions),
    {
      calibration: vision.calibration.matching,
      ...(settings.matchConfidence > 0 && { matchConfidence: settings.matchConfidence / 100 }),
    },
  );
  return {
    matcherVersion,
    people,
    async identify(entities) {
      const merged: EntityCluster[][] = [];
      for (const seen of entities) merged.push(await mergeClusters(seen, vision.calibration.clustering));
      const found = await gallery.identify(merged.map((persons) => persons.map(({ person }) => person)));
      return merged.map((persons, n) =>
        persons.flatMap(({ person, members }, m) => {
          const identification = found[n]?.[m];
          if (identification === undefined) return [];
          const { personKey: _, ...rest } = identification;
          return {
            ...rest,
            key: person.key,
            members: members.map((member) => ({ contentId: member.contentId, personKey: member.person.key })),
          };
        }),
      );
    },
  };
}
