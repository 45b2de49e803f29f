/** Performers whom the user names, with the pictures that a scraper of the user's Stash has of them: asked as a stash-box is. */
import { hash } from 'node:crypto';
import { hasCode, saidOf, StashSenseError } from '../../../../core/errors.ts';
import { inEnglish } from '../../../../core/messages/english.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import { nameKey } from '../../../../core/people/name-key.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import type { FoundByScraper } from '../../../../core/ports/boxes/scrapers.ts';
import type { BoxPerformer, StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { shareableIds } from '../../../../core/reference-packs/contributed/shareable-ids.ts';
import { PEOPLE_ONLY } from '../../../../core/reference-packs/contributed/people-only.ts';
import { PLAIN_PERSON } from '../../../../core/reference-packs/contributed/plain-person.ts';
import type { Context } from '../../../runs/task.ts';

/** A web site is asked by Stash for each: no faster than somebody who clicks. */
const PAUSE_MS = 3000;
export const MAX_SCRAPED = 200;
const MAX_PICTURES = 6;
const MAX_PICTURE_BYTES = 20e6;
/** Of the fetched pictures that wait to be looked at. Beyond it the oldest are dropped, and fetched once more when they are needed. */
const MAX_KEPT_BYTES = 64e6;

export type Scraped = { readonly scraperId: string; readonly performerIds: readonly string[] };
type Parts = Pick<Context, 'scrapers' | 'library' | 'sleep' | 'log'>;
type Pictures = ReadonlyMap<string, Uint8Array>;

/** Of a name that no stash-box can have. */
export function endpointOfScraper(scraperId: string): string {
  const name = scraperId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `https://${name.slice(0, 40) || 'a'}.scraper.invalid/graphql`;
}

/** By the ids that they have in a pack, which tell nothing of those in the user's Stash. Who is excluded or gone is absent. */
export async function scrapedPeople(
  { library }: Pick<Context, 'library'>,
  { scraperId, performerIds }: Scraped,
): Promise<Map<string, StashPerformer>> {
  const people = new Map<string, StashPerformer>();
  for (const id of performerIds) {
    const performer = await library.performer(id).catch((error: unknown) => {
      if (hasCode(error, 'excluded')) return null;
      throw error;
    });
    if (performer === null) continue;
    const { name, disambiguation } = performer;
    people.set(hash('sha256', `${scraperId}\n${name}\n${disambiguation}`).slice(0, 32), performer);
  }
  return people;
}

/**
The name and the ids are those of the user's performer; of the scraper's answer pictures alone are taken, and only those that Stash
has fetched: nothing is asked of an address that a scraper names.
@throws StashSenseError `bad-input`
*/
export async function openScraped(
  context: Parts,
  scraped: Scraped,
  endpoint: string,
): Promise<{ readonly name: string; readonly client: StashBoxClient }> {
  const { scrapers, log } = context;
  const all = await scrapers.list();
  const scraper = all.find(({ id }) => id === scraped.scraperId);
  if (scraper === undefined) {
    const known = all.map(({ id }) => id).join(', ') || '-';
    throw new StashSenseError('bad-input', message('scraper.unknown', { scraper: scraped.scraperId, known }));
  }
  const { id: scraperId, name: scraperName } = scraper;
  const people = await scrapedPeople(context, scraped);
  const say = (said: Message): void => log.warn(inEnglish(said));
  const ask = createPoliteAsking(context);
  const kept = createKept();

  async function picturesOf(id: string): Promise<Pictures | null> {
    const performer = people.get(id);
    if (performer === undefined) return null;
    const known = kept.get(id);
    if (known !== undefined) return known;
    const { name } = performer;
    try {
      const found = await ask(() => scrapers.find(scraperId, name));
      const alike = sameAs(performer, found);
      const [one] = alike;
      if (one === undefined || alike.length > 1) {
        say(message('scraper.notOne', { scraper: scraperName, name, count: alike.length }));
        return null;
      }
      const urls = await ask(() => scrapers.pictures(scraperId, one));
      const pictures = new Map<string, Uint8Array>();
      for (const url of urls) {
        const bytes = pictures.size < MAX_PICTURES ? bytesIn(url) : null;
        if (bytes !== null) pictures.set(`${id}.${hash('sha256', bytes).slice(0, 24)}`, bytes);
      }
      const count = urls.length - pictures.size;
      if (count > 0) say(message('scraper.picturesLeftOut', { scraper: scraperName, name, count }));
      kept.put(id, pictures);
      return pictures;
    } catch (error) {
      // The scraper failed; the next performer may be well.
      if (!hasCode(error, 'stash-refused')) throw error;
      say(message('scraper.failed', { scraper: scraperName, name, problem: saidOf(error) }));
      return null;
    }
  }

  async function person(id: string): Promise<BoxPerformer | null> {
    const pictures = await picturesOf(id);
    const performer = people.get(id);
    if (pictures === null || performer === undefined) return null;
    const { name, disambiguation, aliases } = performer;
    const images = [...pictures.keys()].map((image) => ({ id: image, url: '', width: 0, height: 0 }));
    const stashIds = shareableIds(performer.stashIds);
    return { ...PLAIN_PERSON, id, name, disambiguation, aliases, images, stashIds };
  }

  const client: StashBoxClient = {
    ...PEOPLE_ONLY,
    endpoint,
    asksAtOnce: 1,
    lacks: () => Promise.resolve(new Set(['list', 'changes'])),
    performer: person,
    async performers(ids) {
      const found = new Map<string, BoxPerformer | null>();
      for (const id of ids) found.set(id, await person(id));
      return found;
    },
    performersPage: () => Promise.resolve({ count: 0, performers: [], skipped: 0 }),
    changedSince: () => Promise.resolve({ performers: [], next: null }),
    picture: async ({ id }) => (await picturesOf(id.slice(0, id.indexOf('.'))))?.get(id) ?? null,
  };
  return { name: scraperName, client };
}

/** One request at a time, each a while after the one before. */
function createPoliteAsking({ sleep }: Pick<Context, 'sleep'>): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> | null = null;
  return (work) => {
    const before = last;
    const afterBefore = async () => {
      if (before !== null) {
        await Promise.allSettled([before]);
        await sleep(PAUSE_MS);
      }
      return await work();
    };
    const turn = afterBefore();
    last = turn;
    return turn;
  };
}

/** Those of the same name, where there are several of the same disambiguation. */
function sameAs(
  { name, disambiguation }: StashPerformer,
  found: readonly FoundByScraper[],
): readonly FoundByScraper[] {
  const same = found.filter((one) => nameKey(one.name) === nameKey(name));
  if (same.length < 2 || disambiguation === '') return same;
  return same.filter((one) => nameKey(one.disambiguation ?? '') === nameKey(disambiguation));
}

/** The picture that a `data:` address holds. Null: it holds none, or one that is too large. */
function bytesIn(url: string): Uint8Array | null {
  const [, prefix] = /^(data:image\/(?:jpeg|jpg|png|webp|gif);base64,)/i.exec(url.slice(0, 60)) ?? [];
  if (prefix === undefined || url.length > prefix.length + MAX_PICTURE_BYTES * (4 / 3) + 4) return null;
  const bytes = new Uint8Array(Buffer.from(url.slice(prefix.length), 'base64'));
  return bytes.length === 0 ? null : bytes;
}

/** Pictures by the id of the person, at most `MAX_KEPT_BYTES` and those of the last person. */
function createKept(): {
  get(id: string): Pictures | undefined;
  put(id: string, pictures: Pictures): void;
} {
  const all = new Map<string, Pictures>();
  const sizeOf = (pictures: Pictures): number =>
    [...pictures.values()].reduce((sum, { length }) => sum + length, 0);
  let bytes = 0;
  return {
    get: (id) => all.get(id),
    put(id, pictures) {
      bytes += sizeOf(pictures);
      all.set(id, pictures);
      for (const [oldest, of] of all) {
        if (bytes <= MAX_KEPT_BYTES || oldest === id) break;
        all.delete(oldest);
        bytes -= sizeOf(of);
      }
    },
  };
}
