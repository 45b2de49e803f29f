/** What the user decides about a cluster of faces, with or without a suggestion. */
import { randomUUID } from 'node:crypto';
import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { Input } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { SuggestionOf } from '../../core/suggestions/suggestion.ts';
import { listPersons } from '../matching/clusters.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import type { Context } from '../runs/task.ts';
import { adding, performerOf, readAs, readEntity, readPerformer, suggestionFor } from './read.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';

/** Adds a performer that the user chose for a person of an entity, with or without a suggestion. */
export async function addPerformer(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'settings' | 'changes'>,
  { entity, performerId, personKey }: { entity: EntityRef; performerId: string; personKey: number },
): Promise<{ journalId: string | null; dryRun: boolean }> {
  const { store, settings, vision } = context;
  const { dryRun } = settings;
  const read = async (): Promise<{ item: StashEntity; performer: StashPerformer }> => ({
    item: await readEntity(context, entity),
    performer: await readPerformer(context, performerId, entity),
  });
  if (dryRun) {
    await read();
    return { journalId: null, dryRun };
  }
  return await context.changes.exclusively(async (write) => {
    const { item, performer } = await read();
    const contentIds = await store.observations.contentOf(entity);
    const observations = await store.observations.getMany(contentIds, vision.packId);
    // `personKey` is the entity's key; each observation has its own keys.
    const face = listPersons(contentIds, observations).find(({ key }) => key === personKey);
    // Includes accepted ones: the performer may have been removed in Stash since.
    const suggestion = await suggestionFor(store, entity, performerId);
    const forgetTheNo = async (): Promise<void> =>
      await store.dismissals.withdraw(
        notSeen((await scopeOfCluster(store, entity, personKey)).contentIds, performer),
      );
    if (item.performerIds.includes(performerId)) {
      await forgetTheNo();
      if (suggestion)
        await store.suggestions.changeState(
          suggestion.id,
          ['open', 'stale', 'rejected', 'removed'],
          'accepted',
        );
      return { journalId: null, dryRun };
    }
    const entry = await write.make({
      ...readAs(item),
      changes: [adding(entity, 'performers', [performerId])],
      summary: message('history.added', { name: shownName(performer) }),
      batchId: randomUUID(),
      by: 'person',
      suggestionId: suggestion?.id ?? null,
      face:
        face === undefined ? null : { contentId: face.contentId, personKey: face.person.key, performerId },
    });
    // After the write: a write that Stash refuses must not delete the rejection.
    await forgetTheNo();
    return { journalId: entry?.id ?? null, dryRun };
  });
}

/** Rejects or unrejects a performer for one person of an entity, with or without a suggestion. */
export async function rejectPerformer(
  context: Pick<Context, 'store' | 'library' | 'now' | 'vision'>,
  { entity, performerId, personKey, undo }: Input<'entity.reject'>,
): Promise<void> {
  const { store, now, vision } = context;
  const performer = await performerOf(context, performerId, entity);
  const { contentIds, members } = await scopeOfCluster(store, entity, personKey);
  if (contentIds.length === 0)
    throw new StashSenseError(
      'not-found',
      message('suggestions.neverScanned', { item: nameOfEntity(entity) }),
    );
  if (!undo && (await readEntity(context, entity)).performerIds.includes(performerId))
    throw new StashSenseError(
      'changed-since',
      message('suggestions.wasAdded', { name: shownName(performer) }),
    );
  await store.transaction(async () => {
    const dismissal = notSeen(contentIds, performer, entity.kind === 'gallery' ? members : undefined);
    if (undo) await store.dismissals.withdraw(dismissal);
    else {
      await store.dismissals.dismiss(dismissal, now());
      await withdrawDismissed(store, vision, dismissal);
    }
    const suggestion = await suggestionFor(store, entity, performerId);
    if (suggestion === null) return;
    if (undo) await store.suggestions.unreject(suggestion.id);
    else if (isAllOf(suggestion, contentIds))
      await store.suggestions.changeState(
        suggestion.id,
        ['open', 'stale', 'accepted', 'removed'],
        'rejected',
      );
  });
}

/** Whether all that the suggestion rests on is in these files. */
function isAllOf({ payload }: SuggestionOf<'performer-seen'>, contentIds: readonly ContentId[]): boolean {
  return payload.seen.every((face) => contentIds.some((id) => id === face.contentId));
}
