import { findPerformerIds, type PerformerConditions, type PerformerOrder } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';

/** Has the performers who fit kept as a list for the Stash IDs tab. @returns its name; null: nobody fits */
export async function performerListOf(
  order: PerformerOrder,
  conditions: PerformerConditions,
): Promise<string | null> {
  const performerIds = await findPerformerIds(order, conditions);
  return performerIds.length === 0 ? null : await keepPerformerList(performerIds);
}

export async function keepPerformerList(performerIds: readonly string[]): Promise<string> {
  return (await ask('stashIds.list', { performerIds: [...performerIds] })).performerList;
}
