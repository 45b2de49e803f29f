import type { TaskArgs } from '../../../core/runs/task-args.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import { idsAsked, openRequests } from '../requests.ts';

/** What the runs of *Link scenes* are asked for. */
export const sceneLinkRequests = openRequests<SceneLinkRequest>({
  mode: 'link-scenes',
  read: (store) => store.state.get('scene-links'),
  write: (store, requests) => store.state.set('scene-links', requests),
});

/** @throws StashSenseError `bad-input` without a stash-box that can be asked */
export async function requestSceneLinks(
  context: Parameters<typeof sceneLinkRequests.add>[0],
  { scene_ids: ids, endpoint, force }: TaskArgs<'link-scenes'>,
): Promise<void> {
  await sceneLinkRequests.add(context, endpoint, { sceneIds: idsAsked(ids), force });
}
