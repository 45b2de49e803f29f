import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import type React from 'react';
import type { StashDocument } from './documents.ts';

/** The used part of Stash's `window.PluginApi`, whose own .d.ts is mostly `any`. */
export type StashUi = {
  readonly React: typeof React;
  readonly libraries: {
    readonly Bootstrap: typeof import('react-bootstrap');
    readonly ReactRouterDOM: typeof import('react-router-dom');
    readonly Intl: typeof import('react-intl');
    readonly FontAwesomeSolid: typeof import('@fortawesome/free-solid-svg-icons');
    readonly Apollo: {
      gql<Answer, Variables>(text: StashDocument<Answer, Variables>): ParsedDocument<Answer, Variables>;
    };
  };
  readonly patch: {
    before(component: string, fn: (...args: unknown[]) => unknown[]): void;
    after(component: string, fn: (...args: unknown[]) => React.ReactNode): void;
  };
  readonly register: { route(path: string, component: React.ComponentType): void };
  /** Only what has been loaded so far: read it while drawing. `Icon` is there from the start. */
  readonly components: {
    readonly Icon: React.ComponentType<{ icon: IconDefinition; className?: string; title?: string }>;
    readonly Setting?: React.ComponentType<{ heading: React.ReactNode; subHeading?: React.ReactNode }>;
  };
  readonly utils: {
    readonly StashService: { getClient(): ApolloClient };
    /** `getPlayer` since 0.29. */
    readonly InteractiveUtils?: { getPlayer?(): Player | undefined };
  };
  readonly hooks: { useToast(): StashToast };
  readonly Event: EventTarget;
};

export type ApolloClient = {
  mutate<Answer, Variables>(
    request: GraphqlRequest<Variables> & { mutation: ParsedDocument<Answer, Variables> },
  ): Promise<{ data?: Answer | null | undefined }>;
  query<Answer, Variables>(
    request: GraphqlRequest<Variables> & { query: ParsedDocument<Answer, Variables> },
  ): Promise<{ data: Answer }>;
  /** What the page asks and keeps up to date. */
  getObservableQueries?(include: 'active'): ReadonlyMap<
    string,
    {
      readonly queryName?: string | undefined;
      readonly variables?: object | undefined;
      getCurrentResult(): { readonly data?: unknown };
    }
  >;
  refetchQueries(options: {
    include?: string[];
    updateCache?: (cache: ApolloCache) => void;
  }): PromiseLike<unknown>;
};

export type ApolloCache = { evict(what: { id: string; fieldName?: string }): boolean; gc(): unknown };

type GraphqlRequest<Variables> = {
  variables: Variables;
  fetchPolicy: 'no-cache';
  context?: { fetchOptions: RequestInit };
};
/** `types` is only for the compiler. */
type ParsedDocument<Answer, Variables> = { readonly types?: (variables: Variables) => Answer };

/** A video.js player, times in seconds. */
type Player = {
  currentTime(seconds?: number): unknown;
  hasStarted?(started?: boolean): unknown;
  preload?(how: 'auto'): unknown;
};

/** One toast is shown at a time. A text in `content` can be read in full by a click on it. */
export type StashToast = {
  toast(item: {
    content: React.ReactNode;
    delay?: number;
    variant?: 'success' | 'danger' | 'warning';
    priority?: number;
  }): void;
  error(error: unknown): void;
};

export function stash(): StashUi {
  return (window as unknown as { PluginApi: StashUi }).PluginApi;
}

/** Asks Stash itself, with the client of its page. */
export async function query<Answer, Variables>(
  document: StashDocument<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const { libraries, utils } = stash();
  const { data } = await utils.StashService.getClient().query({
    query: libraries.Apollo.gql(document),
    variables,
    fetchPolicy: 'no-cache',
  });
  return data;
}

const KEPT_ALIVE = { fetchOptions: { keepalive: true } };
/** Characters: browsers refuse longer ones, and all of a page together. */
const KEPT_ALIVE_AT_MOST = 16_000;

/** Sent once. `outlivesPage`: the browser completes the request when the page is left meanwhile; browsers limit those to 64 KB. */
export async function mutate<Answer, Variables>(
  document: StashDocument<Answer, Variables>,
  variables: Variables,
  { outlivesPage = false }: { outlivesPage?: boolean } = {},
): Promise<Answer | null | undefined> {
  const { libraries, utils } = stash();
  const { data } = await utils.StashService.getClient().mutate({
    mutation: libraries.Apollo.gql(document),
    variables,
    fetchPolicy: 'no-cache',
    ...(outlivesPage && JSON.stringify(variables).length < KEPT_ALIVE_AT_MOST && { context: KEPT_ALIVE }),
  });
  return data;
}
