import { isContentId, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { Input } from '../../core/contract/operations.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { SuggestionFilter } from '../../core/ports/suggestions.ts';
import type { Suggestion } from '../../core/suggestions/suggestion.ts';
import { acceptSuggestions, addPerformer, inPieces, readEntity, reasonOf, suggestionFor } from './accept.ts';
import { contentIdsOfCluster } from '../matching/rejection-scope.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import { startRematchIfDue } from '../matching/rematch-due.ts';
import type { Context, Operations } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

type Names =
  | 'suggestions.list'
  | 'suggestions.accept'
  | 'suggestions.reject'
  | 'suggestions.reopen'
  | 'entity.add'
  | 'entity.reject';

export const suggestionOperations: Pick<Operations, Names> = {
  'suggestions.list': async (context, { order, limit, offset, ...query }) => {
    const { total, items } = await context.store.suggestions.list(toFilter(query), order, limit, offset);
    if (offset === 0) await startRematchIfDue(context);
    return { total, items: await Promise.all(items.map((suggestion) => toView(context, suggestion))) };
  },

  'suggestions.accept': async (context, input) => {
    const { dryRun } = input;
    if ('ids' in input) return await acceptSuggestions(context, input.ids, { by: 'person', dryRun });
    const { all, limit, offset, batchId } = input;
    const { items } = await context.store.suggestions.list(toFilter(all), 'confidence', limit, offset);
    return await acceptSuggestions(
      context,
      items.map(({ id }) => id),
      { by: 'person', dryRun, ...(batchId !== undefined && { batchId }) },
    );
  },

  'suggestions.reject': async (context, { ids }) => {
    const rejected: string[] = [];
    const refused: { id: string; reason: Message }[] = [];
    for await (const some of inPieces(context, ids))
      await context.changes.exclusively(async () => {
        for (const id of some)
          try {
            await reject(context, id);
            rejected.push(id);
          } catch (error) {
            refused.push({ id, reason: reasonOf(error) });
          }
      });
    return { rejected, refused };
  },

  'suggestions.reopen': async (context, { ids }) => {
    const reopened: string[] = [];
    for await (const some of inPieces(context, ids))
      await context.changes.exclusively(async () => {
        for (const id of some) if (await reopen(context, id)) reopened.push(id);
      });
    return { reopened };
  },

  'entity.add': async (context, input) => await addPerformer(context, input),

  'entity.reject': async (context, input) => {
    await context.changes.exclusively(() => rejectPerson(context, input));
    return { rejected: !input.undo };
  },
};

/** Runs under the write lock like every decision, so that no write is in progress. */
async function reject(context: Context, id: string): Promise<void> {
  const { store, now } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion === null) throw new StashSenseError('not-found', message('suggestions.gone'));
  if (suggestion.state === 'rejected') return;
  if (suggestion.state === 'accepted')
    throw new StashSenseError(
      'changed-since',
      message('suggestions.wasAdded', { name: suggestion.performerName }),
    );
  const performer = await performerOf(context, suggestion);
  await store.transaction(async () => {
    await store.decisions.reject(await contentOf(store, suggestion), performer, now());
    await store.suggestions.changeState(id, ['open', 'stale'], 'rejected');
  });
}

/** @returns whether it was rejected */
async function reopen(context: Context, id: string): Promise<boolean> {
  const { store } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion?.state !== 'rejected') return false;
  const performer = await performerOf(context, suggestion);
  return await store.transaction(async () => {
    await store.decisions.unreject(await contentOf(store, suggestion), performer);
    return await store.suggestions.changeState(id, ['rejected'], 'open');
  });
}

/** Rejects or unrejects a performer for one person of an entity, with or without a suggestion. */
async function rejectPerson(
  context: Context,
  { entity, performerId, personKey, undo }: Input<'entity.reject'>,
): Promise<void> {
  const { store, now } = context;
  const performer = await performerOf(context, { performerId, performerName: `Performer ${performerId}` });
  const contentIds = await contentIdsOfCluster(store, entity, personKey);
  if (contentIds.length === 0)
    throw new StashSenseError(
      'not-found',
      message('suggestions.neverScanned', { item: nameOfEntity(entity) }),
    );
  if (!undo && (await readEntity(context, entity)).performerIds.includes(performerId))
    throw new StashSenseError('changed-since', message('suggestions.wasAdded', { name: performer.name }));
  await store.transaction(async () => {
    if (undo) await store.decisions.unreject(contentIds, performer);
    else await store.decisions.reject(contentIds, performer, now());
    const known = await suggestionFor(store, entity, performerId);
    if (known === null) return;
    if (undo) await store.suggestions.changeState(known.id, ['rejected'], 'open');
    else if (isAllOf(known, contentIds))
      await store.suggestions.changeState(known.id, ['open', 'stale', 'accepted'], 'rejected');
  });
}

/**
The content ids a rejection applies to: all files of a scene, which are the same film; of a gallery the pictures that show
the person, since the performer can be in others.
*/
async function contentOf(
  { observations }: Context['store'],
  { entity, evidence }: Suggestion,
): Promise<ContentId[]> {
  const seen = evidence.seen.map((face) => face.contentId).filter(isContentId);
  const all = entity.kind === 'gallery' ? [] : await observations.contentOf(entity);
  return [...new Set([...all, ...seen])];
}

/** Whether all evidence of the suggestion is in these files. */
function isAllOf({ evidence }: Suggestion, contentIds: readonly ContentId[]): boolean {
  return evidence.seen.every((face) => contentIds.some((id) => id === face.contentId));
}

/** The performer from Stash, else from the store, else from the suggestion, so that a rejection can always be stored. */
async function performerOf(
  { library, store }: Pick<Context, 'library' | 'store'>,
  { performerId, performerName }: { performerId: string; performerName: string },
): Promise<StashPerformer> {
  return (
    (await library.performer(performerId)) ??
    (await store.people.performer(performerId)) ?? {
      id: performerId,
      name: performerName,
      disambiguation: '',
      aliases: [],
      stashIds: [],
      imagePath: null,
    }
  );
}

/** Omits absent keys. */
function toFilter(query: Omit<Input<'suggestions.list'>, 'order' | 'limit' | 'offset'>): SuggestionFilter {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

async function toView({ store, vision }: Context, suggestion: Suggestion): Promise<SuggestionView> {
  const [seen] = suggestion.evidence.seen;
  const crops =
    seen && isContentId(seen.contentId) ? await store.observations.crops(seen.contentId, vision.packId) : [];
  const crop = crops
    .filter((entry) => entry.personKey === seen?.personKey)
    .toSorted((a, b) => a.rank - b.rank)[0];
  const reference = await store.people.reference(suggestion.evidence.referenceId);
  return {
    ...suggestion,
    crop: crop ? { url: toDataUrl(crop.jpeg), timeMs: crop.timeMs } : null,
    reference:
      reference?.crop == null ? null : { url: toDataUrl(reference.crop.jpeg), source: reference.source },
    href: hrefOf(suggestion.entity),
  };
}

/** Path of the entity's page in Stash. */
function hrefOf({ kind, id }: EntityRef): string {
  return { scene: `/scenes/${id}`, image: `/images/${id}`, gallery: `/galleries/${id}` }[kind];
}
