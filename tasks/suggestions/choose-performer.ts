/** What the user decides about a cluster of faces, with or without a suggestion. */
import { randomUUID } from 'node:crypto';
import type { EntityRef } from '../../core/content-id.ts';
import type { Input } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { NOT_ACCEPTED } from '../../core/suggestions/suggestion.ts';
import { listPersons } from '../matching/clusters.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import { proposeAgain } from '../matching/match.ts';
import type { Context } from '../runs/task.ts';
import { keepChoice } from './by-hand.ts';
import type { DismissedParts } from './planners/planner.ts';
import {
  adding,
  isAllOf,
  performerOf,
  questionsAbout,
  readAs,
  readEntity,
  readPerformer,
  suggestionFor,
} from './read.ts';
import { confirm } from '../accepted/confirm-reference.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';

/** Adds a performer that the user chose for a person of an entity, with or without a suggestion. Where they are already, the face is learnt as one that is added. */
export async function addPerformer(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'settings' | 'referencePacks' | 'changes'>,
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
    const cluster = face && { contentId: face.contentId, personKey: face.person.key };
    const suggestionId = await choiceOf({ store }, { item, performer, personKey, face });
    const forgetTheNo = async (): Promise<void> =>
      await store.dismissals.withdraw(
        notSeen((await scopeOfCluster(store, entity, personKey)).contentIds, performer),
      );
    if (item.performerIds.includes(performerId)) {
      await forgetTheNo();
      await store.transaction(async () => {
        await store.suggestions.changeState(suggestionId, NOT_ACCEPTED, 'accepted');
        if (cluster !== undefined) await confirm(store, vision.seenBy, { ...cluster, performerId });
      });
      return { journalId: null, dryRun };
    }
    const entry = await write.make({
      ...readAs(item),
      changes: [adding(entity, 'performers', [performerId])],
      summary: message('history.added', { name: shownName(performer) }),
      batchId: randomUUID(),
      by: 'person',
      suggestionId,
      face: cluster === undefined ? null : { ...cluster, performerId },
    });
    // After the write: a write that Stash refuses must not delete the rejection.
    await forgetTheNo();
    await proposeAgain(context, { ...entity, title: item.title });
    return { journalId: entry?.id ?? null, dryRun };
  });
}

/**
The suggestion that is answered by choosing this performer for a face: which of several it is, whatever was suggested of them
there (the performer may have been removed in Stash since), or one that is kept for the choice.
@returns its id
*/
export async function choiceOf(
  { store }: Pick<Context, 'store'>,
  chosen: Parameters<typeof keepChoice>[1],
): Promise<string> {
  const { item, performer, face } = chosen;
  const entity: EntityRef = { kind: item.kind, id: item.id };
  const question = (await questionsAbout(store, entity, performer.id, ['open', 'removed'])).find(
    ({ payload }) =>
      payload.seen.some((seen) => seen.contentId === face?.contentId && seen.personKey === face.person.key),
  );
  const suggestion = question ?? (await suggestionFor(store, entity, performer.id));
  return suggestion?.id ?? (await keepChoice({ store }, chosen));
}

/** Rejects or unrejects a performer for one person of an entity, with or without a suggestion. */
export async function rejectPerformer(
  context: DismissedParts & Pick<Context, 'now'>,
  { entity, performerId, personKey, undo }: Input<'entity.reject'>,
): Promise<void> {
  const { store, library, now, vision } = context;
  const performer = await performerOf(context, performerId, entity);
  const { contentIds, members } = await scopeOfCluster(store, entity, personKey);
  if (contentIds.length === 0)
    throw new StashSenseError(
      'not-found',
      message('suggestions.neverScanned', { item: nameOfEntity(entity) }),
    );
  const item = undo ? await library.item(entity) : await readEntity(context, entity);
  if (!undo && item?.performerIds.includes(performerId) === true)
    throw new StashSenseError(
      'changed-since',
      message('suggestions.wasAdded', { name: shownName(performer) }),
    );
  await store.transaction(async () => {
    const dismissal = notSeen(contentIds, performer, entity.kind === 'gallery' ? members : undefined);
    if (undo) await store.dismissals.withdraw(dismissal);
    else {
      await store.dismissals.dismiss(dismissal, now());
      await withdrawDismissed(store, vision.seenBy, dismissal);
    }
    // Opened by `proposeAgain` where it is still open which of them it is.
    if (undo) await withdrawQuestions(store, entity, performerId);
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
  if (item !== null) await proposeAgain(context, { ...entity, title: item.title });
}

async function withdrawQuestions(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  performerId: string,
): Promise<void> {
  for (const { id } of await questionsAbout({ suggestions }, entity, performerId, ['rejected']))
    await suggestions.changeState(id, ['rejected'], 'stale');
}
