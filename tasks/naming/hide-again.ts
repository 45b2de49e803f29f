import type { Input, Output } from '../../core/contract/operations.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Context } from '../runs/task.ts';
import { hide, type HidingParts } from './nobody.ts';

/**
Who was nobody of interest until a name was written is so again, once that write is undone. An undo that was cut off before it
could hide them does so when it is asked for by its ids once more.
*/
export async function hideAgain(
  context: HidingParts & Pick<Context, 'log'>,
  input: Input<'journal.undo'>,
  { undone }: Pick<Output<'journal.undo'>, 'undone'>,
): Promise<void> {
  const { store, log } = context;
  for (const id of new Set([...undone, ...('ids' in input ? input.ids : [])])) {
    const face = await store.state.get(`hidden-before:${id}`);
    if (face === null || (await store.journal.get(id))?.state !== 'undone') continue;
    try {
      await hide(context, face);
    } catch (error) {
      // The face is gone: there is nobody to hide, and the undo holds.
      logFault(log, error);
    }
    await store.state.delete(`hidden-before:${id}`);
  }
}
