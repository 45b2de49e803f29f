import { entityKey } from '../../../core/content-id.ts';
import { toldProposal, type Told } from '../../../core/health/told.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { StashEntity } from '../../../core/ports/library.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import { isAskedAbout } from '../is-asked-about.ts';
import { openOfInterest, type OfInterest } from '../seen.ts';
import type { LookParts, SceneAnalyzer } from '../analyzer.ts';

/**
A scene on which Stash has nobody, with the faces that were seen in it but for those of nobody of interest. Not one of which somebody is suggested or asked about
already: that is decided there.
*/
export const scenesWithoutPerformers: SceneAnalyzer<'scenes-without-performers'> = {
  id: 'scenes-without-performers',
  version: 2,
  kinds: ['scene-without-performers'],
  looksAt: 'scenes',
  readsFaces: true,
  async look(parts, { scenes }) {
    const bare = scenes.filter(({ performerIds }) => performerIds.length === 0);
    const proposals = [];
    const ofInterest = await openOfInterest(parts);
    for (const scene of bare) {
      const { id, title } = scene;
      const entity = { kind: 'scene', id } as const;
      if (await isAskedAbout(parts, id)) continue;
      const { said, faces } = await whoWasSeen(parts, scene, ofInterest);
      proposals.push(
        toldProposal(
          {
            kind: 'scene-without-performers',
            entity,
            entityTitle: title,
            severity: 'info',
            found: [{ what: 'nobody', said }],
            contentIds: contentIdsOf(scene),
            faces,
          },
          scenesWithoutPerformers,
        ),
      );
    }
    return proposals;
  },
};

async function whoWasSeen(
  { store }: Pick<LookParts, 'store'>,
  scene: StashEntity,
  ofInterest: OfInterest,
): Promise<{ said: Message[]; faces: NonNullable<Told['faces']> }> {
  const entity = { kind: 'scene', id: scene.id } as const;
  const found = await store.identifications.get(entity);
  if (found === null) {
    const files = (await store.observations.contentOfMany([entity])).get(entityKey(entity));
    return { said: [message(files === undefined ? 'health.neverLooked' : 'health.notMatched')], faces: [] };
  }
  const persons = await ofInterest(found.persons);
  if (persons.length === 0)
    return {
      said: [message(found.persons.length === 0 ? 'health.noFaceSeen' : 'health.nobodyOfInterestSeen')],
      faces: [],
    };
  const names = [
    ...new Set(
      persons.flatMap(({ decision, candidates }) =>
        decision === 'unknown' ? [] : candidates.slice(0, 1).map(({ name }) => name),
      ),
    ),
  ];
  return {
    said: [
      message('health.peopleSeen', { count: persons.length }),
      ...(names.length === 0 ? [] : [message('health.couldBe', { names: names.join(', ') })]),
    ],
    faces: persons.flatMap(({ members }) => members.slice(0, 1)),
  };
}
