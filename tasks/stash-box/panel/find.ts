/** Looks one performer up at one stash-box while the user waits, as a run of *Link stash-box IDs* does. */
import type { Input, Output } from '../../../core/contract/operations.ts';
import { message } from '../../../core/messages/message.ts';
import { checkAnalyzer, linkAnalyzer } from '../../../core/stash-box/analyzers.ts';
import { performerGone } from '../../suggestions/write-parts.ts';
import { checkIds } from '../check-ids.ts';
import { findLinks, openLookUp, toUnlinkedAll, type LinkParts } from '../look-up.ts';
import { isLinkedTo, readPerformers } from '../performers.ts';
import { closeAll, storeFound } from '../store-found.ts';

/**
Who they can be there; of who has an id there, whether it is right.
@throws StashSenseError
*/
export async function findPerformer(
  parts: LinkParts,
  { performerId, endpoint }: Input<'stashIds.findOne'>,
): Promise<Output<'stashIds.findOne'>> {
  const context: LinkParts = { ...parts, waiting: 'for a person' };
  const { stashBoxes, exclusions, referencePacks } = context;
  await exclusions.check({ kind: 'performer', id: performerId });
  const performers = await readPerformers(context, [performerId]);
  if (performers.length === 0) throw performerGone(message('stash.performer', { id: performerId }));
  const lookUp = await openLookUp(context, await stashBoxes.open(endpoint, { isAwaited: true }));
  if (performers.some(isLinkedTo(endpoint))) {
    await closeAll(context, 'performer', linkAnalyzer(endpoint), performers);
    const { isWhole } = await checkIds(context, lookUp, performers);
    return { isWhole };
  }
  await closeAll(context, 'performer', checkAnalyzer(endpoint), performers);
  const unlinked = await toUnlinkedAll(context, endpoint, await referencePacks.revision(), performers);
  const found = await findLinks(context, lookUp, unlinked);
  const stored = await storeFound(context, { endpoint, analyzer: linkAnalyzer(endpoint) }, found);
  return { isWhole: stored.length === found.length && stored.every(({ isWhole }) => isWhole) };
}
