/** Why a stash ID is wrong, as far as the ids of stash-boxes say it. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { boxIdIn, toBoxId } from '../../../core/stash-box/box-id.ts';
import type { Merged } from '../../suggestions/box/follow-merges.ts';
import type { FoundElsewhere } from './elsewhere.ts';
import type { Repair } from './offers.ts';

type Elsewhere<One> = ReadonlyMap<string, FoundElsewhere<One> | null>;

/** The stash-box could not say what the id means, or another one that could have it could not. */
export function isUnanswered<One>(stashId: string, merged: Merged<One>, elsewhere: Elsewhere<One>): boolean {
  const boxId = boxIdIn(stashId);
  if (boxId === null) return false;
  return merged.of(boxId) === undefined || elsewhere.get(boxId) === null;
}

/** Null: the id is right, or nothing can be said of it. */
export function repairOf<One extends { readonly id: string }>(
  wrong: StashIdValue,
  merged: Merged<One>,
  elsewhere: Elsewhere<One>,
): Repair<One> | null {
  const boxId = boxIdIn(wrong.stashId);
  if (boxId === null) return { wrong, right: null, reason: 'malformed', theirs: null };
  const theirs = merged.of(boxId);
  if (theirs === undefined) return null;
  const at = (stashId: string): StashIdValue => ({ endpoint: wrong.endpoint, stashId });
  if (theirs !== null) {
    if (theirs.id !== boxId) return { wrong, right: at(theirs.id), reason: 'merged', theirs };
    return wrong.stashId === boxId ? null : { wrong, right: at(boxId), reason: 'malformed', theirs };
  }
  const other = elsewhere.get(boxId);
  if (other === null) return null;
  if (other !== undefined)
    return {
      wrong,
      right: { endpoint: other.endpoint, stashId: boxId },
      reason: 'otherBox',
      theirs: other.theirs,
    };
  return {
    wrong,
    right: null,
    reason: toBoxId(wrong.stashId) === null ? 'malformed' : 'deleted',
    theirs: null,
  };
}
