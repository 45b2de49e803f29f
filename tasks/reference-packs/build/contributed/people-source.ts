/** Where the people of a pack come from: a stash-box of Stash's settings, a folder with a table, or a scraper of Stash. */
import path from 'node:path';
import { inEnglish } from '../../../../core/messages/english.ts';
import { message } from '../../../../core/messages/message.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import type { BuildRequest } from '../../../../core/reference-packs/build.ts';
import type { Context } from '../../../runs/task.ts';
import { readIsLeftOut } from '../library-ids.ts';
import { boxOf } from '../requests.ts';
import { openScraped } from './scraped-people.ts';

/** So many sentences about rows are logged; the others are counted. */
const MAX_SAID = 20;

type Parts = Pick<
  Context,
  'stashBoxes' | 'referencePacks' | 'exclusions' | 'log' | 'scrapers' | 'library' | 'sleep'
>;
export type PeopleSource = {
  /** For display. */
  readonly name: string;
  /** `isAwaited`: as of `StashBoxes.open`. */
  open(options?: { readonly isAwaited?: boolean }): Promise<StashBoxClient>;
};

/** @throws StashSenseError `bad-input` */
export async function sourceOf(
  context: Parts,
  { endpoint, folder, scraped }: Pick<BuildRequest, 'endpoint' | 'folder' | 'scraped'>,
): Promise<PeopleSource> {
  const { stashBoxes } = context;
  if (scraped !== null) {
    const { name, client } = await openScraped(context, scraped, endpoint);
    return { name, open: () => Promise.resolve(client) };
  }
  if (folder === null) {
    const { name } = await boxOf(context, endpoint);
    return { name, open: async (options) => await stashBoxes.open(endpoint, options) };
  }
  let opening: Promise<StashBoxClient> | null = null;
  return {
    name: path.basename(folder),
    open: async () => await (opening ??= openFolder(context, folder, endpoint)),
  };
}

async function openFolder(context: Parts, folder: string, endpoint: string): Promise<StashBoxClient> {
  const { referencePacks, log } = context;
  const isOut = await readIsLeftOut(context);
  let said = 0;
  const client = await referencePacks.openPeopleFolder(folder, endpoint, (problem) => {
    if (++said <= MAX_SAID) log.warn(inEnglish(problem));
  });
  if (said > MAX_SAID)
    log.warn(inEnglish(message('peopleTable.moreLeftOut', { count: said - MAX_SAID, folder })));
  // Whom nothing may be learnt of is as good as not in the table.
  const isIn = ({ stashIds = [] }: { readonly stashIds?: Parameters<typeof isOut>[0] }): boolean =>
    !isOut(stashIds);
  return {
    ...client,
    async performers(ids) {
      const found = await client.performers(ids);
      return new Map([...found].map(([id, one]) => [id, one !== null && isIn(one) ? one : null]));
    },
    async performersPage(page, order, filter) {
      const found = await client.performersPage(page, order, filter);
      const performers = found.performers.filter(isIn);
      return { ...found, performers, skipped: found.performers.length - performers.length };
    },
  };
}
