/** Scrapers of performers that are installed in the user's Stash, which asks them. */

export type PerformerScraper = { readonly id: string; readonly name: string };

/** Somebody whom a scraper found by name, as it hands them on to itself. */
export type FoundByScraper = {
  readonly name: string;
  readonly disambiguation: string | null;
  readonly urls: readonly string[];
  readonly remoteSiteId: string | null;
};

/** Each call makes Stash run the scraper, which as a rule asks a web site. */
export type PerformerScrapers = {
  /** Those that find performers by name and tell more of whom they found. */
  list(): Promise<readonly PerformerScraper[]>;
  /** @throws StashSenseError `stash-refused`: the scraper failed; `stash-unreachable` */
  find(scraperId: string, name: string): Promise<readonly FoundByScraper[]>;
  /**
  Addresses of pictures, as the scraper or Stash made them: `data:` where Stash has fetched the picture.
  @throws StashSenseError as `find`
  */
  pictures(scraperId: string, found: FoundByScraper): Promise<readonly string[]>;
};
