/** The stash IDs of one performer, box by box, and what is suggested about them. */
import { scalarOf, stashIdsOf } from '../../../core/changes/values.ts';
import type { Input, Output } from '../../../core/contract/operations.ts';
import type { Context } from '../../runs/task.ts';
import { viewSuggestion } from '../../suggestions/views/index.ts';
import { endpointOf, openOf } from '../store-found.ts';
import { readPerformer } from './profile.ts';
import { boxRows } from './rows.ts';

/** @throws StashSenseError */
export async function viewBoxes(
  context: Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'vision'>,
  { performerId }: Input<'stashIds.ofPerformer'>,
): Promise<Output<'stashIds.ofPerformer'>> {
  const { store } = context;
  const object = await readPerformer(context, performerId);
  const open = await openOf(context, { kind: 'performer', id: performerId });
  const suggested = await Promise.all(
    open.map(async (suggestion) => ({
      at: endpointOf(suggestion),
      view: await viewSuggestion(context, suggestion),
    })),
  );
  return {
    name: object.title,
    disambiguation: String(scalarOf(object.values, 'disambiguation') ?? ''),
    boxes: await boxRows(context, {
      stashIds: stashIdsOf(object.values),
      suggested,
      lookedUpAt: async (endpoint) =>
        (await store.boxLookUps.of(endpoint, [performerId])).get(performerId)?.at ?? null,
    }),
  };
}
