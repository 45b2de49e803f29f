/** Which other stash-box has an id that this one does not know. */
import { hasCode, messageOf, saidOf } from '../../../core/errors.ts';
import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import type { Context } from '../../runs/task.ts';
import { isOfBox } from '../of-box.ts';

export type FoundElsewhere<One = BoxPerformer> = { readonly endpoint: string; readonly theirs: One };

export type Elsewhere<One = BoxPerformer> = {
  /** By id. Null: a box that could have it does not answer at the moment. Absent: none has it. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, FoundElsewhere<One> | null>>;
};

/** A box that has been silent for so long may never answer again: what could be its id waits no longer. */
const GIVEN_UP_AFTER_MS = 2 * 86_400_000;

/** To be called when a stash-box has answered: it is silent anew if it fails later. */
export async function noteAnswer({ store }: Pick<Context, 'store'>, endpoint: string): Promise<void> {
  const since = `stash-box-silent-since:${endpoint}` as const;
  if ((await store.state.get(since)) !== null) await store.state.delete(since);
}

/**
Of a box that fails nothing more is asked by this process.
@param endpoint the one that does not know them
@param askFor as `StashBoxClient.performers` answers
*/
export function createElsewhere<One extends { readonly deleted: boolean }>(
  { store, stashBoxes, now, log }: Pick<Context, 'store' | 'stashBoxes' | 'now' | 'log'>,
  endpoint: string,
  askFor: (client: StashBoxClient, ids: readonly string[]) => Promise<ReadonlyMap<string, One | null>>,
): Elsewhere<One> {
  /** Of those that failed, whether their answer is still waited for. */
  const silent = new Map<string, boolean>();

  /** Null: it does not answer. */
  async function ask(box: string, ids: readonly string[]): Promise<ReadonlyMap<string, One | null> | null> {
    if (silent.has(box)) return null;
    const since = `stash-box-silent-since:${box}` as const;
    try {
      // It keeps the other boxes waiting for seconds, not for as long as its own run would wait for it.
      const answered = await askFor(await stashBoxes.open(box, { isAwaited: true }), ids);
      await noteAnswer({ store }, box);
      return answered;
    } catch (error) {
      if (!isOfBox(error)) throw error;
      log.warn(messageOf(error));
      // One that does not take the key is as one without.
      const isClosed = hasCode(error, 'stash-box-refused', 'not-found');
      // One that asks for a pause is there.
      if (saidOf(error).id === 'stashBox.asksToWait') {
        silent.set(box, true);
        return null;
      }
      const first = (await store.state.get(since)) ?? now();
      if (!isClosed) await store.state.set(since, first);
      silent.set(box, !isClosed && now() - first < GIVEN_UP_AFTER_MS);
      return null;
    }
  }

  return {
    async of(ids) {
      const found = new Map<string, FoundElsewhere<One> | null>();
      if (ids.length === 0) return found;
      for (const box of await stashBoxes.list()) {
        if (!box.hasKey || box.endpoint === endpoint) continue;
        const answered = await ask(box.endpoint, ids);
        for (const id of ids) {
          const theirs = answered?.get(id);
          if (theirs != null && !theirs.deleted) found.set(id, { endpoint: box.endpoint, theirs });
          else if (theirs === undefined && silent.get(box.endpoint) !== false && !found.has(id))
            found.set(id, null);
        }
      }
      return found;
    },
  };
}
