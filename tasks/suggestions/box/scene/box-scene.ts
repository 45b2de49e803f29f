/** A scene of a stash-box with all that is published of it. */
import type { StashIdValue } from '../../../../core/changes/change.ts';
import { StashSenseError } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import type { BoxSceneProfile } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { shownBox } from '../../../../core/reference-packs/box-address.ts';
import type { Context } from '../../../runs/task.ts';
import { openAwaited } from '../box-performer.ts';

/**
@param name of whose scene it is, for the error
@throws StashSenseError `not-found`: there is no key for the box, or it has no such scene; or what its client says
*/
export async function askForScene(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  { endpoint, stashId }: StashIdValue,
  name: string,
): Promise<{ readonly client: StashBoxClient; readonly profile: BoxSceneProfile }> {
  const box = shownBox(endpoint);
  const client = await openAwaited({ stashBoxes }, await stashBoxes.list(), endpoint);
  const profile = (await client.sceneProfiles([stashId])).get(stashId);
  if (profile === undefined)
    throw new StashSenseError(
      'stash-box-failed',
      message('stashBox.unreadableScene', { name: box, id: stashId }),
    );
  if (profile === null || profile.deleted)
    throw new StashSenseError('not-found', message('sceneOffers.notInBox', { box, name }));
  return { client, profile };
}
