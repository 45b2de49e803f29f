import type { Library, LibraryWriter } from '../../core/ports/library.ts';
import type { PerformerScrapers } from '../../core/ports/boxes/scrapers.ts';
import type { FingerprintSubmission, StashBoxSetting } from '../../core/ports/stash-box.ts';
import { createSchedulerLink, type SchedulerLink } from './lookups/scheduler-link.ts';
import { createConnection, type ConnectionOptions } from './connection.ts';
import { createGraphql } from './graphql.ts';
import { createLibrary } from './library.ts';
import { createLibraryWriter } from './changes/writer.ts';
import { readFeatures } from './capabilities.ts';
import { apiKeyQuery, stashBoxesQuery } from './queries.ts';
import { createScrapers } from './lookups/scrapers.ts';
import { createFingerprintSubmission } from './lookups/submit-fingerprints.ts';

export type Stash = {
  readonly library: Library;
  readonly writer: LibraryWriter;
  readonly scrapers: PerformerScrapers;
  readonly fingerprints: FingerprintSubmission;
  readonly scheduler: SchedulerLink;
  /** Uses Stash's API key from now on, if there is one: a session ends after an hour without a request, and some work is longer. */
  useApiKey(): Promise<void>;
  /** With their keys, which are redacted from now on: for `plugin/stash-box/` alone. */
  stashBoxes(): Promise<readonly StashBoxSetting[]>;
  close(): void;
};

/** Opens all ports of one Stash. `configDir`: folder of config.yml, as Stash passed it to the plugin; absent on the command line. */
export function openStash(options: ConnectionOptions & { readonly configDir?: string }): Stash {
  const connection = createConnection(options);
  const graphql = createGraphql(connection);
  const library = createLibrary(connection, graphql, options);
  return {
    library,
    writer: createLibraryWriter(graphql, library),
    scrapers: createScrapers(graphql),
    fingerprints: createFingerprintSubmission(graphql),
    scheduler: createSchedulerLink(graphql),
    async useApiKey() {
      const key = await graphql.query(apiKeyQuery);
      if (key) connection.session.useApiKey(key);
    },
    async stashBoxes() {
      const boxes = await graphql.query(stashBoxesQuery(await readFeatures(graphql)));
      for (const { apiKey } of boxes) connection.hide(apiKey);
      return boxes;
    },
    close: () => connection.close(),
  };
}
