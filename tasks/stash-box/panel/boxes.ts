/** The stash IDs of one performer, box by box, and what is suggested about them. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { listOf, scalarOf } from '../../../core/changes/values.ts';
import type { Input, Output } from '../../../core/contract/operations.ts';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { Context } from '../../runs/task.ts';
import { viewSuggestion } from '../../suggestions/views/index.ts';
import { performerGone } from '../../suggestions/write-parts.ts';

type View = Output<'stashIds.ofPerformer'>;

const KINDS: readonly SuggestionKind[] = ['performer-stash-id', 'stash-id-repair'];
/** More than are suggested of one performer. */
const MAX_SUGGESTIONS = 200;

/** @throws StashSenseError */
export async function viewBoxes(
  context: Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'vision'>,
  { performerId }: Input<'stashIds.ofPerformer'>,
): Promise<View> {
  const { store, library, exclusions, stashBoxes } = context;
  const entity = { kind: 'performer', id: performerId } as const;
  await exclusions.check(entity);
  const object = await library.object(entity);
  if (object === null) throw performerGone(message('stash.performer', { id: performerId }));
  const stashIds = listOf(object.values, 'stashIds') as readonly StashIdValue[];
  const known = await stashBoxes.list();
  // Ids of stash-boxes that the settings do not have any more are shown too.
  const others = stashIds
    .map(({ endpoint }) => endpoint)
    .filter(
      (endpoint, at, all) => all.indexOf(endpoint) === at && !known.some((box) => box.endpoint === endpoint),
    )
    .map((endpoint) => ({ endpoint, name: shownBox(endpoint), hasKey: false }));
  const open = (
    await store.suggestions.list({ entity, state: 'open' }, 'confidence', MAX_SUGGESTIONS, 0)
  ).items.filter(({ kind }) => KINDS.includes(kind));
  const suggestions = await Promise.all(open.map((suggestion) => viewSuggestion(context, suggestion)));
  const boxes: View['boxes'] = [];
  for (const { endpoint, name, hasKey } of [...known, ...others]) {
    const lookUp = (await store.boxLookUps.of(endpoint, [performerId])).get(performerId);
    boxes.push({
      endpoint,
      name: name === '' ? shownBox(endpoint) : name,
      hasKey,
      ids: stashIds.flatMap((one) => (one.endpoint === endpoint ? [one.stashId] : [])),
      lookedUpAt: lookUp?.at ?? null,
      suggestions: suggestions.filter((one) => endpointOf(one) === endpoint),
    });
  }
  return {
    name: object.title,
    disambiguation: String(scalarOf(object.values, 'disambiguation') ?? ''),
    boxes,
  };
}

function endpointOf({ payload }: View['boxes'][number]['suggestions'][number]): string | null {
  if ('stashId' in payload) return payload.stashId.endpoint;
  return 'wrong' in payload ? payload.wrong.endpoint : null;
}
