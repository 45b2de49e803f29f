import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import { seenPersons, usuallySeen, type SeenPerson } from '../seen.ts';
import type { SceneAnalyzer } from '../analyzer.ts';

/** So many faces of somebody else show that the film was looked at well. */
const LEAST_FACES = 5;
/** With more confidence than this a face may be the performer. */
const MAY_BE = 0.01;

/**
A performer of the scene whose face is not in it, though faces are: each of those is somebody else for certain, and the performer is
recognised in nearly all other scenes on which Stash has them.
*/
export const performersNotSeen: SceneAnalyzer<'performers-not-seen'> = {
  id: 'performers-not-seen',
  version: 1,
  kinds: ['performer-not-seen'],
  looksAt: 'scenes',
  readsFaces: true,
  async look(parts, { scenes }) {
    const unseen: {
      readonly scene: StashEntity;
      readonly persons: readonly SeenPerson[];
      readonly ids: readonly string[];
    }[] = [];
    for (const scene of scenes) {
      const { id, performerIds } = scene;
      if (performerIds.length === 0) continue;
      const persons = await seenPersons(parts, id);
      if (persons === null || !areAllKnown(persons)) continue;
      const ids = performerIds.filter((one) => !persons.some((person) => mayBe(person, one)));
      if (ids.length > 0) unseen.push({ scene, persons, ids });
    }
    const usual = await usuallySeen(
      parts,
      unseen.flatMap(({ ids }) => ids),
    );
    const proposals: Proposal[] = [];
    for (const { scene, persons, ids } of unseen) {
      const missing = ids.flatMap((id) => {
        const known = usual.get(id);
        return known === undefined ? [] : { id, ...known };
      });
      if (missing.length === 0) continue;
      proposals.push(
        toldProposal(
          {
            kind: 'performer-not-seen',
            entity: { kind: 'scene', id: scene.id },
            entityTitle: scene.title,
            severity: 'warning',
            found: missing.map(({ id, name, looked, seen }) => ({
              what: `performer ${id}`,
              said: [message('health.neverSeen', { name, seen, looked })],
            })),
            contentIds: contentIdsOf(scene),
            faces: persons.flatMap(({ cluster }) => cluster.members.slice(0, 1)),
            others: missing.map(({ id, name }) => ({ ref: { kind: 'performer', id }, name })),
          },
          performersNotSeen,
        ),
      );
    }
    return proposals;
  },
};

/** Whether each is recognised as somebody, and one of them was seen often. */
function areAllKnown(persons: readonly SeenPerson[]): boolean {
  return (
    persons.every(({ cluster }) => cluster.decision === 'match') &&
    persons.some(({ faces }) => faces.length >= LEAST_FACES)
  );
}

function mayBe({ cluster: { candidates } }: SeenPerson, performerId: string): boolean {
  return candidates.some((one) => one.performerId === performerId && one.confidence > MAY_BE);
}
