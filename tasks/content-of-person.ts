import type { ContentId, Subject } from '../core/content-id.ts';
import type { Store } from '../core/ports.ts';
import { readWho } from './who.ts';

/**
The content that a word about one person of a subject holds for.

Several files of a scene are one film, so it holds for all of them. A gallery is many pictures: only those that show
this person are meant.
@param personKey as the page numbers them
*/
export async function contentOfPerson(
  store: Pick<Store, 'observations' | 'state'>,
  subject: Subject,
  personKey: number,
): Promise<ContentId[]> {
  const contentIds = await store.observations.contentOf(subject);
  if (subject.kind !== 'gallery') return contentIds;
  const who = await readWho(store, subject);
  const members = who?.persons.find(({ key }) => key === personKey)?.members ?? [];
  return contentIds.filter((id) => members.some(({ contentId }) => contentId === id));
}
