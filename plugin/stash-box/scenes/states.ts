/** Whether a stash-box still has scenes, and into which ones it has merged them. */
import { z } from 'zod';
import type { BoxScenes, BoxSceneState } from '../../../core/ports/boxes/box-scenes.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import { Id, Image, list, LONGEST_NAME, orNull, PartialDate, text } from '../performer.ts';
import { sceneMergesDocument, sceneStatesDocument } from '../questions/documents.ts';
import { byIdAsAsked, validIds, type Parts } from './casts.ts';

/** Each is found by its key, and has no list but that of its pictures. */
const AT_ONCE = 50;

export function createSceneStates({
  eachOf,
  features,
}: Pick<Parts, 'eachOf' | 'features'>): Pick<BoxScenes, 'sceneStates' | 'sceneMerges'> {
  return {
    async sceneStates(ids) {
      const found = new Map<string, BoxSceneState | null>();
      const take = (id: string, answered: unknown): void => {
        if (answered === null) found.set(id, null);
        const state = toState(answered);
        if (state?.id === id) found.set(id, state);
      };
      await eachOf(validIds(ids), sceneStatesDocument, take, AT_ONCE);
      const none = ids.filter((id) => toBoxId(id) === null).map((id) => [id, null] as const);
      return new Map([...none, ...byIdAsAsked(ids, found)]);
    },

    async sceneMerges(ids) {
      const found = new Map<string, string | null>();
      if (!(await features()).query.has('queryEdits')) return found;
      const take = (id: string, answered: unknown): void => {
        const read = Edits.safeParse(answered).data;
        // As a source a scene is in one edit that was applied: it is deleted by it. In others it was the target before.
        if (read !== undefined)
          found.set(id, read.edits.find(({ sources }) => sources.includes(id))?.target ?? null);
      };
      await eachOf(validIds(ids), (_, count) => sceneMergesDocument(count), take);
      return byIdAsAsked(ids, found);
    },
  };
}

const State = z.object({
  id: Id,
  deleted: orNull(z.boolean()),
  title: text(LONGEST_NAME),
  release_date: PartialDate,
  date: PartialDate,
  studio: orNull(z.object({ name: text(LONGEST_NAME) })),
  images: list(Image),
});

/** Null: what came is no scene. */
function toState(answered: unknown): BoxSceneState | null {
  const parsed = State.safeParse(answered);
  if (!parsed.success) return null;
  const { id, deleted, title, release_date: released, date, studio, images } = parsed.data;
  return {
    id,
    deleted: deleted ?? false,
    title: title ?? '',
    date: released ?? date,
    studio: studio?.name ?? null,
    imageId: images[0]?.id ?? null,
  };
}

const SceneId = z
  .object({ id: z.string() })
  .transform(({ id }) => toBoxId(id))
  .pipe(z.string());
const Edit = z
  .object({
    operation: z.literal('MERGE'),
    applied: z.literal(true),
    target: SceneId,
    merge_sources: z.array(SceneId),
  })
  .transform(({ target, merge_sources: sources }) => ({ target, sources }));
const Edits = z.object({ edits: z.array(Edit) });
