/** What the user decides about a cluster of faces and somebody of a reference pack, with or without a suggestion. */
import type { EntityRef } from '../../core/content-id.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { addedIds } from '../../core/changes/values.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { idsOf, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { asPerformer, notSeen } from '../../core/suggestions/dismissal.ts';
import type { SeenCluster } from '../../core/suggestions/kinds/seen.ts';
import { BY_HAND, type ProposalOf, type SuggestionOf } from '../../core/suggestions/suggestion.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';
import { listPersons, type FileCluster } from '../matching/clusters.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import { proposeAgain } from '../matching/match.ts';
import type { Context } from '../runs/task.ts';
import { acceptSuggestions, type AcceptParts } from '../suggestions/accept.ts';
import { findPackPerson } from '../suggestions/box/pack-profile.ts';
import type { DismissedParts } from '../suggestions/planners/planner.ts';
import { isAllOf, performerOf, readEntity } from '../suggestions/read.ts';

type Seen = SuggestionOf<'pack-person-seen'>;
type Chosen = Pick<Input<'packPeople.add'>, 'entity' | 'personKey' | 'personId'>;

export async function addPackPerson(
  context: AcceptParts & Pick<Context, 'vision'>,
  { choices, ...chosen }: Input<'packPeople.add'>,
): Promise<Output<'packPeople.add'>> {
  const { store, settings } = context;
  const { entity, personId } = chosen;
  const nothing = { journalId: null, performerId: null, note: null, refused: null };
  const person = await readPackPerson(context, personId);
  const face = await readFace(context, chosen);
  const cluster = face === undefined ? null : { contentId: face.contentId, personKey: face.person.key };
  const naming = await suggestionsNaming(store, entity, personId);
  const alone = naming.find(isAlone) ?? null;
  // "It is performer 7" says nothing of another cluster that may be this person. Without a performer the person is made, and is
  // then on the entity as the suggestion of them proposes, whichever cluster it rests on.
  const known = ofCluster(naming, cluster) ?? (choices.performerId === undefined ? alone : null);
  if (settings.dryRun && known === null) {
    await readEntity(context, entity);
    return { ...nothing, dryRun: true };
  }
  const id =
    known?.id ??
    (await keepChoice(context, chosen, {
      person,
      face,
      // There is one suggestion of the same people for an entity.
      performerId: alone === null ? undefined : choices.performerId,
    }));
  if ((known ?? alone)?.state === 'rejected' && !settings.dryRun) {
    const { contentIds } = await scopeOfCluster(store, entity, chosen.personKey);
    await store.dismissals.withdraw(notSeen(contentIds, asPerformer(personId, person)));
    if (known !== null) await store.suggestions.unreject(id);
  }
  // Of several the person is named; the performer who was chosen instead stands for nobody of them.
  const named = known === null || !isAlone(known);
  const { accepted, refused, dryRun } = await acceptSuggestions(context, [id], {
    by: 'person',
    dryRun: false,
    choices: { [id]: { ...choices, ...(named && { personId }) } },
    again: [id],
    byHand: { face: cluster },
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
  const suggestion = (await suggestionsNaming(store, entity, personId)).find(isAlone);
  await store.transaction(async () => {
    if (undo) await store.dismissals.withdraw(dismissal);
    else {
      await store.dismissals.dismiss(dismissal, now());
      await withdrawDismissed(store, vision.seenBy, dismissal);
    }
    if (suggestion === undefined) return;
    if (undo) await store.suggestions.unreject(suggestion.id);
    else if (isAllOf(suggestion, contentIds))
      await store.suggestions.changeState(suggestion.id, ['open', 'stale', 'removed'], 'rejected');
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

/** In any state, those that are open first. */
async function suggestionsNaming(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: EntityRef,
  personId: string,
): Promise<readonly Seen[]> {
  const { items } = await suggestions.list({ kind: 'pack-person-seen', entity }, 'newest', MAX_LISTED, 0);
  const naming = items.filter(({ payload }) => payload.people.some((one) => one.personId === personId));
  const isOpen = ({ state }: Seen): boolean => state === 'open' || state === 'removed';
  return [...naming.filter(isOpen), ...naming.filter((suggestion) => !isOpen(suggestion))];
}

function isAlone({ payload }: Seen): boolean {
  return payload.people.length === 1 && payload.performers.length === 0;
}

function ofCluster(suggestions: readonly Seen[], cluster: SeenCluster | null): Seen | null {
  const isSame = (seen: SeenCluster): boolean =>
    seen.contentId === cluster?.contentId && seen.personKey === cluster.personKey;
  return suggestions.find(({ payload }) => payload.seen.some(isSame)) ?? null;
}

/** More than there are of one entity. */
const MAX_LISTED = 200;

/** Undefined where the entity was matched anew meanwhile and has no such cluster. */
async function readFace(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  { entity, personKey }: Chosen,
): Promise<FileCluster | undefined> {
  const contentIds = await store.observations.contentOf(entity);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  return listPersons(contentIds, observations).find(({ key }) => key === personKey);
}

type Choice = {
  readonly person: PackPerson;
  readonly face: FileCluster | undefined;
  /** Who was chosen, where the choice is kept beside a suggestion of the person alone. */
  readonly performerId: string | undefined;
};

/** Keeps the choice as a suggestion, so that it is looked after like any other that was accepted. @returns its id */
async function keepChoice(
  context: Pick<Context, 'store' | 'library'>,
  { entity, personKey, personId }: Chosen,
  { person, face, performerId }: Choice,
): Promise<string> {
  const { store } = context;
  const { name, disambiguation } = person;
  const item = await readEntity(context, entity);
  const performer = performerId === undefined ? null : await performerOf(context, performerId, entity);
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
      people: [{ personId, name, disambiguation, ...idsOf(person), confidence, similarity }],
      performers:
        performer === null
          ? []
          : [
              {
                performerId: performer.id,
                name: shownName(performer),
                confidence: 0,
                similarity: 0,
                referenceId: '',
              },
            ],
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
