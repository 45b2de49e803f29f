/** The stash IDs of one performer, box by box, and what is suggested about them. */
import { scalarOf, stashIdsOf } from '../../../core/changes/values.ts';
import type { Input, Output } from '../../../core/contract/operations.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { Context } from '../../runs/task.ts';
import { viewSuggestion } from '../../suggestions/views/index.ts';
import { endpointOf, openOf } from '../store-found.ts';
import { readPerformer } from './profile.ts';

type View = Output<'stashIds.ofPerformer'>;

/** @throws StashSenseError */
export async function viewBoxes(
  context: Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'vision'>,
  { performerId }: Input<'stashIds.ofPerformer'>,
): Promise<View> {
  const { store, stashBoxes } = context;
  const object = await readPerformer(context, performerId);
  const stashIds = stashIdsOf(object.values);
  const known = await stashBoxes.list();
  // Ids of stash-boxes that the settings do not have any more are shown too.
  const others = stashIds
    .map(({ endpoint }) => endpoint)
    .filter(
      (endpoint, at, all) => all.indexOf(endpoint) === at && !known.some((box) => box.endpoint === endpoint),
    )
    .map((endpoint) => ({ endpoint, name: shownBox(endpoint), hasKey: false }));
  const open = await openOf(context, performerId);
  const suggestions = await Promise.all(
    open.map(async (suggestion) => ({
      at: endpointOf(suggestion),
      view: await viewSuggestion(context, suggestion),
    })),
  );
  const boxes: View['boxes'] = [];
  for (const { endpoint, name, hasKey } of [...known, ...others]) {
    const lookUp = (await store.boxLookUps.of(endpoint, [performerId])).get(performerId);
    boxes.push({
      endpoint,
      name: name === '' ? shownBox(endpoint) : name,
      hasKey,
      ids: stashIds.flatMap((one) => (one.endpoint === endpoint ? [one.stashId] : [])),
      lookedUpAt: lookUp?.at ?? null,
      trouble: hasKey ? await stashBoxes.trouble(endpoint) : null,
      suggestions: suggestions.filter(({ at }) => at === endpoint).map(({ view }) => view),
    });
  }
  return {
    name: object.title,
    disambiguation: String(scalarOf(object.values, 'disambiguation') ?? ''),
    boxes,
  };
}
