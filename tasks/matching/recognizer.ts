import { crc32 } from 'node:zlib';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Expected } from '../../core/matching/expected.ts';
import { createMatcher } from '../../core/matching/matcher.ts';
import type { DecideOptions } from '../../core/matching/tie.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { Searches, SignedGallery } from '../../core/ports/gallery.ts';
import { mergeClusters, type FileCluster, type EntityCluster } from './clusters.ts';
import type { Context } from '../runs/task.ts';

/** The gallery of one matcher version. */
export type Recognizer = {
  /** With another version results can differ. */
  readonly matcherVersion: string;
  readonly gallery: SignedGallery;
  readonly options: DecideOptions;
  /**
  Identifies the clusters of each entity; clusters of the same person in several pictures are merged.
  @param expected whom one may expect in each; default: nobody
  */
  identify(
    entities: readonly (readonly FileCluster[])[],
    expected?: readonly Expected[],
  ): Promise<IdentifiedEntity[]>;
};

export type IdentifiedEntity = {
  readonly persons: readonly IdentifiedCluster[];
  /** `overtaken` when people near one of the clusters have changed since the gallery was read: the next rematch is to match the entity once more. */
  readonly matcherVersion: string;
};

export type MatcherVersionParts = Pick<Context, 'store' | 'vision' | 'settings' | 'referencePacks'>;
export type RecognizerParts = MatcherVersionParts & Pick<Context, 'openGallery'>;

/** Raised when the decision algorithm changes. */
const DECIDING_VERSION = 8;

export async function currentMatcherVersion({
  store,
  vision,
  settings,
  referencePacks,
}: MatcherVersionParts): Promise<string> {
  const pack = `${vision.packId}-${calibrationRevision(vision.calibration)}`;
  const own = `${pack}:${settings.matchConfidence}:${DECIDING_VERSION}`;
  // Who changed, and who is expected elsewhere now, are compared by the gallery diff.
  const people = `${await store.people.version()}.${await store.credits.version()}`;
  const packs = await referencePacks.revision();
  if (packs === '') return `${people}:${own}`;
  // With the same packs only performers differ, whom the gallery diff compares, and who of the packs they are.
  return `${people}.${await store.people.stashIdsVersion()}:${own}:${packs}`;
}

/** By what a candidate is a match. */
export function decideOptions({ vision, settings }: Pick<Context, 'vision' | 'settings'>): DecideOptions {
  return {
    calibration: vision.calibration.matching,
    ...(settings.matchConfidence > 0 && { matchConfidence: settings.matchConfidence / 100 }),
  };
}

/** Of results that belong to no version: equal to no current one, and older than all changes of the gallery. */
function overtaken(matcherVersion: string): string {
  return `${matcherVersion}:overtaken`;
}

/** Not by node:crypto: to load it takes a twentieth of a question of the page, and zlib is loaded already (tasks/main.ts). */
function calibrationRevision(calibration: PackCalibration): string {
  return crc32(JSON.stringify(calibration)).toString(16);
}

/** `few probes`: for one entity, in an operation that must not wait for the inference engine to start. */
export async function openRecognizer(
  context: RecognizerParts,
  searches: Searches = 'many probes',
): Promise<Recognizer> {
  const { vision, openGallery } = context;
  const options = decideOptions(context);
  // Read before the people: changes in between then lead to one more rematch and are not missed.
  const matcherVersion = await currentMatcherVersion(context);
  const gallery = await openGallery(searches);
  const { onePerson } = vision.calibration.references;
  const matcher = createMatcher(gallery, { ...options, onePerson });
  return {
    matcherVersion,
    gallery,
    options,
    async identify(entities, expected) {
      const merged: EntityCluster[][] = [];
      for (const seen of entities) merged.push(await mergeClusters(seen, vision.calibration.clustering));
      const found = await matcher.identify(
        merged.map((persons) => persons.map(({ person }) => person)),
        expected,
      );
      return merged.map((persons, n) => ({
        matcherVersion: found[n]?.isCurrent === false ? overtaken(matcherVersion) : matcherVersion,
        persons: persons.flatMap(({ person, members }, m) => {
          const identification = found[n]?.identifications[m];
          if (identification === undefined) return [];
          const { personKey: _, ...rest } = identification;
          return {
            ...rest,
            key: person.key,
            members: members.map((member) => ({ contentId: member.contentId, personKey: member.person.key })),
          };
        }),
      }));
    },
  };
}
