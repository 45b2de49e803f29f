import type { Library, LibraryWriter } from '../../core/ports/library.ts';
import { createConnection, type ConnectionOptions } from './connection.ts';
import { createGraphql } from './graphql.ts';
import { createLibrary } from './library.ts';
import { createLibraryWriter } from './changes/writer.ts';
import { apiKeyQuery } from './queries.ts';

export type Stash = {
  readonly library: Library;
  readonly writer: LibraryWriter;
  /** Uses Stash's API key from now on, if there is one: a session ends after an hour without a request, and some work is longer. */
  useApiKey(): Promise<void>;
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
    async useApiKey() {
      const key = await graphql.query(apiKeyQuery);
      if (key) connection.session.useApiKey(key);
    },
    close: () => connection.close(),
  };
}
