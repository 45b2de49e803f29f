/** What a stash-box cannot be asked is left out of a listing, and said. */
import { inEnglish } from '../../../../core/messages/english.ts';
import { message } from '../../../../core/messages/message.ts';
import type { BoxEdit, BoxPerformer, StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { shownBox } from '../../../../core/reference-packs/box-address.ts';
import type { BuildRequest, PackListing } from '../../../../core/reference-packs/build.ts';
import type { Context } from '../../../runs/task.ts';

type Parts = Pick<Context, 'store' | 'log'> & { readonly client: StashBoxClient; readonly list: string };

/** @returns true, and says so, where the stash-box does not tell whom it has changed */
export async function isWithoutChanges({ client, store, list, log }: Parts): Promise<boolean> {
  if (!(await client.lacks()).has('changes')) return false;
  const people = await store.boxPeople.countMembers(list);
  const box = shownBox(client.endpoint);
  log.warn(inEnglish(message('referencePacks.build.isWithoutChanges', { box, people })));
  return true;
}

/** @returns true, and says so, where the stash-box has no list of performers. @param studios how many are left out */
export async function isWithoutStudios({ client, log }: Parts, studios: number): Promise<boolean> {
  if (studios === 0 || !(await client.lacks()).has('list')) return false;
  const box = shownBox(client.endpoint);
  log.warn(inEnglish(message('referencePacks.build.isWithoutStudios', { box, studios })));
  return true;
}

/** None, and it is said, where the stash-box does not tell: the next full listing finds who is gone. */
export async function editsSince(
  { client, store, list, log }: Parts,
  since: number,
): Promise<readonly BoxEdit[]> {
  const told = await client.performerEdits(since);
  if (told !== null) return told;
  const people = await store.boxPeople.countMembers(list);
  const box = shownBox(client.endpoint);
  log.warn(inEnglish(message('referencePacks.build.isWithoutEdits', { box, people })));
  return [];
}

/** When the stash-box has last changed somebody, by its own clock: that of this machine may be another. */
export async function newestOf(
  client: StashBoxClient,
  { listedAt }: BuildRequest,
  { step, since }: PackListing,
): Promise<number> {
  if (step === 'changed') return since;
  // No change is ever compared with it.
  if ((await client.lacks()).has('changes')) return listedAt;
  return latest((await client.performersPage(1, 'updated')).performers, 0);
}

export function latest(performers: readonly BoxPerformer[], least: number): number {
  return Math.max(least, ...performers.map(({ updatedAt }) => updatedAt));
}
