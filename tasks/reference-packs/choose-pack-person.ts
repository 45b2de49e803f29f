/** What the user decides about a cluster of faces and somebody of a reference pack, with or without a suggestion. */
import type { EntityRef } from '../../core/content-id.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { addedIds } from '../../core/changes/values.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { asPerformer, notSeen } from '../../core/suggestions/dismissal.ts';
import { BY_HAND, type ProposalOf, type SuggestionOf } from '../../core/suggestions/suggestion.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';
import { listPersons } from '../matching/clusters.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import { proposeAgain } from '../matching/match.ts';
import type { Context } from '../runs/task.ts';
import { acceptSuggestions, type AcceptParts } from '../suggestions/accept.ts';
import { findPackPerson } from '../suggestions/pack-profile.ts';
import type { DismissedParts } from '../suggestions/planners/planner.ts';
import { readEntity } from '../suggestions/read.ts';

type Chosen = Pick<Input<'packPeople.add'>, 'entity' | 'personKey' | 'personId'>;

export async function addPackPerson(
  context: AcceptParts & Pick<Context, 'vision'>,
  { choices, ...chosen }: Input<'packPeople.add'>,
): Promise<Output<'packPeople.add'>> {
  const { store, settings } = context;
  const { entity, personId } = chosen;
  const nothing = { journalId: null, performerId: null, note: null, refused: null };
  const person = await readPackPerson(context, personId);
  const known = await suggestionFor(store, entity, personId);
  if (settings.dryRun && known === null) {
    await readEntity(context, entity);
    return { ...nothing, dryRun: true };
  }
  const id = known?.id ?? (await keepChoice(context, chosen, person));
  if (known?.state === 'rejected' && !settings.dryRun) {
    const { contentIds } = await scopeOfCluster(store, entity, chosen.personKey);
    await store.dismissals.withdraw(notSeen(contentIds, asPerformer(personId, person)));
    await store.suggestions.unreject(id);
  }
  // Of several the person is named; the performer who was chosen instead stands for nobody of them.
  const named = (known?.payload.people.length ?? 1) > 1 || (known?.payload.performers.length ?? 0) > 0;
  const { accepted, refused, dryRun } = await acceptSuggestions(context, [id], {
    by: 'person',
    dryRun: false,
    choices: { [id]: { ...choices, ...(named && { personId }) } },
    again: [id],
    isByHand: true,
  });
  const [done] = accepted;
  const [no] = refused;
  if (no !== undefined)
    return {
      ...nothing,
      dryRun,
      refused: { reason: no.reason, ...(no.nameTaken !== undefined && { nameTaken: no.nameTaken }) },
    };
  const journalId = done?.journalId ?? null;
  const entry = journalId === null ? null : await store.journal.get(journalId);
  const [performerId = null] = addedIds(entry?.changes ?? [], 'performers');
  return { journalId, performerId, dryRun, note: done?.note ?? null, refused: null };
}

export async function rejectPackPerson(
  context: DismissedParts & Pick<Context, 'now'>,
  { undo, ...chosen }: Input<'packPeople.reject'>,
): Promise<void> {
  const { store, library, vision, now } = context;
  const { entity, personKey, personId } = chosen;
  const person = await readPackPerson(context, personId);
  const { contentIds, members } = await scopeOfCluster(store, entity, personKey);
  if (contentIds.length === 0)
    throw new StashSenseError(
      'not-found',
      message('suggestions.neverScanned', { item: nameOfEntity(entity) }),
    );
  const dismissal = notSeen(
    contentIds,
    asPerformer(personId, person),
    entity.kind === 'gallery' ? members : undefined,
  );
  const suggestion = await suggestionFor(store, entity, personId);
  const isAlone = suggestion?.payload.people.length === 1 && suggestion.payload.performers.length === 0;
  await store.transaction(async () => {
    if (undo) await store.dismissals.withdraw(dismissal);
    else {
      await store.dismissals.dismiss(dismissal, now());
      await withdrawDismissed(store, vision.seenBy, dismissal);
    }
    if (suggestion === null || !isAlone) return;
    if (undo) await store.suggestions.unreject(suggestion.id);
    else await store.suggestions.changeState(suggestion.id, ['open', 'stale', 'removed'], 'rejected');
  });
  const item = await library.item(entity);
  if (item !== null) await proposeAgain(context, { ...entity, title: item.title });
}

/** @throws StashSenseError `not-found` */
async function readPackPerson(
  context: Pick<Context, 'referencePacks'>,
  personId: string,
): Promise<PackPerson> {
  const person = await findPackPerson(context, personId);
  if (person !== null) return person;
  throw new StashSenseError('not-found', message('packPeople.isGone'));
}

/** One that names this person, where there is a choice the one that is open. */
async function suggestionFor(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  personId: string,
): Promise<SuggestionOf<'pack-person-seen'> | null> {
  const { items } = await suggestions.list({ kind: 'pack-person-seen', entity }, 'newest', MAX_LISTED, 0);
  const naming = items.filter(({ payload }) => payload.people.some((one) => one.personId === personId));
  return naming.find(({ state }) => state === 'open' || state === 'removed') ?? naming[0] ?? null;
}

/** More than there are of one entity. */
const MAX_LISTED = 200;

/** Keeps the choice as a suggestion, so that it is looked after like any other that was accepted. @returns its id */
async function keepChoice(
  context: Pick<Context, 'store' | 'vision' | 'library'>,
  { entity, personKey, personId }: Chosen,
  { name, disambiguation, stashIds }: PackPerson,
): Promise<string> {
  const { store, vision } = context;
  const item = await readEntity(context, entity);
  const contentIds = await store.observations.contentOf(entity);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  const face = listPersons(contentIds, observations).find(({ key }) => key === personKey);
  const cluster = (await store.identifications.get(entity))?.persons.find(({ key }) => key === personKey);
  const candidate = cluster?.candidates.find((one) => one.personId === personId);
  const times = face?.person.faces.flatMap(({ timeMs }) => timeMs ?? []) ?? [];
  const { confidence = 0, similarity = 0 } = candidate ?? {};
  const proposal: ProposalOf<'pack-person-seen'> = {
    kind: 'pack-person-seen',
    entity,
    entityTitle: item.title,
    target: null,
    targetName: '',
    severity: 'info',
    confidence,
    analyzer: BY_HAND,
    analyzerVersion: 1,
    payload: {
      seen: face === undefined ? [] : [{ contentId: face.contentId, personKey: face.person.key }],
      people: [{ personId, name, disambiguation, stashIds: [...stashIds], confidence, similarity }],
      performers: [],
    },
    evidence: {
      timesMs: thinTimes(times.toSorted((a, b) => a - b)),
      faceCount: face?.person.faces.length ?? 0,
      similarity,
      margin: 0,
    },
  };
  return await store.suggestions.keepChoice(proposal);
}
