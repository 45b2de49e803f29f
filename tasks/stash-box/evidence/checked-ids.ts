/** What checking the stash IDs of performers and of scenes has in common: what is asked, and when again. */
import { idsOfBox } from '../../../core/changes/values.ts';
import type { StashIdValue } from '../../../core/changes/change.ts';
import type { LookUps } from '../../../core/ports/boxes/look-ups.ts';

type Linked = { readonly id: string; readonly stashIds: readonly StashIdValue[] };

/** After this time an id is checked once more. */
const CHECKED_AGAIN_AFTER_MS = 7 * 86_400_000;

/**
Of a correction that ids alone say. What is only taken off a person looks at; where nothing says which of several it is, it is only
told.
*/
export const CONFIDENCE = { corrected: 0.98, takenOff: 0.9, oneOfSeveral: 0.5 };

/** Those whose ids are new or were checked long ago. @param revisionOf as what it was stored when it was checked */
export async function dueAmong<One extends Linked>(
  lookUps: Pick<LookUps<string>, 'of'>,
  now: number,
  endpoint: string,
  all: readonly One[],
  revisionOf: (one: One) => string,
): Promise<readonly One[]> {
  const before = await lookUps.of(
    endpoint,
    all.map(({ id }) => id),
  );
  return all.filter((one) => {
    const known = before.get(one.id);
    const isKnown = known?.revision === revisionOf(one);
    return !isKnown || now - known.at >= CHECKED_AGAIN_AFTER_MS;
  });
}

/** Changes with the ids there, and with the way in which ids are checked. */
export function checkedRevision(version: number, { stashIds }: Linked, endpoint: string): string {
  return `${version} ids ${idsOfBox(stashIds, endpoint).toSorted().join(' ')}`;
}
