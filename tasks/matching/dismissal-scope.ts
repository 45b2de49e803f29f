import type { ContentId, EntityRef, EntityKind } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { createHidden, type Hidden } from '../../core/matching/hidden.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Context } from '../runs/task.ts';
import type { FileCluster } from './clusters.ts';

/**
The content ids to which a decision about one person of an entity applies.

Several files of a scene are the same film, so it applies to all of them. In a gallery it applies only to the pictures that
show this person.
@param members the clusters of the person
*/
export function dismissalScope(
  kind: EntityKind,
  contentIds: readonly ContentId[],
  members: readonly { readonly contentId: ContentId }[],
): readonly ContentId[] {
  return kind === 'gallery'
    ? contentIds.filter((id) => members.some(({ contentId }) => contentId === id))
    : contentIds;
}

/** The people whom the user called nobody of interest, as they are now. */
export async function openHidden({ store, vision }: Pick<Context, 'store' | 'vision'>): Promise<Hidden> {
  const people = await store.hiddenPeople.list(vision.packId);
  const others = people.length === 0 ? 0 : await store.identifications.countUnmatched();
  return createHidden(people, vision.calibration.matching, others);
}

/** Whether the person of an entity is somebody hidden whom nobody is matched with by now. @param seen the clusters of its files */
export async function isHidden(
  hidden: Hidden,
  { decision, members }: Pick<IdentifiedCluster, 'decision' | 'members'>,
  seen: readonly FileCluster[],
): Promise<boolean> {
  if (decision === 'match') return false;
  const clusters = seen.filter((one) =>
    members.some((member) => member.contentId === one.contentId && member.personKey === one.person.key),
  );
  return (await hidden.idOf(clusters.map(({ person }) => person))) !== null;
}

/** @param personKey the entity's key, as on the page */
export async function scopeOfCluster(
  store: Pick<Store, 'observations' | 'identifications'>,
  entity: EntityRef,
  personKey: number,
): Promise<Pick<IdentifiedCluster, 'members'> & { readonly contentIds: readonly ContentId[] }> {
  const identifications = await store.identifications.get(entity);
  const members = identifications?.persons.find(({ key }) => key === personKey)?.members ?? [];
  const contentIds = await store.observations.contentOf(entity);
  return { members, contentIds: dismissalScope(entity.kind, contentIds, members) };
}
