/** Stash's scrapers of performers. What they answer is of web sites: nothing of it is believed but its form, and that is bounded. */
import { z } from 'zod';
import type { PerformerScrapers } from '../../../core/ports/boxes/scrapers.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation } from '../operation.ts';

/** Somebody of a common name is found this often at most. */
const MAX_FOUND = 100;
const MAX_URLS = 20;
const MAX_TEXT = 300;
const MAX_URL = 2000;
const MAX_PICTURES = 50;

export const scrapersQuery = operation<types.ScrapersQuery, types.ScrapersQueryVariables>()({
  document: 'query Scrapers { listScrapers(types: [PERFORMER]) { id name performer { supported_scrapes } } }',
  answer: z
    .object({
      listScrapers: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          performer: z.object({ supported_scrapes: z.array(z.string()) }).nullish(),
        }),
      ),
    })
    .transform(({ listScrapers }) => listScrapers),
});

const SOURCE = 'source: { scraper_id: $scraper }, input: $input';
const FOUND = z.object({
  name: z.string().nullish(),
  disambiguation: z.string().nullish(),
  urls: z.array(z.string()).nullish(),
  remote_site_id: z.string().nullish(),
});

export const scrapedPerformersQuery = operation<
  types.ScrapedPerformersQuery,
  types.ScrapedPerformersQueryVariables
>()({
  document: `query ScrapedPerformers($scraper: ID!, $input: ScrapeSinglePerformerInput!) {
    scrapeSinglePerformer(${SOURCE}) { name disambiguation urls remote_site_id }
  }`,
  answer: z
    .object({ scrapeSinglePerformer: z.array(FOUND) })
    .transform((answer) => answer.scrapeSinglePerformer),
});

export const scrapedPicturesQuery = operation<
  types.ScrapedPicturesQuery,
  types.ScrapedPicturesQueryVariables
>()({
  document: `query ScrapedPictures($scraper: ID!, $input: ScrapeSinglePerformerInput!) {
    scrapeSinglePerformer(${SOURCE}) { images }
  }`,
  answer: z
    .object({ scrapeSinglePerformer: z.array(z.object({ images: z.array(z.string()).nullish() })) })
    .transform((answer) => answer.scrapeSinglePerformer.flatMap(({ images }) => images ?? [])),
});

export function createScrapers(graphql: Pick<Graphql, 'query'>): PerformerScrapers {
  return {
    async list() {
      const all = await graphql.query(scrapersQuery);
      return all.flatMap(({ id, name, performer }) => {
        const scrapes = performer?.supported_scrapes ?? [];
        return scrapes.includes('NAME') && scrapes.includes('FRAGMENT') ? [{ id, name }] : [];
      });
    },

    async find(scraper, name) {
      const found = await graphql.query(scrapedPerformersQuery, { scraper, input: { query: name } });
      return found.slice(0, MAX_FOUND).flatMap((one) =>
        typeof one.name !== 'string' || one.name.length > MAX_TEXT
          ? []
          : [
              {
                name: one.name,
                disambiguation: one.disambiguation?.slice(0, MAX_TEXT) ?? null,
                urls: (one.urls ?? []).filter((url) => url.length <= MAX_URL).slice(0, MAX_URLS),
                remoteSiteId: one.remote_site_id?.slice(0, MAX_TEXT) ?? null,
              },
            ],
      );
    },

    async pictures(scraper, { name, disambiguation, urls, remoteSiteId }) {
      const performer = { name, disambiguation, urls: [...urls], remote_site_id: remoteSiteId };
      const input = { performer_input: performer };
      return (await graphql.query(scrapedPicturesQuery, { scraper, input })).slice(0, MAX_PICTURES);
    },
  };
}
