import { shownName } from '../../core/people/shown-name.ts';
import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { CandidateView, FacesView, PersonView } from '../../core/contract/faces.ts';
import { isCoverOnly, type PersonCrop } from '../../core/faces/observation.ts';
import { isUnlikely } from '../../core/matching/tie.ts';
import { reasonsOf } from '../../core/matching/expected.ts';
import type { EntityIdentifications, IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { Hidden } from '../../core/matching/hidden.ts';
import type { Candidate } from '../../core/people/person.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { addedIds } from '../../core/changes/values.ts';
import { asPerformer, notSeen } from '../../core/suggestions/dismissal.ts';
import type { SuggestionOf } from '../../core/suggestions/suggestion.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { dismissalScope, hiddenIdOf, openHidden } from '../matching/dismissal-scope.ts';
import { clustersOf, listPersons, type FileCluster } from '../matching/clusters.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import { readPackPeople, viewPackPerson, type PackPeopleHere } from './pack-people.ts';
import { referenceToShow } from '../suggestions/views/shown-reference.ts';
import { listTakenOff, type TakenOff } from './taken-off.ts';
import type { Context } from '../runs/task.ts';

/** Crops shown per person. */
const CROPS_SHOWN = 6;

/** The persons of an entity as the page shows them, with their crops as data URLs, so that no second request is needed. */
export async function viewPersons(
  context: Pick<Context, 'store' | 'vision' | 'referencePacks'>,
  item: StashEntity,
  contentIds: readonly ContentId[],
  identifications: EntityIdentifications,
): Promise<Pick<FacesView, 'observedAt' | 'frameCount' | 'persons'>> {
  const { store, vision } = context;
  const entity: EntityRef = { kind: item.kind, id: item.id };
  const [observations, suggestions, packSuggestions, journal] = await Promise.all([
    store.observations.getMany(contentIds, vision.packId),
    store.suggestions.list({ entity, kind: 'performer-seen' }, 'newest', 200, 0),
    store.suggestions.list({ entity, kind: 'pack-person-seen' }, 'newest', 200, 0),
    store.journal.list({ entity }, 200, 0),
  ]);
  const seen = listPersons(contentIds, observations);
  const takenOff = await listTakenOff(store, entity, journal.items);
  const parts: Parts = {
    context,
    item,
    contentIds,
    seen,
    suggestions: suggestions.items,
    packPeople: await readPackPeople(context, {
      item,
      identifications,
      suggestions: packSuggestions.items,
      journal: journal.items,
    }),
    journal: journal.items,
    crops: new Map(),
    performers: await performersNow(store, identifications, takenOff),
    takenOff,
    hidden: await openHidden(context),
  };
  const persons: PersonView[] = [];
  for (const person of identifications.persons)
    persons.push(await toPersonView(parts, { ...person, candidates: candidatesNow(parts, person) }));
  const all = [...observations.values()];
  return {
    observedAt: all.length === 0 ? null : Math.max(...all.map((observation) => observation.observedAt)),
    frameCount: all.reduce((sum, observation) => sum + observation.frameCount, 0),
    persons,
  };
}

type Parts = {
  readonly context: Pick<Context, 'store' | 'vision'>;
  readonly packPeople: PackPeopleHere;
  readonly item: StashEntity;
  readonly contentIds: readonly ContentId[];
  readonly seen: readonly FileCluster[];
  readonly suggestions: readonly SuggestionOf<'performer-seen'>[];
  readonly journal: readonly JournalEntry[];
  /** Read once for each file. */
  readonly crops: Map<ContentId, Promise<PersonCrop[]>>;
  /** By id. */
  readonly performers: ReadonlyMap<string, StashPerformer>;
  readonly takenOff: readonly TakenOff[];
  readonly hidden: Hidden;
};

async function performersNow(
  { people }: Context['store'],
  { persons }: EntityIdentifications,
  takenOff: Parts['takenOff'],
): Promise<Parts['performers']> {
  const candidates = persons.flatMap((person) => person.candidates);
  const ids = [...candidates, ...takenOff].flatMap(({ performerId }) => performerId ?? []);
  const known = new Map<string, StashPerformer>();
  for (const id of new Set(ids)) {
    const performer = await people.performer(id);
    if (performer !== null) known.set(id, performer);
  }
  return known;
}

/**
Of a performer who was deleted since the match only the name is left: nobody can be added. Who was added for this face and taken
off since is among them, even where the last match no longer finds the performer.
*/
function candidatesNow({ performers, packPeople, takenOff }: Parts, person: IdentifiedCluster): Candidate[] {
  const { candidates, members } = person;
  const ofPacks = candidates.flatMap(({ personId }) => packPeople.get(personId)?.takenOffId ?? []);
  const missing = takenOff.filter(
    ({ performerId, face }) =>
      !ofPacks.includes(performerId) &&
      candidates.every((candidate) => candidate.performerId !== performerId) &&
      members.some((one) => one.contentId === face?.contentId && one.personKey === face.personKey),
  );
  return [
    ...candidates.map((candidate) =>
      candidate.performerId === null || performers.has(candidate.performerId)
        ? {
            ...candidate,
            performerId: candidate.performerId ?? packPeople.get(candidate.personId)?.performerId ?? null,
          }
        : { ...candidate, performerId: null },
    ),
    ...missing.map(({ performerId, name }) => ({
      personId: performerId,
      performerId: performers.has(performerId) ? performerId : null,
      name,
      confidence: 0,
      similarity: 0,
      referenceId: '',
    })),
  ];
}

async function toPersonView(parts: Parts, person: IdentifiedCluster): Promise<PersonView> {
  const { item, seen } = parts;
  const members = clustersOf(person, seen);
  const faces = members.flatMap((cluster) => cluster.person.faces);
  const answer = person.decision === 'match' ? person.candidates[0] : undefined;
  const performerId = answer?.performerId ?? null;
  const present = isPresent(item, performerId);
  const hiddenId = await hiddenIdOf(parts.hidden, person, seen);
  return {
    key: person.key,
    decision: person.decision,
    performerId,
    name: answer?.name ?? null,
    confidence: person.confidence,
    margin: person.margin,
    faceCount: faces.length,
    // Of a match the film shows the performer too, as another cluster.
    ...(person.decision !== 'match' && isCoverOnly({ faces }) && { onlyCover: true }),
    timesMs: thinTimes(faces.flatMap(({ timeMs }) => timeMs ?? []).toSorted((a, b) => a - b)),
    crops: await cropsOf(parts, members),
    candidates: await Promise.all(
      person.candidates.map((candidate) => toCandidateView(parts, person, candidate)),
    ),
    suggestion: suggestionOf(parts, answer ?? null, performerId),
    journalId: present ? journalIdOf(parts, performerId) : null,
    present,
    ...(hiddenId !== null && { hiddenId }),
  };
}

async function cropsOf(
  { context, crops }: Parts,
  members: readonly FileCluster[],
): Promise<PersonView['crops']> {
  const { store, vision } = context;
  const found: PersonCrop[] = [];
  for (const { contentId, person } of members) {
    if (found.length >= CROPS_SHOWN) break;
    const read = crops.get(contentId) ?? store.observations.crops(contentId, vision.packId);
    crops.set(contentId, read);
    found.push(...(await read).filter((crop) => crop.personKey === person.key));
  }
  return found
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, CROPS_SHOWN)
    .map(({ jpeg, timeMs }) => ({ url: toDataUrl(jpeg), timeMs }));
}

async function toCandidateView(
  parts: Parts,
  { members, candidates }: IdentifiedCluster,
  candidate: Candidate,
): Promise<CandidateView> {
  const { context, item, contentIds, performers, packPeople, takenOff } = parts;
  const { store } = context;
  const { performerId, personId } = candidate;
  const ofPack = packPeople.get(personId) ?? null;
  const performer = performerId === null ? null : (performers.get(performerId) ?? null);
  const present = isPresent(item, performerId);
  const journalId = present ? journalIdOf(parts, performerId) : null;
  const meant = dismissalScope(item.kind, contentIds, members);
  const reference = await referenceToShow(context, parts.seen, candidate, members);
  const known = performer ?? (ofPack && asPerformer(personId, ofPack.person));
  const isTakenOff = ofPack?.takenOffId != null || takenOff.some((one) => one.performerId === performerId);
  return {
    performerId,
    name: performer === null ? candidate.name : shownName(performer),
    confidence: candidate.confidence,
    similarity: candidate.similarity,
    ...(isUnlikely(candidate, candidates, context.vision) && { isUnlikely: true }),
    reference:
      reference?.crop == null ? null : { url: toDataUrl(reference.crop.jpeg), source: reference.source },
    rejected: known !== null && (await store.dismissals.isDismissed(notSeen(meant, known))),
    present,
    ...(journalId === null ? {} : { journalId }),
    ...(!present && isTakenOff ? { removed: true } : {}),
    ...(candidate.expected && { expected: reasonsOf(candidate.expected) }),
    ...(ofPack !== null && { pack: viewPackPerson(personId, ofPack) }),
  };
}

function isPresent({ performerIds }: StashEntity, performerId: string | null): boolean {
  return performerId !== null && performerIds.includes(performerId);
}

function suggestionOf(
  { suggestions, packPeople }: Parts,
  answer: Candidate | null,
  performerId: string | null,
): PersonView['suggestion'] {
  const ofPack = answer === null ? undefined : packPeople.get(answer.personId)?.suggestion;
  if (ofPack !== undefined) return ofPack;
  const found = suggestions.find(({ target, state }) => target.id === performerId && state !== 'stale');
  return found ? { id: found.id, state: found.state } : null;
}

/**
The newest entry that added this performer, where it stands; called only for performers the entity still has, since others may
have been removed in Stash. Where the newest one was undone, the performer was put there by other means: an older entry whose
performer was taken off in Stash meanwhile did not add this one.
*/
function journalIdOf({ journal }: Parts, performerId: string | null): string | null {
  if (performerId === null) return null;
  const newest = journal.find(
    ({ state, changes }) =>
      (state === 'written' || state === 'undone') && addedIds(changes, 'performers').includes(performerId),
  );
  return newest?.state === 'written' ? newest.id : null;
}
