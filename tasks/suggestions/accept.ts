import { randomUUID } from 'node:crypto';
import type { FieldChange } from '../../core/changes/change.ts';
import { identityOfMedia } from '../../core/changes/identity.ts';
import type { FaceOf, Write } from '../../core/changes/write.ts';
import { isContentId, type EntityRef } from '../../core/content-id.ts';
import type { Output } from '../../core/contract/operations.ts';
import { isRunWide, StashSenseError } from '../../core/errors.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import type { Suggestion } from '../../core/suggestions/suggestion.ts';
import { knownContentId } from '../observe/content-ids.ts';
import { contentIdsOfCluster } from '../matching/rejection-scope.ts';
import { listPersons } from '../matching/clusters.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

export type AcceptReport = Output<'suggestions.accept'>;

type AcceptOptions = {
  readonly by: 'person' | 'scan';
  readonly dryRun: boolean;
  readonly batchId?: string;
  /** Tag added to the entity together with the performer. */
  readonly tagName?: string;
  /** Skips suggestions whose confidence has fallen below this or that were undone since, which can happen during a long list. */
  readonly minConfidence?: number;
};

/** Adds the performers of these suggestions to their entities. Idempotent: a second call gives the same answer and writes nothing. */
export async function acceptSuggestions(
  context: Context,
  ids: readonly string[],
  { by, batchId = randomUUID(), tagName = '', minConfidence, ...options }: AcceptOptions,
): Promise<AcceptReport> {
  const dryRun = options.dryRun || context.settings.dryRun;
  const report: AcceptReport = { accepted: [], refused: [], dryRun, batchId };
  const acceptEach = async (write: Write | null, some: readonly string[]): Promise<void> => {
    const due =
      minConfidence === undefined
        ? some
        : await context.store.suggestions.acceptable({ minConfidence, ids: some }, null, some.length);
    for (const id of due) {
      try {
        const journalId = await acceptOne(context, write, id, { by, batchId, tagName });
        report.accepted.push({ id, journalId });
      } catch (error) {
        report.refused.push({ id, reason: reasonOf(error) });
      }
    }
  };
  // A dry run writes nothing and needs no lock.
  if (dryRun) await acceptEach(null, ids);
  else
    for await (const some of inPieces(context, ids))
      await context.changes.exclusively(
        (write) => acceptEach(write, some),
        by === 'person' ? 'for a person' : 'in the background',
      );
  return report;
}

/** Writes made under one acquisition of the write lock: another process waits for it as long as these take. */
export const AT_ONCE = 20;
/** Longer than a waiting writer sleeps between two tries. */
export const LET_GO_MS = 60;

export async function* inPieces<T>(
  { sleep }: Pick<Context, 'sleep'>,
  items: readonly T[],
): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    if (at > 0) await sleep(LET_GO_MS);
    yield items.slice(at, at + AT_ONCE);
  }
}

/** The reason for refusing one item; rethrows errors that would affect every item. */
export function reasonOf(error: unknown): Message {
  if (!(error instanceof StashSenseError) || isRunWide(error)) throw error;
  return error.said;
}

/** `write` is null in a dry run: only checks whether the suggestion can be accepted. */
async function acceptOne(
  context: Context,
  write: Write | null,
  id: string,
  { by, batchId, tagName }: { by: 'person' | 'scan'; batchId: string; tagName: string },
): Promise<string | null> {
  const { store, library } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion === null) throw new StashSenseError('not-found', message('suggestions.gone'));
  const { entity, performerId, performerName } = suggestion;
  if (suggestion.state === 'accepted') return await journalIdOf(context, suggestion);
  if (suggestion.state === 'rejected')
    throw new StashSenseError('changed-since', message('accept.wasRejected', { name: performerName }));
  if (suggestion.state === 'stale')
    throw new StashSenseError('changed-since', message('accept.isStale', { name: performerName }));

  const item = await readEntity(context, entity);
  checkContent(item, suggestion);
  if (item.performerIds.includes(performerId)) {
    if (write !== null) await store.suggestions.changeState(id, ['open'], 'accepted');
    return null;
  }
  await readPerformer(library, performerId, performerName);
  if (write === null) return null;
  const entry = await write.make({
    ...readAs(item),
    changes: [
      adding(entity, 'performers', performerId),
      ...(tagName === '' ? [] : [adding(entity, 'tags', await write.ensureTag(tagName))]),
    ],
    summary: message('history.added', { name: performerName }),
    batchId,
    by,
    suggestionId: id,
    face: faceOf(suggestion),
  });
  return entry?.id ?? null;
}

/** Adds a performer that the user chose for a person of an entity, with or without a suggestion. */
export async function addPerformer(
  context: Context,
  { entity, performerId, personKey }: { entity: EntityRef; performerId: string; personKey: number },
): Promise<{ journalId: string | null; dryRun: boolean }> {
  const { store, library, settings, vision } = context;
  const { dryRun } = settings;
  const read = async (): Promise<{ item: StashEntity; performer: StashPerformer }> => ({
    item: await readEntity(context, entity),
    performer: await readPerformer(library, performerId, `Performer ${performerId}`),
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
      await store.decisions.unreject(await contentIdsOfCluster(store, entity, personKey), performer);
    if (item.performerIds.includes(performerId)) {
      await forgetTheNo();
      if (suggestion)
        await store.suggestions.changeState(suggestion.id, ['open', 'stale', 'rejected'], 'accepted');
      return { journalId: null, dryRun };
    }
    const entry = await write.make({
      ...readAs(item),
      changes: [adding(entity, 'performers', performerId)],
      summary: message('history.added', { name: performer.name }),
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

function adding(entity: EntityRef, field: 'performers' | 'tags', id: string): FieldChange {
  return { op: 'add', entity, field, values: [id] };
}

/** The entity to change, with its identity, so that the write is refused when the id now belongs to another object. */
function readAs({ kind, id, title, files }: StashEntity) {
  return { entity: { kind, id }, identity: identityOfMedia(title, files) };
}

/** The suggestion in any state; there is at most one. */
export async function suggestionFor(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  performerId: string,
): Promise<Suggestion | null> {
  const { items } = await suggestions.list({ entity, performerId }, 'newest', 1, 0);
  return items[0] ?? null;
}

/** The journal entry that accepted it, unless undone or without a write. */
async function journalIdOf({ store }: Context, { id, entity }: Suggestion): Promise<string | null> {
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  return items.find((entry) => entry.suggestionId === id)?.id ?? null;
}

export async function readEntity({ library }: Context, entity: EntityRef): Promise<StashEntity> {
  const item = await library.item(entity);
  if (item !== null) return item;
  throw new StashSenseError('not-found', message('stash.noEntity', { item: nameOfEntity(entity) }));
}

async function readPerformer(library: Context['library'], id: string, name: string): Promise<StashPerformer> {
  const performer = await library.performer(id);
  if (performer !== null) return performer;
  throw new StashSenseError('not-found', message('stash.noPerformer', { name }));
}

/** @throws when the file was replaced since: the evidence is about another film */
function checkContent(item: StashEntity, { evidence, entityTitle }: Suggestion): void {
  if (item.kind === 'gallery') return;
  const now = item.files.map((file) => knownContentId(item.kind, file));
  if (now.length === 0 || now.includes(null)) return;
  if (evidence.seen.some(({ contentId }) => now.some((currentId) => currentId === contentId))) return;
  throw new StashSenseError(
    'changed-since',
    message('accept.fileReplaced', { item: entityTitle === '' ? nameOfEntity(item) : entityTitle }),
  );
}

function faceOf({ evidence, performerId }: Suggestion): FaceOf | null {
  const [seen] = evidence.seen;
  return seen && isContentId(seen.contentId)
    ? { contentId: seen.contentId, personKey: seen.personKey, performerId }
    : null;
}
