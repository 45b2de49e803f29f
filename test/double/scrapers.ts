/** Scrapers of performers as Stash's: a search by name has no pictures, somebody who was found is asked for with what was found. */

export type DoubleScraper = {
  readonly id: string;
  readonly name: string;
  readonly supported_scrapes: readonly ('NAME' | 'FRAGMENT' | 'URL')[];
  readonly performers: readonly {
    readonly name: string;
    readonly disambiguation?: string;
    readonly urls?: readonly string[];
    readonly images?: readonly string[];
  }[];
  /** What its script ends with. */
  readonly fails?: string;
};

type Input = {
  readonly query?: string | null;
  readonly performer_input?: { name?: string | null; urls?: string[] | null } | null;
};

export function createScraperFields({ scrapers }: { readonly scrapers: readonly DoubleScraper[] }) {
  return {
    listScrapers: () =>
      scrapers.map(({ id, name, supported_scrapes }) => ({ id, name, performer: { supported_scrapes } })),
    scrapeSinglePerformer({ source, input }: { source: { scraper_id?: string | null }; input: Input }) {
      const scraper = scrapers.find(({ id }) => id === source.scraper_id);
      if (scraper === undefined) throw new Error(`scraper ${source.scraper_id} not found`);
      if (scraper.fails !== undefined) throw new Error(scraper.fails);
      const { query, performer_input: performer } = input;
      if (performer)
        return scraper.performers
          .filter(({ name, urls = [] }) => name === performer.name && urls[0] === performer.urls?.[0])
          .slice(0, 1);
      // The words of Stash itself (`ErrNotImplemented` of its resolver) where it is asked by neither a name nor a performer.
      if (typeof query !== 'string') throw new Error('not implemented');
      return scraper.performers
        .filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()))
        .map((found) => ({ ...found, images: undefined }));
    },
  };
}
