import type { Library, LibraryWriter } from '../../core/ports/library.ts';
import { createConnection, type ConnectionOptions } from './connection.ts';
import { createGraphql } from './graphql.ts';
import { createLibrary } from './library.ts';
import { createLibraryWriter } from './changes/writer.ts';
import { apiKeyQuery } from './queries.ts';

export type Stash = {
  readonly library: Library;
  readonly writer: LibraryWriter;
  /** For work that may be silent for longer than the hour a session lives: from now on the API key, if Stash has one. */
  useApiKey(): Promise<void>;
  close(): void;
};

/** Everything we do with one Stash. `configDir`: where Stash told us its config.yml lies, if it did. */
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
