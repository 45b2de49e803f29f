import { identityOfMedia } from '../../core/changes/identity.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { hasCode, StashSenseError } from '../../core/errors.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { IDENTIFY_LIST } from '../../core/runs/tasks.ts';
import { sweepSuggestions } from '../accepted/sweep.ts';
import { batchOf } from '../suggestions/auto-accept.ts';
import { forEachItem } from '../runs/for-each-item.ts';
import { createObserveAndMatch, workOn } from './observe-and-match.ts';
import { defineTask, MORE, type Context, type Slice } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

const PAGE = 500;
/** Revision prefix of items that are observed anew even when they were observed before. */
const FORCE_PREFIX = 'again ';

/** Identifies the requested scenes and what else is on the list; without a request also the scenes with the tag of the settings. */
export const identify = defineTask({
  mode: 'identify',

  async prepare(context, { scene_ids: ids, force, requestId = String(context.now()) }) {
    const { scenes, excluded } =
      ids === undefined
        ? { scenes: await taggedScenes(context), excluded: null }
        : await scenesOf(context, ids);
    if (excluded !== null && scenes.length === 0) throw excluded;
    if (ids !== undefined && ids.length > 0 && scenes.length === 0)
      throw new StashSenseError('not-found', message('identify.noScene', { ids: ids.join(', ') }));
    await enqueueToIdentify(context, scenes, {
      force,
      requestId,
      priority: ids === undefined ? 'tagged' : 'waited for',
    });
  },

  /** Several requests of the page are one run: the first that begins does all of them. */
  isNeeded: async ({ store }, { scene_ids: ids }) =>
    ids === undefined || (await store.work.counts(IDENTIFY_LIST)).pending > 0,

  async work(context, { scene_ids: ids }, slice) {
    slice.progress.step(message('runs.step.scan'));
    const observeAndMatch = createObserveAndMatch(context);
    const end = await forEachItem(context, slice, IDENTIFY_LIST, async (work) => {
      if (work.title !== '') slice.progress.say(message('observe.isLookingAt', { title: work.title }));
      const { outcome, item } = await workOn(context, observeAndMatch, work, {
        force: work.revision.startsWith(FORCE_PREFIX),
        // Tagged scenes and what a list named are background work; what a page waits for is not.
        waiting: work.priority > 0 ? 'for a person' : 'in the background',
        began: async ({ title }) => {
          slice.progress.say(message('observe.isLookingAt', { title }));
          await giveTitle(context, work, title);
        },
      });
      // The tag asks for scenes; on others it is the user's own.
      if (item?.kind === 'scene') await takeTagOff(context, slice, item);
      return outcome;
    });
    if (end === 'yielded') return MORE;
    // After the scenes, since a person may wait for them.
    if ((await sweepSuggestions(context, slice)) === 'yielded') return MORE;
    const { done, skipped, failed } = slice.progress.snapshot();
    if (done + skipped + failed === 0 && ids === undefined)
      return {
        end: 'finished',
        message: message('identify.nothingTagged', { tag: context.settings.identifyTag }),
      };
    return { end: 'finished', message: message('identify.finished', { done, failed }) };
  },
});

/** Enqueues entities. `requestId` identifies the request: repeating it changes nothing. */
export async function enqueueToIdentify(
  { store }: Pick<Context, 'store'>,
  scenes: readonly StashEntity[],
  { force, requestId, priority }: { force: boolean; requestId: string; priority: 'tagged' | 'waited for' },
): Promise<void> {
  await store.work.enqueue(
    IDENTIFY_LIST,
    scenes.map(({ id, title }) => ({
      kind: 'scene',
      id,
      title,
      revision: `${force ? FORCE_PREFIX : ''}${requestId}`,
      // Requests of the page come before tagged scenes.
      priority: priority === 'waited for' ? 1 : 0,
    })),
    { isBackground: priority === 'tagged' },
  );
}

/** For the list of failures: what a list of Stash named was enqueued by its id alone. */
async function giveTitle(
  { store }: Pick<Context, 'store'>,
  { list, kind, id, title: known }: WorkItem,
  title: string,
): Promise<void> {
  if (known !== '' || title === '') return;
  await store.transaction(
    async () => {
      const item = await store.work.get(list, kind, id);
      // With its revision nothing else of it changes.
      if (item !== null) await store.work.enqueue(list, [{ ...item, title }]);
    },
    { durable: false },
  );
}

async function taggedScenes({
  library,
  settings,
}: Pick<Context, 'library' | 'settings'>): Promise<StashEntity[]> {
  const tagId = await library.findTag(settings.identifyTag);
  if (tagId === null) return [];
  const scenes: StashEntity[] = [];
  for (;;) {
    const page = await library.entitiesAfter('scene', scenes.at(-1)?.id ?? '0', PAGE, { tagId });
    scenes.push(...page);
    if (page.length < PAGE) return scenes;
  }
}

/** `excluded`: why one of them is not looked at; null: none of them is excluded. */
async function scenesOf(
  { library }: Pick<Context, 'library'>,
  ids: readonly string[],
): Promise<{ scenes: StashEntity[]; excluded: StashSenseError | null }> {
  const scenes: StashEntity[] = [];
  let excluded: StashSenseError | null = null;
  for (const id of new Set(ids))
    try {
      const scene = await library.item({ kind: 'scene', id });
      if (scene !== null) scenes.push(scene);
    } catch (error) {
      if (!hasCode(error, 'excluded')) throw error;
      excluded = error;
    }
  return { scenes, excluded };
}

/** Removes the tag that requested the identification, through the journal like every write. */
async function takeTagOff(
  context: Pick<Context, 'library' | 'settings' | 'changes'>,
  slice: Slice,
  observed: StashEntity,
): Promise<void> {
  const { library, settings, changes } = context;
  if (observed.tagIds.length === 0 || settings.dryRun) return;
  const tagId = await library.findTag(settings.identifyTag);
  if (tagId === null || !observed.tagIds.includes(tagId)) return;
  const { kind, id, title, files } = observed;
  const entity: EntityRef = { kind, id };
  await changes.exclusively(
    async (write) =>
      write.make({
        entity,
        identity: identityOfMedia(title, files),
        changes: [{ op: 'remove', entity, field: 'tags', values: [tagId] }],
        summary: message('history.tookTagOff', { tag: settings.identifyTag }),
        batchId: batchOf(slice),
        by: 'person',
        suggestionId: null,
        face: null,
      }),
    'in the background',
  );
}
