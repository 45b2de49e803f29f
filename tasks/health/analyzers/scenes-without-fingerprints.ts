import { baseName } from '../../../core/health/base-name.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity, StashFile } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';
import { once } from '../page-of.ts';

const PAGE = 500;
/** Of a shorter video Stash makes no perceptual hash, milliseconds. */
const SHORTEST_MS = 2000;
/** Where more scenes than this part of all lack one, nobody makes them in this Stash, and it is not told of each. */
const MOST_LACKING = 0.25;

/**
Scenes of which Stash has no perceptual hash, by which stash-boxes and its own search for duplicates know them: Stash's task
*Generate* makes it. That it was made is no change of the scene in Stash, so that all that lack one are listed each time.
*/
export const scenesWithoutFingerprints: WholeAnalyzer<'scenes-without-fingerprints'> = {
  id: 'scenes-without-fingerprints',
  version: 1,
  kinds: ['scene-without-fingerprints'],
  looksAt: 'all',
  begin({ library }) {
    const areUsual = once(() => areHashesUsual(library));
    return async (after) => {
      const from = after ?? '0';
      const scenes = (await areUsual())
        ? await library.entitiesAfter('scene', from, PAGE, { withoutPhash: true })
        : [];
      const next = scenes.length < PAGE ? null : (scenes.at(-1)?.id ?? null);
      return {
        proposals: scenes.flatMap(toProposal),
        looked: { kind: 'scene', after: from, upTo: next },
        next,
      };
    };
  },
};

async function areHashesUsual(library: LookParts['library']): Promise<boolean> {
  const [all, lacking] = await Promise.all([
    library.countEntities('scene', {}),
    library.countEntities('scene', { withoutPhash: true }),
  ]);
  return lacking <= MOST_LACKING * all;
}

function toProposal(scene: StashEntity): Proposal[] {
  const lacking = scene.files.filter(
    ({ fingerprints, durationMs }) =>
      !Object.hasOwn(fingerprints, 'phash') && (durationMs ?? 0) >= SHORTEST_MS,
  );
  if (lacking.length === 0) return [];
  return [
    toldProposal(
      {
        kind: 'scene-without-fingerprints',
        entity: { kind: 'scene', id: scene.id },
        entityTitle: scene.title,
        severity: 'info',
        found: [{ what: 'phash', said: lacking.map(said) }],
        contentIds: contentIdsOf(scene),
      },
      scenesWithoutFingerprints,
    ),
  ];
}

function said({ path, fingerprints: { oshash, md5 } }: StashFile) {
  const file = baseName(path);
  return oshash === undefined && md5 === undefined
    ? message('health.lacksFingerprints', { file })
    : message('health.lacksPhash', { file });
}
