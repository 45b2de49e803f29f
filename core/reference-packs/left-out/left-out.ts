import type { StashIdValue } from '../../changes/change.ts';
import type { Exclusions } from '../../exclusions/exclusions.ts';
import { keyOfStashId } from '../reference-pack.ts';
import { isOptedOut, type OptOuts } from './opt-outs.ts';

/** Whether somebody with these ids has opted out, or has an id of a performer whom the settings exclude. */
export function leftOutBy(
  { performers }: Pick<Exclusions, 'performers'>,
  optOuts: OptOuts,
): (stashIds: readonly StashIdValue[]) => boolean {
  const excluded = new Set([...performers.values()].flatMap(({ stashIds }) => stashIds.map(keyOfStashId)));
  return (stashIds) => stashIds.some((it) => excluded.has(keyOfStashId(it))) || isOptedOut(stashIds, optOuts);
}
