/** Performers whom Stash's list of performers sent to our page: thousands of ids that no address and no question has to hold. */
import { createHash } from 'node:crypto';
import { listOf, scalarOf } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { normalizeText } from '../../../core/normalize-text.ts';
import type { Context } from '../../runs/task.ts';

const KEPT_MS = 7 * 86_400_000;
/** The newest: each holds up to 100 000 ids. */
const MAX_LISTS = 20;

/** @returns its name, which is the same for the same performers in the same order */
export async function keepPerformerList(
  { store }: Pick<Context, 'store'>,
  performerIds: readonly string[],
): Promise<string> {
  const ids = [...new Set(performerIds)];
  const name = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 16);
  await store.transaction(async () => {
    const known = ((await store.state.get('performer-lists')) ?? []).filter((other) => other !== name);
    const names = [name, ...known];
    for (const old of names.slice(MAX_LISTS)) await store.state.delete(`performer-list:${old}`);
    await store.state.set('performer-lists', names.slice(0, MAX_LISTS), KEPT_MS);
    await store.state.set(`performer-list:${name}`, { performerIds: ids }, KEPT_MS);
  });
  return name;
}

/** @throws StashSenseError `not-found` when it was erased, or is too old */
export async function readPerformerList(
  { store }: Pick<Context, 'store'>,
  name: string,
): Promise<readonly string[]> {
  const list = await store.state.get(`performer-list:${name}`);
  if (list === null) throw new StashSenseError('not-found', message('stashIds.listIsGone'));
  return list.performerIds;
}

/** Those of these performers whose name, disambiguation or alias has the text in it. */
export async function withName(
  { library }: Pick<Context, 'library'>,
  ids: readonly string[],
  text: string,
): Promise<readonly string[]> {
  const wanted = normalizeText(text);
  const read = await library.fieldsOf('performer', ids, ['name', 'disambiguation', 'aliases']);
  return ids.filter((id) => {
    const values = read.get(id);
    if (values === undefined) return false;
    const aliases = listOf(values, 'aliases').filter((one) => typeof one === 'string');
    const names = [scalarOf(values, 'name'), scalarOf(values, 'disambiguation'), ...aliases];
    return names.some((name) => typeof name === 'string' && normalizeText(name).includes(wanted));
  });
}
