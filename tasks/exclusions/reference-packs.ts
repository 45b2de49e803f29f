import { createHash } from 'node:crypto';
import type { StashIdValue } from '../../core/changes/change.ts';
import type { ReferencePacks } from '../../core/ports/reference-packs.ts';
import { keyOfStashId } from '../../core/reference-packs/reference-pack.ts';

/**
The packs as they are used: whoever has a stash ID of an excluded performer is nobody of them, and what was matched before the
exclusion is matched again. `open` still has these people; `withReferencePacks` leaves them out.
*/
export function withoutExcludedPeople(
  packs: ReferencePacks,
  excludedStashIds: () => Promise<readonly StashIdValue[]>,
): ReferencePacks {
  const excludedKeys = async (): Promise<readonly string[]> =>
    (await excludedStashIds()).map(keyOfStashId).toSorted();
  return {
    ...packs,
    async revision() {
      const revision = await packs.revision();
      const keys = revision === '' ? [] : await excludedKeys();
      if (keys.length === 0) return revision;
      return `${revision}-${createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 12)}`;
    },
    async person(packId, personId) {
      const person = await packs.person(packId, personId);
      if (person === null) return null;
      const excluded = new Set(await excludedKeys());
      return person.stashIds.some((stashId) => excluded.has(keyOfStashId(stashId))) ? null : person;
    },
  };
}
