/** What both kinds of suggestions that correct a stash ID have in common. */
import type { FieldChange, StashIdValue, StashObject } from '../../../core/changes/change.ts';
import { isSameValue, stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { AcceptPlan } from './planner.ts';

export type Correction = { readonly wrong: StashIdValue; readonly right: StashIdValue | null };

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
  const changes: FieldChange[] = [{ op: 'remove', entity, field: 'stashIds', values: [wrong] }];
  if (added !== null) changes.push({ op: 'add', entity, field: 'stashIds', values: [added] });
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
