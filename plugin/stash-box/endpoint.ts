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

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The form in which a stash-box answers an id: lower case, with dashes. Null: it is no id of a stash-box. */
export function toBoxId(id: string): string | null {
  if (!UUID.test(id)) return null;
  const digits = id.toLowerCase().replaceAll('-', '');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
