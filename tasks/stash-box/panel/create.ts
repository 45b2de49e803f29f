/** Makes a performer of somebody who was found at a stash-box, and is another one than the performer they were found for. */
import { randomUUID } from 'node:crypto';
import type { Change, FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import type { Write } from '../../../core/changes/write.ts';
import { scalarOf, stashIdsOf } from '../../../core/changes/values.ts';
import type { Input, Output } from '../../../core/contract/operations.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import type { Context } from '../../runs/task.ts';
import { askForPerformer } from '../../suggestions/box/box-performer.ts';
import { isLinked } from '../../suggestions/box/linked.ts';
import { NameTaken } from '../../suggestions/box/name-taken.ts';
import { checkNamesakes, hasOneOf, idsAt, withStashId } from '../../suggestions/box/namesakes.ts';
import { fetchTaken, valuesForNew, type FetchedProfile } from '../../suggestions/box/take.ts';
import { plannerOf } from '../../suggestions/planners/index.ts';
import { reject, type RejectParts } from '../../suggestions/reject.ts';
import { reasonOf } from '../../suggestions/write-parts.ts';
import { readPerformer } from './profile.ts';

type Asked = Input<'stashIds.create'>;
type Answer = Output<'stashIds.create'>;
type Parts = RejectParts &
  Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'settings' | 'changes'>;
type Link = SuggestionOf<'performer-stash-id'>;

/**
Who has the stash ID already is the one: then nothing is made. Where the answer to an earlier call was lost, which has rejected the
suggestion, it is answered again.
@throws StashSenseError
*/
export async function createFound(context: Parts, asked: Asked): Promise<Answer> {
  const { dryRun } = context.settings;
  const nothing = { journalId: null, performerId: null, dryRun, note: null, refused: null };
  try {
    const before = await doneBefore(context, asked);
    if (before !== null) return { ...nothing, ...before };
    const suggestion = await readOpen(context, asked.suggestionId);
    const { payload, evidence } = suggestion;
    const wanted = { stashId: payload.stashId, imageId: evidence.imageId };
    // Before the lock: a stash-box may take its time.
    const fetched = await fetchTaken(context, wanted, evidence.name, asked.taken);
    const values = valuesOf(wanted, fetched, asked);
    if (asked.performerId === suggestion.entity.id)
      throw new StashSenseError('bad-input', message('accept.badChoices', { name: evidence.name }));
    if (dryRun) {
      if (asked.performerId === undefined) await checkFree(context, suggestion, values, fetched, asked);
      return nothing;
    }
    return await context.changes.exclusively(async (write) => {
      const still = await readOpen(context, asked.suggestionId);
      const made = await make(context, write, still, values, fetched, asked);
      await reject(context, still.id, {});
      return { ...nothing, ...made };
    });
  } catch (error) {
    const question = error instanceof NameTaken ? { nameTaken: error.taken } : {};
    return { ...nothing, refused: { reason: reasonOf(error), ...question } };
  }
}

/** @throws StashSenseError `not-found`, `changed-since` */
async function readOpen(context: Parts, id: string): Promise<Link> {
  const suggestion = await context.store.suggestions.get(id);
  if (suggestion?.kind !== 'performer-stash-id')
    throw new StashSenseError('not-found', message('suggestions.gone'));
  const { state } = suggestion;
  if (state !== 'open')
    throw new StashSenseError('changed-since', plannerOf(suggestion).refusal(suggestion, state));
  await context.exclusions.check(suggestion.entity);
  return suggestion;
}

/** What an earlier call of the same did, whose answer was lost. Null: there was none, or it is not so in Stash any more. */
async function doneBefore(
  context: Parts,
  { suggestionId, performerId, addStashId }: Asked,
): Promise<Pick<Answer, 'journalId' | 'performerId'> | null> {
  const suggestion = await context.store.suggestions.get(suggestionId);
  if (suggestion?.kind !== 'performer-stash-id' || suggestion.state !== 'rejected') return null;
  const { entity, payload, evidence } = suggestion;
  // That they are somebody of the user, who gets no stash ID, leaves no other trace.
  if (performerId !== undefined && !addStashId) return { journalId: null, performerId };
  const known = await ownerOf(context, payload.stashId, evidence.name);
  if (known === null) return null;
  const { owner, stashIds } = known;
  if (owner === entity.id || (performerId ?? owner) !== owner) return null;
  const filter = { entity: { kind: 'performer', id: owner }, state: 'written' } as const;
  const { items } = await context.store.journal.list(filter, MAX_WRITTEN, 0);
  const isOfIt = ({ by, changes }: (typeof items)[number]): boolean =>
    by === 'person' && changes.some((change) => givesOneOf(change, stashIds));
  return { journalId: items.find(isOfIt)?.id ?? null, performerId: owner };
}

/** More than there are of one performer. */
const MAX_WRITTEN = 200;

function givesOneOf(change: Change, stashIds: readonly StashIdValue[]): boolean {
  const given =
    change.op === 'create'
      ? stashIdsOf(change.values)
      : change.op === 'add' && change.field === 'stashIds'
        ? stashIdsOf({ stashIds: change.values })
        : [];
  return hasOneOf(given, stashIds);
}

type Owner = { readonly owner: string; readonly stashIds: readonly StashIdValue[] };

/** Who has the stash ID, or the one that it was merged into since, with all that it is known by. */
async function ownerOf(context: Parts, stashId: StashIdValue, name: string): Promise<Owner | null> {
  const found = await withStashId(context, name, [stashId]);
  if (found !== null) return { owner: found.id, stashIds: [stashId] };
  const { stashBoxes } = context;
  try {
    const { performer } = await askForPerformer({ stashBoxes }, await stashBoxes.list(), stashId, name);
    const stashIds = idsAt(stashId.endpoint, performer);
    const merged = await withStashId(context, name, stashIds);
    return merged && { owner: merged.id, stashIds };
  } catch (error) {
    // Then the refusal of the suggestion is what is known.
    reasonOf(error);
    return null;
  }
}

function valuesOf(
  wanted: Parameters<typeof valuesForNew>[0],
  fetched: FetchedProfile,
  { taken, disambiguation }: Asked,
): FieldValues {
  return {
    ...valuesForNew(wanted, fetched, taken),
    ...(disambiguation !== undefined && { disambiguation }),
  };
}

async function make(
  context: Parts,
  write: Write,
  suggestion: Link,
  values: FieldValues,
  fetched: FetchedProfile,
  asked: Asked,
): Promise<Pick<Answer, 'journalId' | 'performerId' | 'note'>> {
  const batch = { batchId: randomUUID(), by: 'person', suggestionId: null } as const;
  if (asked.performerId !== undefined)
    return { ...(await give(context, write, asked, stashIdsOf(values), batch)), note: null };
  const owner = await checkFree(context, suggestion, values, fetched, asked);
  const { picture, note } = fetched;
  if (owner !== null) return { journalId: null, performerId: owner, note: null };
  const entry = await write.create({
    kind: 'performer',
    values,
    picture,
    summary: message('history.madePerformer', { name: String(scalarOf(values, 'name')) }),
    ...batch,
  });
  return { journalId: entry.id, performerId: entry.entity.id, note };
}

/**
@returns id of the performer who has the stash ID already; null: nobody
@throws NameTaken
@throws StashSenseError `changed-since`: it is the one they were found for
*/
async function checkFree(
  { library }: Pick<Context, 'library'>,
  { entity, entityTitle, payload, evidence }: Link,
  values: FieldValues,
  { performer }: FetchedProfile,
  { disambiguation }: Asked,
): Promise<string | null> {
  const { endpoint } = payload.stashId;
  const stashIds = [payload.stashId, ...stashIdsOf(values), ...idsAt(endpoint, performer)];
  const owner = await withStashId({ library }, evidence.name, stashIds);
  if (owner?.id === entity.id)
    throw new StashSenseError('changed-since', message('stashIds.wasLinked', { name: entityTitle }));
  if (owner !== null) return owner.id;
  await checkNamesakes({ library }, keyOfStashId(payload.stashId), values, {
    stashIds,
    isTold: disambiguation !== undefined,
    known: evidence.disambiguation,
    isNot: entity.id,
  });
  return null;
}

/** Gives an existing performer the stash ID. @throws StashSenseError they have another one there, or somebody else has it */
async function give(
  context: Parts,
  write: Write,
  { performerId = '', addStashId }: Asked,
  stashIds: readonly StashIdValue[],
  batch: { readonly batchId: string; readonly by: 'person'; readonly suggestionId: null },
): Promise<Pick<Answer, 'journalId' | 'performerId'>> {
  const object = await readPerformer(context, performerId);
  const { entity, identity, title: name } = object;
  if (!addStashId) return { journalId: null, performerId };
  const missing: StashIdValue[] = [];
  for (const stashId of stashIds) if (!(await isLinked(context, object, stashId))) missing.push(stashId);
  const entry = await write.make({
    entity,
    identity,
    changes: [{ op: 'add', entity, field: 'stashIds', values: missing }],
    summary: message('history.addedStashId', { name }),
    face: null,
    ...batch,
  });
  return { journalId: entry?.id ?? null, performerId };
}
