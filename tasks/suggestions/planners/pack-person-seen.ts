import type { FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import { scalarOf, stashIdsOf } from '../../../core/changes/values.ts';
import { hasCode, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { asPerformer } from '../../../core/suggestions/dismissal.ts';
import type { PackCandidate, PackPersonChoices } from '../../../core/suggestions/kinds/pack-person-seen.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { proposeAgain } from '../../matching/match.ts';
import { checkNobodyElse } from '../box/linked.ts';
import { checkNamesakes, withStashId } from '../box/namesakes.ts';
import { fetchProfile, findPackPerson, type PackProfile } from '../box/pack-profile.ts';
import { adding, performerOf, readAs, readPerformer, readUnchanged } from '../read.ts';
import type { AcceptPlan, Planner, PlanParts } from './planner.ts';
import { eitherOf, notSeenIn, refusalOfChoice } from './seen.ts';

type Seen = SuggestionOf<'pack-person-seen'>;

/** The user says that it is the person, who is made a performer, or which performer it is, or none of them. */
export const packPersonSeenPlanner: Planner<'pack-person-seen'> = {
  async prepare(parts, { suggestion, choices }) {
    const person = chosenPerson(suggestion, choices);
    if (person === null || choices.performerId !== undefined) return null;
    if (!(await isReadable(parts, suggestion))) return null;
    if (await isKnown(parts, person)) return null;
    const known = await findPackPerson(parts, person.personId);
    return known && (await fetchProfile(parts, known));
  },

  async plan(parts, { suggestion, choices, prepared, face }) {
    const person = chosenPerson(suggestion, choices);
    if (person === null && choices.performerId === undefined)
      throw new StashSenseError('bad-input', message('accept.chooseOne'));
    const item = await readUnchanged(parts, suggestion);
    const [first = null] = suggestion.payload.seen;
    const seen = face === undefined ? first : face;
    const planned = (performerId: string, name: string): AcceptPlan => ({
      ...readAs(item),
      changes: performerId === '' ? [] : [adding(item, 'performers', [performerId])],
      addTags: [],
      summary: message('history.added', { name }),
      face: seen && { ...seen, performerId },
    });
    const performerId = choices.performerId;
    const profile = (prepared ?? null) as PackProfile | null;
    const stashIds = [...(person?.stashIds ?? []), ...stashIdsOf(profile?.values ?? {})];
    const performer =
      performerId === undefined
        ? await withStashId(parts, person?.name ?? '', [...stashIds, ...(profile?.stashIds ?? [])])
        : await readPerformer(parts, performerId, item);
    if (performer !== null) {
      const along = choices.addStashId === true ? await stashIdFor(parts, performer, stashIds) : null;
      if (item.performerIds.includes(performer.id) && along === null) return null;
      return { ...planned(performer.id, shownName(performer)), ...(along !== null && { along }) };
    }
    const meant = person!;
    const values = await valuesToMake(parts, meant, profile, choices);
    const name = String(scalarOf(values, 'name') ?? meant.name);
    return {
      ...planned('', name),
      makes: {
        values: { ...values },
        picture: profile?.picture ?? null,
        summary: message('history.madePerformer', { name }),
      },
      note: profile?.note ?? null,
    };
  },

  refusal: ({ payload: { people, performers } }, state) =>
    refusalOfChoice(eitherOf([...people.map(shownName), ...performers.map(({ name }) => name)]), state),

  async dismissals(parts, suggestion, { personId, performerId }) {
    const { people, performers } = suggestion.payload;
    const isAll = personId === undefined && performerId === undefined;
    const meant = [
      ...people
        .filter((person) => isAll || person.personId === personId)
        .map((person) => asPerformer(person.personId, person)),
      ...(await Promise.all(
        performers
          .filter((performer) => isAll || performer.performerId === performerId)
          .map((performer) => performerOf(parts, performer.performerId, suggestion.entity)),
      )),
    ];
    return await Promise.all(meant.map((performer) => notSeenIn(parts, suggestion, performer)));
  },

  afterDismissed: (parts, { entity, entityTitle }) => proposeAgain(parts, { ...entity, title: entityTitle }),
};

/** Of what is excluded by now, gone or another film no stash-box is asked: the plan says why. */
async function isReadable({ library }: Pick<PlanParts, 'library'>, suggestion: Seen): Promise<boolean> {
  try {
    await readUnchanged({ library }, suggestion);
    return true;
  } catch (error) {
    if (error instanceof StashSenseError) return false;
    throw error;
  }
}

/** A performer has one of the stash IDs; also one who is excluded, which the plan says. */
async function isKnown(
  { library }: Pick<PlanParts, 'library'>,
  { name, stashIds }: PackCandidate,
): Promise<boolean> {
  try {
    return (await withStashId({ library }, name, stashIds)) !== null;
  } catch (error) {
    if (hasCode(error, 'excluded')) return true;
    throw error;
  }
}

/** Null: it is open which of several. */
function chosenPerson({ payload }: Seen, { personId, performerId }: PackPersonChoices): PackCandidate | null {
  const { people, performers } = payload;
  if (personId !== undefined) return people.find((person) => person.personId === personId) ?? null;
  const isOnlyOne = people.length === 1 && (performers.length === 0 || performerId !== undefined);
  const isTied = performers.some((performer) => performer.performerId === performerId);
  return isOnlyOne && !isTied ? (people[0] ?? null) : null;
}

/**
What gives the performer the stash IDs of endpoints of which there is none yet; null: nothing.
@throws StashSenseError `changed-since`: somebody else has one of them; `excluded`: who has it is excluded by the settings
*/
async function stashIdFor(
  { library }: Pick<PlanParts, 'library'>,
  performer: StashPerformer,
  stashIds: readonly StashIdValue[],
): Promise<NonNullable<AcceptPlan['along']> | null> {
  const missing = stashIds.filter(
    ({ endpoint }, at) =>
      !performer.stashIds.some((known) => known.endpoint === endpoint) &&
      stashIds.findIndex((other) => other.endpoint === endpoint) === at,
  );
  const entity = { kind: 'performer', id: performer.id } as const;
  for (const stashId of missing) await checkNobodyElse({ library }, entity, shownName(performer), stashId);
  const object = missing.length === 0 ? null : await library.object(entity);
  if (object === null) return null;
  return {
    entity,
    identity: object.identity,
    changes: [{ op: 'add', entity, field: 'stashIds', values: missing }],
    summary: message('history.addedStashId', { name: shownName(performer) }),
  };
}

/**
The values of the performer to be made, under a name that is free.

@throws NameTaken where it is for the user to say whether somebody of this name is meant
*/
async function valuesToMake(
  { library, referencePacks }: PlanParts,
  person: PackCandidate,
  profile: PackProfile | null,
  { disambiguation }: PackPersonChoices,
): Promise<FieldValues> {
  const known = profile?.values ?? null;
  // A dry run fetches nothing: it only looks whether the name is free.
  if (known === null && (await findPackPerson({ referencePacks }, person.personId)) === null)
    throw new StashSenseError('not-found', message('packPeople.gone', { name: person.name }));
  const values: FieldValues = {
    ...(known ?? { name: person.name, disambiguation: person.disambiguation }),
    ...(disambiguation !== undefined && { disambiguation }),
  };
  await checkNamesakes({ library }, person.personId, values, {
    stashIds: [...person.stashIds, ...stashIdsOf(values)],
    isTold: disambiguation !== undefined,
    known: String(scalarOf(known ?? {}, 'disambiguation') ?? ''),
  });
  return values;
}
