/** Addresses of pages about somebody, which stash-boxes and users write in different ways. */
import { boxHost } from '../reference-packs/box-address.ts';
import { toBoxId } from './box-id.ts';

/** Sites that have changed their name, by the name that they have now. */
const FORMER_HOSTS: Readonly<Record<string, string>> = {
  'twitter.com': 'x.com',
  'mobile.twitter.com': 'x.com',
};

/** The same for all ways to write the address of one page. Null: it is no page of one person, such as the first page of a site. */
export function pageKey(text: string): string | null {
  const address = text.trim();
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return null;
  const { host, pathname, search } = new URL(address);
  const site = host.toLowerCase().replace(/^(?:www|m)\./, '');
  const path = pathname.replace(/\/+$/, '');
  if (path === '' && search === '') return null;
  return `${FORMER_HOSTS[site] ?? site}${path}${search}`.toLowerCase();
}

/** The id of the performer of the stash-box of this endpoint whose page this is; null: it is none of its pages of performers. */
export function boxIdOfPage(endpoint: string, page: string): string | null {
  const text = page.trim();
  if (!URL.canParse(text) || boxHost(text) === null || boxHost(text) !== boxHost(endpoint)) return null;
  const [, id] = /\/performers\/([^/]+)\/?$/.exec(new URL(text).pathname) ?? [];
  return id === undefined ? null : toBoxId(id);
}
