/** Who of the user's performers somebody to be made may be. */
import type { FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import { scalarOf, within } from '../../../core/changes/values.ts';
import { normalizeText } from '../../../core/normalize-text.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import type { Context } from '../../runs/task.ts';
import { NameTaken } from './name-taken.ts';

type Parts = Pick<Context, 'library'>;

/** The performer of this Stash who has one of these stash IDs: it is the person, whatever the name. */
export async function withStashId(
  { library }: Parts,
  name: string,
  stashIds: readonly StashIdValue[],
): Promise<StashPerformer | null> {
  if (stashIds.length === 0) return null;
  const found = await library.performersLike({ name, stashIds });
  return found.find((performer) => within(stashIds, performer.stashIds).length > 0) ?? null;
}

/**
Whether a performer can be made with these values.
@param personId names who is to be made in the question to the user
@param told.stashIds of who is to be made
@param told.isTold the user has said that nobody of the name is meant
@param told.isNot id of a performer whom the user has said they are not
@param told.known the disambiguation by which others know them
@throws NameTaken where it is for the user to say whether somebody of this name is meant
*/
export async function checkNamesakes(
  { library }: Parts,
  personId: string,
  values: FieldValues,
  told: {
    readonly stashIds: readonly StashIdValue[];
    readonly isTold: boolean;
    readonly known: string;
    readonly isNot?: string;
  },
): Promise<void> {
  const name = String(scalarOf(values, 'name') ?? '');
  const namesakes = (await library.performersLike({ name, stashIds: [] })).filter((one) =>
    [one.name, ...one.aliases].some((text) => normalizeText(text) === normalizeText(name)),
  );
  const others = namesakes.filter(({ id }) => id !== told.isNot);
  const mayBeMeant = others.filter((one) => !isSurelyAnother(one, told.stashIds));
  const given = String(scalarOf(values, 'disambiguation') ?? '');
  const isTaken = namesakes.some(
    (one) =>
      normalizeText(one.name) === normalizeText(name) &&
      normalizeText(one.disambiguation) === normalizeText(given),
  );
  if (isTaken || (mayBeMeant.length > 0 && !told.isTold))
    throw new NameTaken({
      personId,
      name,
      disambiguation: given === '' ? told.known : given,
      performers: others.map((one) => ({ performerId: one.id, name: shownName(one) })),
    });
}

/** Two performers with different ids of one stash-box are two people. */
function isSurelyAnother(performer: StashPerformer, stashIds: readonly StashIdValue[]): boolean {
  return performer.stashIds.some((a) => stashIds.some((b) => a.endpoint === b.endpoint));
}
