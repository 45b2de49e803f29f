import type { ContentId, EntityRef, EntityKind } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { Store } from '../../core/ports/store.ts';

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
