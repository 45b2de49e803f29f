/** What both kinds of suggestions that correct a stash ID have in common. */
import type { StashIdValue, StashObject } from '../../../core/changes/change.ts';
import { isSameValue, stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { Store } from '../../../core/ports/store.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { changesOfCorrection, type Correction } from '../../../core/suggestions/kinds/correction.ts';
import type { Suggestion, SuggestionState } from '../../../core/suggestions/suggestion.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { AcceptPlan } from './planner.ts';

export type Corrected = {
  /** Null: it is as proposed already. */
  readonly plan: AcceptPlan | null;
  /** What it is to get and does not have; null: nothing. */
  readonly added: StashIdValue | null;
  /** What it keeps. */
  readonly others: readonly StashIdValue[];
};

/**
The wrong stash ID is taken off, and the right one added in its place.
@throws StashSenseError `changed-since`: it has neither
*/
export function planCorrection(object: StashObject, { wrong, right }: Correction): Corrected {
  const { entity, identity, title: name, values } = object;
  const known = stashIdsOf(values);
  const others = known.filter((one) => !isSameValue(one, wrong));
  const added = right === null || others.some((one) => isSameValue(one, right)) ? null : right;
  if (others.length === known.length) {
    if (added === null) return { plan: null, added, others };
    const box = shownBox(wrong.endpoint);
    throw new StashSenseError('changed-since', message('stashIds.wrongIsGone', { name, box }));
  }
  const changes = changesOfCorrection(entity, { wrong, right: added });
  const summary = message(right === null ? 'history.tookOffStashId' : 'history.correctedStashId', { name });
  return { plan: { entity, identity, changes, addTags: [], summary, face: null }, added, others };
}

/**
@param repairs of the same object that are open: what another one corrects is not kept
@throws StashSenseError `changed-since`: it keeps another id of the stash-box
*/
export function checkNoOther(
  name: string,
  { added, others }: { readonly added: StashIdValue; readonly others: readonly StashIdValue[] },
  repairs: readonly { readonly payload: Correction }[],
): void {
  const kept = others.filter((one) => !repairs.some(({ payload }) => isSameValue(payload.wrong, one)));
  if (kept.some(({ endpoint }) => endpoint === added.endpoint))
    throw new StashSenseError(
      'changed-since',
      message('stashIds.hasAnother', { name, box: shownBox(added.endpoint) }),
    );
}

/** Accepted suggestions that linked the object to the wrong ID are over: it was corrected, and not taken off in Stash. */
export async function closeCorrectedLinks(
  suggestions: Store['suggestions'],
  links: { readonly kind: 'performer-stash-id' | 'scene-stash-id'; readonly entity: StashRef },
  wrong: StashIdValue,
): Promise<void> {
  const filter = { ...links, state: ['accepted', 'removed'] } as const;
  for (const { id, payload } of (await suggestions.list(filter, 'newest', MAX_OF_ONE, 0)).items)
    if (isSameValue(payload.stashId, wrong))
      await suggestions.changeState(id, ['accepted', 'removed'], 'stale');
}

/** More links, or corrections, than are suggested of one object. */
export const MAX_OF_ONE = 100;

export function refusalOfCorrection(
  { entityTitle: name }: Pick<Suggestion, 'entityTitle'>,
  state: Exclude<SuggestionState, 'open'>,
): Message {
  return state === 'accepted'
    ? message('stashIds.wasCorrected', { name })
    : message('stashIds.repairRefused', { state, name });
}
