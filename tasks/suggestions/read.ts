import type { FieldChange } from '../../core/changes/change.ts';
import { identityOfMedia } from '../../core/changes/identity.ts';
import type { ContentId, EntityRef } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import { performerNamed } from '../../core/people/same-performer.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { kindOf, type SuggestionKind } from '../../core/suggestions/kinds/index.ts';
import type { SuggestionOf, SuggestionState } from '../../core/suggestions/suggestion.ts';
import { knownContentId } from '../observe/content-ids.ts';
import type { Context } from '../runs/task.ts';
import type { AcceptPlan, DismissalParts } from './planners/planner.ts';
import { gone, knownName, nameOfPerformer, performerGone } from './write-parts.ts';

/** @throws StashSenseError `not-found` */
export async function readEntity(
  { library }: Pick<Context, 'library'>,
  entity: EntityRef,
  title = '',
): Promise<StashEntity> {
  const item = await library.item(entity);
  if (item !== null) return item;
  throw gone(entity, title);
}

/**
@param entity that is about to get the performer, for the name in the error
@throws StashSenseError `not-found`
*/
export async function readPerformer(
  { library, store }: Pick<Context, 'library' | 'store'>,
  id: string,
  entity: StashRef,
): Promise<StashPerformer> {
  const performer = await library.performer(id);
  if (performer !== null) return performer;
  throw performerGone(await nameOfPerformer(store, id, entity));
}

/** The performer from Stash, else from the store, else by the name that is known, so that a rejection can always be stored. */
export async function performerOf(
  { library, store }: DismissalParts,
  id: string,
  entity: StashRef,
): Promise<StashPerformer> {
  return (
    (await library.performer(id)) ??
    (await store.people.performer(id)) ??
    performerNamed(id, (await knownName(store, id, entity)) ?? `Performer ${id}`)
  );
}

/** The suggestion of a performer in any state; there is at most one. */
export async function suggestionFor(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  performerId: string,
): Promise<SuggestionOf<'performer-seen'> | null> {
  const { items } = await suggestions.list(
    { kind: 'performer-seen', entity, target: { kind: 'performer', id: performerId } },
    'newest',
    1,
    0,
  );
  return items[0] ?? null;
}

/** The questions which of several performers was seen, this performer among them. */
export async function questionsAbout(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  performerId: string,
  state: readonly SuggestionState[],
): Promise<SuggestionOf<'performer-ambiguous'>[]> {
  const filter = { kind: 'performer-ambiguous', state, entity } as const;
  const target = { kind: 'performer', id: performerId } as const;
  const { items } = await suggestions.list({ ...filter, target }, 'newest', MAX_QUESTIONS, 0);
  return items;
}

/** More than there are of one entity with one performer. */
const MAX_QUESTIONS = 100;

/** Whether all that the suggestion rests on is in these files. */
export function isAllOf(
  { payload }: SuggestionOf<'performer-seen' | 'pack-person-seen'>,
  contentIds: readonly ContentId[],
): boolean {
  return payload.seen.every((face) => contentIds.some((id) => id === face.contentId));
}

/**
The scene, image or gallery of a suggestion that was made from its files.

@throws StashSenseError `not-found`; `changed-since`: its files were replaced, and what was found is about another film
*/
export async function readUnchanged<Kind extends MediaKind>(
  context: Pick<Context, 'library'>,
  suggestion: SuggestionOf<Kind>,
): Promise<StashEntity> {
  const { kind, entityTitle } = suggestion;
  const item = await readEntity(context, suggestion.entity, entityTitle);
  // The pictures of a gallery are not its files.
  if (item.kind === 'gallery') return item;
  const meant: readonly string[] = kindOf(kind).contentIds(suggestion.payload);
  const now = item.files.map((file) => knownContentId(item.kind, file));
  const rests = meant.length > 0 && now.length > 0;
  if (!rests || now.some((contentId) => contentId === null || meant.includes(contentId))) return item;
  throw new StashSenseError(
    'changed-since',
    message('accept.fileReplaced', { item: entityTitle === '' ? nameOfEntity(item) : entityTitle }),
  );
}

/** Kinds about what has files. */
type MediaKind = {
  [Kind in SuggestionKind]: SuggestionOf<Kind>['entity'] extends EntityRef ? Kind : never;
}[SuggestionKind];

export function adding(
  { kind, id }: StashRef,
  field: 'performers' | 'tags',
  ids: readonly string[],
): FieldChange {
  return { op: 'add', entity: { kind, id }, field, values: ids };
}

/** The entity to change, with its identity, so that the write is refused when the id now belongs to another object. */
export function readAs({ kind, id, title, files }: StashEntity): Pick<AcceptPlan, 'entity' | 'identity'> {
  return { entity: { kind, id }, identity: identityOfMedia(title, files) };
}
