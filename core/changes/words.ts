/** Changes as people read them. Free of packages: the page carries it. */
import { joined, message, type Message, type MessageValue } from '../messages/message.ts';
import type { ChangeCount } from './batch.ts';
import type { Change, FieldChange, Scalar } from './change.ts';
import { PICTURE } from './picture.ts';
import { textOf } from './values.ts';

/** Fields whose value is the id of a studio. */
const STUDIOS = new Set(['studio', 'parent']);

export function wordsOf(field: string, value: Scalar): MessageValue {
  if (value === null) return message('changes.noValue');
  if (field === PICTURE) return message('changes.aPicture');
  if (typeof value === 'boolean') return message(value ? 'changes.yes' : 'changes.no');
  return STUDIOS.has(field) ? message('stash.entity', { kind: 'studio', id: value }) : value;
}

/** "title: A → B". Null for performers and tags, which the summary of an entry names. */
export function lineOf(change: Change): Message | null {
  if (change.op === 'set')
    return message('changes.set', {
      field: fieldName(change),
      before: wordsOf(change.field, change.before),
      after: wordsOf(change.field, change.after),
    });
  if (change.op !== 'add' && change.op !== 'remove') return null;
  if (change.field === 'performers' || change.field === 'tags') return null;
  const values = change.values.map(textOf).join(', ');
  return change.op === 'add'
    ? message('changes.added', { field: fieldName(change), values })
    : message('changes.removed', { field: fieldName(change), values });
}

/** "60 performers added, 2 tags added". Null for nothing. */
export function countsLine(counts: readonly ChangeCount[]): Message | null {
  return joined(
    counts.map(({ op, what, count }) => message('changes.count', { op, what, count })),
    'joinedByComma',
  );
}

function fieldName({ field }: FieldChange): Message {
  return message('changes.field', { field });
}
