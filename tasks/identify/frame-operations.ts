import type { ContentId } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { matchEntities, type MatchParts } from '../matching/match.ts';
import { openRecognizer, type RecognizerParts } from '../matching/recognizer.ts';
import { contentIdOf } from '../observe/content-ids.ts';
import { knownContentIds } from '../observe/observe-entity.ts';
import { observeFrameOf } from '../observe/observe-file.ts';
import { addPointedAt } from '../observe/pointed-at.ts';
import type { Operations } from '../runs/task.ts';
import { readEntity } from '../suggestions/read.ts';
import { viewFaces } from './operations.ts';

export const frameOperations: Pick<Operations, 'frame.identify'> = {
  /** Of a scene's first file, which is the one that Stash plays. */
  'frame.identify': async (context, { sceneId, timeMs, region }) => {
    const item = await readEntity(context, { kind: 'scene', id: sceneId });
    const [file] = item.files;
    if (file === undefined)
      throw new StashSenseError(
        'unreadable-media',
        message('media.noneReadable', { item: nameOfEntity(item) }),
      );
    const contentId = await contentIdOf(context.hashes, 'scene', file);
    const seen = await observeFrameOf(context, file, { contentId, timeMs, region });
    // Somebody may have excluded it while it was looked at.
    await context.exclusions.check(item);
    const keys = await addPointedAt(context, seen);
    if (keys.length > 0) await matchAnew(context, item, contentId);
    const identified = await context.store.identifications.get(item);
    const found = (identified?.persons ?? []).filter(({ members }) =>
      members.some((member) => member.contentId === contentId && keys.includes(member.personKey)),
    );
    return { found: found.map(({ key }) => key), faces: await viewFaces(context, item) };
  },
};

async function matchAnew(
  context: RecognizerParts & MatchParts,
  item: StashEntity,
  contentId: ContentId,
): Promise<void> {
  const { store } = context;
  if (!(await store.observations.contentOf(item)).includes(contentId)) {
    const ids = knownContentIds('scene', item.files);
    await store.observations.link(item, item.title, ids.includes(contentId) ? ids : [contentId]);
  }
  await store.identifications.notePerformers([item]);
  await store.credits.note([item], { isMatchedNext: true });
  await matchEntities(context, await openRecognizer(context, 'few probes'), [item]);
}
