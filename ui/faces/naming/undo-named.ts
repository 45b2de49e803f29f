import type { Ask, Output } from '../../../core/contract/operations.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { EntityRef } from '../../stash/library.ts';
import type { ask as askNode } from '../../stash/operations.ts';

type Undone = {
  /** Why a write could not be undone; null: all were. */
  readonly refusal: Message | null;
  /** What was thrown where a face could not be forgotten, or the person not be hidden again. */
  readonly failures: readonly unknown[];
};

/**
Takes back what `faces.name` answered: what was added is undone, what was only learnt, where the performer was already, is
forgotten, and who was nobody of interest before is that again.
@param asked the faces that were named
*/
export async function undoNamed(
  ask: typeof askNode,
  { batchId, added, there, performerId, wereHidden = [] }: Output<'faces.name'>,
  asked: Ask<'faces.name'>['faces'],
): Promise<Undone> {
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  const [first] = added.length > 0 ? (await ask('journal.undo', { batchId })).refused : [];
  if (performerId !== null)
    for (const face of asked.filter((one) => there.some((ref) => isSame(ref, one.entity))))
      await ask('faces.unname', { ...face, performerId }).catch(note);
  if (first === undefined && failures.length === 0)
    for (const face of wereHidden) await ask('faces.hide', face).catch(note);
  return { refusal: first?.reason ?? null, failures };
}

function isSame(a: EntityRef, b: EntityRef): boolean {
  return a.kind === b.kind && a.id === b.id;
}
