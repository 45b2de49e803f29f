import { hasCode, messageOf } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import type { BuildRequest } from '../../../core/reference-packs/build.ts';
import { BOX_PEOPLE_LIST } from '../../../core/runs/tasks.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { requestUpdates } from './built-packs.ts';
import { writeJoined } from './join-boxes.ts';
import { currentRequest, isQueued, readRequests, updateRequest } from './requests.ts';
import { isOfBox, workOn, type BuildParts, type Fetched } from './work-on.ts';

/**
Brings the packs that were built here up to date: whom the stash-box has changed is looked at anew, who was deleted is dropped, and
who was merged is in the pack as the one they were merged into. A stash-box in trouble is left for the next time.
*/
export async function updatePacks(context: BuildParts, slice: Slice): Promise<'done' | 'yielded'> {
  const { log } = context;
  await requestUpdates(context);
  for (;;) {
    const request = (await readRequests(context)).find(({ what, isWanted }) => what === 'update' && isWanted);
    if (request === undefined) break;
    const fetched: Fetched = { downloads: null };
    try {
      const ended = await workOn(context, slice, request, fetched);
      if (ended === 'yielded') return 'yielded';
      log.info(inEnglish(ended));
    } catch (error) {
      // Without its key the box cannot be asked.
      if (!isOfBox(error) && !hasCode(error, 'bad-input', 'not-found')) throw error;
      log.warn(messageOf(error));
      await putOff(context, request);
    }
  }
  await writeJoined(context, slice);
  return 'done';
}

/** The run goes on with other work, so nothing of this may wait in the queue. */
async function putOff(context: Pick<Context, 'store'>, request: BuildRequest): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const { listing } = (await currentRequest(context, request)) ?? request;
    const hasQueue = isQueued(listing);
    if (hasQueue) await store.work.dropMissing(BOX_PEOPLE_LIST, 'box-performer', new Set());
    await updateRequest(context, request, {
      isWanted: false,
      listing: hasQueue ? { ...listing, step: 'queue', after: '' } : listing,
    });
  });
}
