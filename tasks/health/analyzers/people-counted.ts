import { leastPeople } from '../../../core/health/count-people.ts';
import { toldProposal, type Told } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import { isAskedAbout } from '../is-asked-about.ts';
import { openOfInterest, seenPersons, usuallySeen, type SeenPerson } from '../seen.ts';
import type { LookParts, SceneAnalyzer } from '../analyzer.ts';

/** Somebody who passes by, or a face that was misread, has fewer. */
const LEAST_FACES = 3;
const LEAST_QUALITY = 0.4;

/** More people were certainly seen in a scene than Stash has on it, or fewer than it has whose faces are usually seen. Nobody of interest counts for nothing. */
export const peopleCounted: SceneAnalyzer<'people-counted'> = {
  id: 'people-counted',
  version: 2,
  kinds: ['people-counted'],
  looksAt: 'scenes',
  readsFaces: true,
  async look(parts, { scenes }) {
    const proposals: Proposal[] = [];
    const ofInterest = await openOfInterest(parts);
    for (const scene of scenes) {
      // Of a scene with nobody it is told on its own.
      if (scene.performerIds.length === 0) continue;
      const persons = await seenPersons(parts, scene.id, ofInterest);
      if (persons === null || persons.length === 0 || (await isAskedAbout(parts, scene.id))) continue;
      const found = (await more(scene, persons)) ?? (await fewer(parts, scene, persons));
      if (found === null) continue;
      proposals.push(
        toldProposal(
          {
            kind: 'people-counted',
            entity: { kind: 'scene', id: scene.id },
            entityTitle: scene.title,
            severity: 'info',
            found: [found.found],
            contentIds: contentIdsOf(scene),
            faces: found.persons.flatMap(({ cluster }) => cluster.members.slice(0, 1)),
          },
          peopleCounted,
        ),
      );
    }
    return proposals;
  },
};

type Found = { readonly found: Told['found'][number]; readonly persons: readonly SeenPerson[] };

/** Those who are recognised, and strangers of whom so many are in the same frame. */
function more({ performerIds }: StashEntity, persons: readonly SeenPerson[]): Promise<Found | null> {
  const known = new Set(
    persons.flatMap(({ cluster: { decision, candidates } }) =>
      decision === 'match' ? (candidates[0]?.personId ?? []) : [],
    ),
  );
  const strangers = persons.filter(
    ({ cluster, faces, quality }) =>
      cluster.decision === 'unknown' && faces.length >= LEAST_FACES && quality >= LEAST_QUALITY,
  );
  const seen =
    known.size +
    leastPeople(
      strangers.map(({ cluster, apartFrom }) => ({ key: cluster.members[0]?.personKey ?? -1, apartFrom })),
    );
  if (strangers.length === 0 || seen <= performerIds.length) return Promise.resolve(null);
  const said = [message('health.moreSeen', { seen, tagged: performerIds.length })];
  return Promise.resolve({ found: { what: `more ${seen}`, said }, persons: strangers });
}

/** Where everybody who was seen is recognised, it is told who is missing. */
async function fewer(
  parts: LookParts,
  { performerIds }: StashEntity,
  persons: readonly SeenPerson[],
): Promise<Found | null> {
  if (performerIds.length <= persons.length || persons.every(({ cluster }) => cluster.decision === 'match'))
    return null;
  const usual = await usuallySeen(parts, performerIds);
  if (usual.size <= persons.length) return null;
  const said = [message('health.fewerSeen', { seen: persons.length, tagged: performerIds.length })];
  return { found: { what: `fewer ${persons.length}`, said }, persons };
}
