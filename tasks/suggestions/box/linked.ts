/** Checks before a stash ID is used or written: that the object has it, or that a performer can get it. */
import type { StashIdValue, StashObject } from '../../../core/changes/change.ts';
import { stashIdsOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type { Context } from '../../runs/task.ts';
import { hasOneOf, withStashId } from './namesakes.ts';

/** @throws StashSenseError `changed-since`: it does not have the stash ID */
export function checkLinked({ title: name, values }: StashObject, stashId: StashIdValue): void {
  if (hasOneOf(stashIdsOf(values), [stashId])) return;
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
  if (hasOneOf(known, [stashId])) return true;
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
  const owner = await withStashId({ library }, name, [stashId], id);
  if (owner === null) return;
  const box = shownBox(stashId.endpoint);
  throw new StashSenseError(
    'changed-since',
    message('stashIds.isOfAnother', { name, other: shownName(owner), box }),
  );
}
