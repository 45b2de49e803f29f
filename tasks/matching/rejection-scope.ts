import type { ContentId, EntityRef, EntityKind } from '../../core/content-id.ts';
import type { Store } from '../../core/ports/store.ts';
import { readIdentifications } from './identifications.ts';

/**
The content that a word about one person of a subject holds for.

Several files of a scene are one film, so it holds for all of them. A gallery is many pictures: only those that show
this person are meant.
@param members where the person was seen
*/
export function rejectionScope(
  kind: EntityKind,
  contentIds: readonly ContentId[],
  members: readonly { readonly contentId: ContentId }[],
): readonly ContentId[] {
  return kind === 'gallery'
    ? contentIds.filter((id) => members.some(({ contentId }) => contentId === id))
    : contentIds;
}

/** @param personKey as the page numbers them */
export async function contentIdsOfCluster(
  store: Pick<Store, 'observations' | 'state'>,
  entity: EntityRef,
  personKey: number,
): Promise<readonly ContentId[]> {
  const identifications = await readIdentifications(store, entity);
  const members = identifications?.persons.find(({ key }) => key === personKey)?.members ?? [];
  return rejectionScope(entity.kind, await store.observations.contentOf(entity), members);
}
