/** Who of the user's performers somebody to be made may be. */
import type { FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import { scalarOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { identityOf, isCalled } from '../../../core/people/same-performer.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import type { Context } from '../../runs/task.ts';
import { NameTaken } from './name-taken.ts';

type Parts = Pick<Context, 'library'>;

/** The stash ID of somebody of a stash-box, and those that were merged into it: a performer here may still have one of these. */
export function idsAt(
  endpoint: string,
  { id, mergedIds }: Pick<BoxPerformer, 'id' | 'mergedIds'>,
): readonly StashIdValue[] {
  return [id, ...mergedIds.slice(0, MAX_MERGED)].map((stashId) => ({ endpoint, stashId }));
}

/** Each is a part of a question to Stash. */
const MAX_MERGED = 20;

/**
The performer of this Stash who has one of these stash IDs: it is the person, whatever the name.
@param except id of a performer who is not looked for
@throws StashSenseError `excluded`: who has it is excluded by the settings
*/
export async function withStashId(
  { library }: Parts,
  name: string,
  stashIds: readonly StashIdValue[],
  except: string | null = null,
): Promise<StashPerformer | null> {
  if (stashIds.length === 0) return null;
  const [alike] = await library.performersAlike([{ name, stashIds }]);
  const isMeant = (one: StashPerformer): boolean => one.id !== except && hasOneOf(one.stashIds, stashIds);
  const excluded = alike?.excluded.find(isMeant);
  if (excluded !== undefined)
    throw new StashSenseError('excluded', message('exclusions.performer', { name: shownName(excluded) }));
  return alike?.performers.find(isMeant) ?? null;
}

export function hasOneOf(known: readonly StashIdValue[], wanted: readonly StashIdValue[]): boolean {
  const keys = new Set(wanted.map(keyOfStashId));
  return known.some((one) => keys.has(keyOfStashId(one)));
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
  const [alike] = await library.performersAlike([{ name, stashIds: [] }]);
  const isNamesake = (one: StashPerformer): boolean => isCalled(one, name);
  const shown = alike?.performers.filter(isNamesake) ?? [];
  // Who is excluded is named to nobody, and may be meant all the same.
  const namesakes = [...shown, ...(alike?.excluded.filter(isNamesake) ?? [])];
  const others = shown.filter(({ id }) => id !== told.isNot);
  const mayBeMeant = namesakes.filter((one) => one.id !== told.isNot && !isSurelyAnother(one, told.stashIds));
  const given = String(scalarOf(values, 'disambiguation') ?? '');
  const wanted = identityOf({ name, disambiguation: given });
  const isTaken = namesakes.some((one) => identityOf(one) === wanted);
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
