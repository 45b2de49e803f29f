import type { FacesView } from '../../core/contract/faces.ts';
import type { EntityIdentifications } from '../../core/matching/identifications.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import type { Context } from '../runs/task.ts';

/** More are no help to choose from. */
const MAX_UNSEEN = 6;

/**
Performers whom Stash has on the entity and who were seen in none of its faces, while the face of somebody was matched with
nobody: it may be theirs. Without those of whom a person has said that it is not.
@param persons without those who are hidden
*/
export async function findUnseen(
  { store, library }: Pick<Context, 'store' | 'library'>,
  item: StashEntity,
  persons: EntityIdentifications['persons'],
): Promise<NonNullable<FacesView['unseen']>> {
  const unmatched = persons.filter(({ decision }) => decision !== 'match');
  const [first] = unmatched;
  if (first === undefined) return [];
  const seen = new Set(persons.filter(({ decision }) => decision === 'match').map(seenAs));
  const { contentIds } = await scopeOfCluster(store, item, first.key);
  const unseen: NonNullable<FacesView['unseen']> = [];
  for (const id of item.performerIds) {
    if (unseen.length >= MAX_UNSEEN) break;
    if (seen.has(id)) continue;
    const performer = (await store.people.performer(id)) ?? (await library.performer(id));
    if (performer === null || (await store.dismissals.isDismissed(notSeen(contentIds, performer)))) continue;
    unseen.push({ performerId: id, name: shownName(performer), picture: performer.imagePath });
  }
  return unseen;
}

function seenAs({ candidates }: EntityIdentifications['persons'][number]): string | null {
  return candidates[0]?.performerId ?? null;
}
