/** Stash IDs that two performers of the user have, of whom one is somebody else. */
import { compareWithBox, type ComparedPerformer } from '../../core/stash-box/compare.ts';
import type { BoxPerformer } from '../../core/ports/stash-box.ts';
import { keyOfStashId } from '../../core/reference-packs/reference-pack.ts';
import { speaksAgainst, speaksFor } from '../../core/stash-box/rate.ts';
import type { LinkSign } from '../../core/stash-box/signs.ts';
import type { Context } from '../runs/task.ts';
import type { BoxFaces } from './faces.ts';
import type { Holders } from './holders.ts';
import { readPerformers, referencesOf } from './performers.ts';

type Parts = Pick<Context, 'store' | 'library' | 'vision'>;
type Performer = ComparedPerformer & { readonly id: string };

export type SharedIds = {
  /** Whether this one, of several who have the id, is not who it means, and another one is. A name alone never says so. */
  isSomebodyElse(performer: Performer, theirs: BoxPerformer): Promise<boolean>;
  /** What all but the id says of them: more than a name has to object. */
  agreement(performer: Performer, theirs: BoxPerformer): Promise<'is' | 'is not' | 'unknown'>;
};

export function openSharedIds(
  context: Parts,
  {
    faces,
    holders,
    endpoint,
  }: { readonly faces: BoxFaces; readonly holders: Holders; readonly endpoint: string },
): SharedIds {
  const signsOf = async (performer: Performer, theirs: BoxPerformer): Promise<LinkSign[]> => {
    const face = faces.compare(await referencesOf(context, performer), theirs.id)?.face ?? null;
    // That both have the id says nothing here.
    return [
      ...compareWithBox({ ...performer, stashIds: [] }, theirs, endpoint),
      ...(face === null ? [] : [face]),
    ];
  };

  return {
    async agreement(performer, theirs) {
      const signs = await signsOf(performer, theirs);
      if (speaksAgainst(signs)) return 'is not';
      return speaksFor(signs) ? 'is' : 'unknown';
    },

    async isSomebodyElse(performer, theirs) {
      const key = keyOfStashId({ endpoint, stashId: theirs.id });
      const ids = (await holders()).get(key) ?? [];
      const others = ids.filter((id) => id !== performer.id);
      if (others.length === 0 || !speaksAgainst(await signsOf(performer, theirs))) return false;
      for (const other of await readPerformers(context, others)) {
        // The store may be older than Stash: it was taken off since.
        if (!other.stashIds.some((one) => keyOfStashId(one) === key)) continue;
        const signs = await signsOf(other, theirs);
        if (!speaksAgainst(signs) && speaksFor(signs)) return true;
      }
      return false;
    },
  };
}
