import type { StashIdValue } from '../changes/change.ts';
import type { StashPerformer } from '../ports/library.ts';
import { keyOfStashId } from '../reference-packs/reference-pack.ts';
import type { Dismissal } from '../suggestions/dismissal.ts';

/** This performer is not that one of a stash-box. */
export function stashIdDismissal(stashId: StashIdValue, performer: StashPerformer): Dismissal {
  return { key: `performer-stash-id ${keyOfStashId(stashId)}`, performer };
}

/** This id of the performer is right, whatever the stash-box says. */
export function repairDismissal(wrong: StashIdValue, performer: StashPerformer): Dismissal {
  return { key: `stash-id-repair ${keyOfStashId(wrong)}`, performer };
}
