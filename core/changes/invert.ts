/** The way back from changes that were made, field by field. */
import { message, type Message } from '../messages/message.ts';
import { nameOfObject } from '../messages/names.ts';
import type { FieldChange, StashObject } from './change.ts';
import { changedMeanwhile, dueChanges, type Due } from './plan.ts';
import { staysForGood } from './picture.ts';
import { listOf, scalarOf, within, without } from './values.ts';

/**
What to write so that these changes are as if they had never been. What is back already is left out. A value that somebody
changed since is theirs: then nothing is reverted.
*/
export function inverseOf(made: readonly FieldChange[], object: StashObject): Due {
  const changes = made.filter((change) => !staysForGood(change));
  for (const change of changes) {
    if (change.op !== 'set') continue;
    const now = scalarOf(object.values, change.field);
    if (now !== change.after && now !== change.before)
      return { refused: changedMeanwhile(change, object, change.after) };
  }
  return dueChanges(changes.map(inverted), object);
}

function inverted(change: FieldChange): FieldChange {
  if (change.op === 'set') return { ...change, before: change.after, after: change.before };
  return { ...change, op: change.op === 'add' ? 'remove' : 'add' };
}

/** Whether the object is as it was before these changes, as far as they tell. */
export function isReverted(changes: readonly FieldChange[], { values }: StashObject): boolean {
  return changes.every((change) => {
    if (staysForGood(change)) return true;
    if (change.op === 'set') return scalarOf(values, change.field) === change.before;
    const there = listOf(values, change.field);
    return change.op === 'add'
      ? within(change.values, there).length === 0
      : without(change.values, there).length === 0;
  });
}

/** Whether a part of these changes is reverted and a part is not: an undo was cut short between two requests. */
export function isPartlyReverted(changes: readonly FieldChange[], object: StashObject): boolean {
  return (
    !isReverted(changes, object) &&
    changes.some((change) => !staysForGood(change) && isReverted([change], object))
  );
}

export function changedBack(summary: Message, object: StashObject): Due {
  return { refused: message('undo.changedBack', { summary, item: nameOfObject(object) }) };
}
