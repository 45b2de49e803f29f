import type { Input, Output } from '../../../../core/contract/operations.ts';
import { nameInSettings } from '../../../../core/reference-packs/box-address.ts';
import type { Context } from '../../../runs/task.ts';
import { chooseBox, chosenBoxes, countsOf } from './given.ts';

type Parts = Pick<Context, 'store' | 'stashBoxes'>;
type View = Output<'fingerprints.view'>;

/** Accepted suggestions that are read at once. */
const PAGE = 500;

/** The stash-boxes that can be given fingerprints, and what they were given. */
export async function viewFingerprints(context: Parts): Promise<View> {
  const chosen = await chosenBoxes(context);
  const linked = await linkedAt(context);
  const boxes: View['boxes'] = [];
  for (const { endpoint, name, hasKey } of await context.stashBoxes.list())
    if (hasKey)
      boxes.push({
        endpoint,
        name: nameInSettings({ endpoint, name }),
        isOn: chosen.includes(endpoint),
        linked: linked.get(endpoint) ?? 0,
        ...(await countsOf(context, endpoint)),
      });
  return { boxes };
}

export async function setFingerprints(
  context: Parts,
  { endpoint, isOn }: Input<'fingerprints.set'>,
): Promise<View> {
  await chooseBox(context, endpoint, isOn);
  return await viewFingerprints(context);
}

/** By endpoint, how many scenes the user linked there by suggestions. */
async function linkedAt({ store }: Pick<Context, 'store'>): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const filter = { kind: 'scene-stash-id', state: 'accepted' } as const;
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.suggestions.list(filter, 'newest', PAGE, offset);
    for (const { payload } of items)
      counts.set(payload.stashId.endpoint, (counts.get(payload.stashId.endpoint) ?? 0) + 1);
    if (items.length < PAGE) return counts;
  }
}
