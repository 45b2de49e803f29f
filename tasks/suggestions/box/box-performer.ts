/** Somebody of a stash-box, asked for by an id that may have been merged since. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { saidOf, StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { BoxPerformer, StashBox, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { Context } from '../../runs/task.ts';
import { followMerges } from './follow-merges.ts';

type Parts = Pick<Context, 'stashBoxes'>;

/**
@param name of whom is meant, for the error
@throws StashSenseError `not-found`: there is no key for the box, or it has nobody of this id; or what its client says
*/
export async function askForPerformer(
  { stashBoxes }: Parts,
  boxes: readonly StashBox[],
  { endpoint, stashId }: StashIdValue,
  name: string,
): Promise<{ readonly client: StashBoxClient; readonly performer: BoxPerformer }> {
  const box = shownBox(endpoint);
  const client = await openAwaited({ stashBoxes }, boxes, endpoint);
  const merged = await followMerges(client, [stashId]);
  if (!merged.isAnswered(stashId))
    throw new StashSenseError(
      'stash-box-failed',
      message('stashBox.unreadablePerformer', { name: box, id: stashId }),
    );
  const performer = merged.of(stashId);
  if (performer == null)
    throw new StashSenseError('not-found', message('packPeople.notInBox', { box, name }));
  return { client, performer };
}

/**
For somebody who waits for the answer.
@throws StashSenseError `not-found`: there is no key for the box
*/
export async function openAwaited(
  { stashBoxes }: Parts,
  boxes: readonly StashBox[],
  endpoint: string,
): Promise<StashBoxClient> {
  if (!boxes.some((one) => one.endpoint === endpoint && one.hasKey))
    throw new StashSenseError('not-found', message('packPeople.noKey', { box: shownBox(endpoint) }));
  return await stashBoxes.open(endpoint, { isAwaited: true });
}

/** The wanted one, else the box's first, which is the one that Stash takes. */
export function bestImageId({ images }: BoxPerformer, wanted: string | null): string | null {
  return (images.find(({ id }) => id === wanted) ?? images[0])?.id ?? null;
}

/** A performer without their picture is better than none: why it is not there is said. */
export async function fetchPicture(
  client: StashBoxClient,
  { name }: Pick<BoxPerformer, 'name'>,
  imageId: string | null,
): Promise<{ readonly picture: Uint8Array | null; readonly note: Message | null }> {
  if (imageId === null) return { picture: null, note: null };
  try {
    return { picture: await client.picture({ id: imageId }, 'full'), note: null };
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    return { picture: null, note: message('packPeople.withoutPicture', { name, reason: saidOf(error) }) };
  }
}
