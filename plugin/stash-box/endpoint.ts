import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';

/** The addresses of one stash-box. */
export type Endpoint = {
  /** As Stash's settings write it; the `endpoint` of stash IDs. */
  readonly text: string;
  readonly graphql: URL;
  /**
  The address of a picture. The server names one itself, with the host and the scheme that it was asked with, which behind a
  proxy may be others than those that lead to it.
  */
  picture(imageId: string): URL;
};

/** @throws StashSenseError `bad-input` */
export function parseEndpoint(text: string, name: string): Endpoint {
  let graphql: URL;
  try {
    graphql = new URL(text);
  } catch {
    throw new StashSenseError('bad-input', message('stashBox.noAddress', { name }));
  }
  if (graphql.protocol !== 'http:' && graphql.protocol !== 'https:')
    throw new StashSenseError('bad-input', message('stashBox.noAddress', { name }));
  if (graphql.username || graphql.password)
    throw new StashSenseError('bad-input', message('stashBox.addressHoldsSecret', { name }));
  graphql.hash = '';
  const base = graphql.pathname.replace(/\/+(?:graphql\/*)?$/, '');
  return {
    text,
    graphql,
    picture: (imageId) => new URL(`${graphql.origin}${base}/images/${encodeURIComponent(imageId)}`),
  };
}
