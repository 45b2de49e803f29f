/** Checks before a stash ID is used or written: that the object has it, or that a performer can get it. */
import type { StashIdValue, StashObject } from '../../../core/changes/change.ts';
import { stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import type { Context } from '../../runs/task.ts';

/** @throws StashSenseError `changed-since`: it does not have the stash ID */
export function checkLinked({ title: name, values }: StashObject, stashId: StashIdValue): void {
  if (has(stashIdsOf(values), stashId)) return;
  const box = shownBox(stashId.endpoint);
  throw new StashSenseError('changed-since', message('boxOffers.notLinked', { name, box }));
}

/** @throws StashSenseError `changed-since`: the performer has another id there, or somebody else has this one; `excluded`: who has it is excluded by the settings */
export async function isLinked(
  { library }: Pick<Context, 'library'>,
  { entity, title: name, values }: StashObject,
  stashId: StashIdValue,
): Promise<boolean> {
  const known = stashIdsOf(values);
  if (has(known, stashId)) return true;
  if (known.some(({ endpoint }) => endpoint === stashId.endpoint))
    throw new StashSenseError(
      'changed-since',
      message('stashIds.hasAnother', { name, box: shownBox(stashId.endpoint) }),
    );
  await checkNobodyElse({ library }, entity, name, stashId);
  return false;
}

/**
@param name of the performer `id`
@throws StashSenseError `changed-since`: somebody else has the stash ID; `excluded`: who has it is excluded by the settings
*/
export async function checkNobodyElse(
  { library }: Pick<Context, 'library'>,
  { id }: Pick<StashObject['entity'], 'id'>,
  name: string,
  stashId: StashIdValue,
): Promise<void> {
  const [alike] = await library.performersAlike([{ name, stashIds: [stashId] }]);
  const isOwner = (one: StashPerformer): boolean => one.id !== id && has(one.stashIds, stashId);
  const excluded = alike?.excluded.find(isOwner);
  if (excluded !== undefined)
    throw new StashSenseError('excluded', message('exclusions.performer', { name: shownName(excluded) }));
  const owner = alike?.performers.find(isOwner);
  if (owner === undefined) return;
  const box = shownBox(stashId.endpoint);
  throw new StashSenseError(
    'changed-since',
    message('stashIds.isOfAnother', { name, other: shownName(owner), box }),
  );
}

function has(stashIds: readonly StashIdValue[], wanted: StashIdValue): boolean {
  return stashIds.some((one) => keyOfStashId(one) === keyOfStashId(wanted));
}
