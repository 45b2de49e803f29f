import { hash } from 'node:crypto';
import type { PackScope } from '../../../core/reference-packs/build.ts';
import { ReferencePackId } from '../../../core/reference-packs/reference-pack.ts';

const MAX_LENGTH = 64;
/** The usual form, which the id can be read back from: no `-` in the name, so no other address gives the same id. */
const PLAIN = /^https:\/\/([a-z0-9]+(?:\.[a-z0-9]+)*)\/graphql$/;

/**
One pack of each scope of each stash-box, so that building it again replaces it: `mine-stashdb-org`. Another address than the
usual form ends in `--` and a part of its hash.
*/
export function packIdOf(scope: PackScope, endpoint: string): string {
  const [, host] = PLAIN.exec(endpoint) ?? [];
  const plain = host === undefined ? null : `${scope}-${host.replaceAll('.', '-')}`;
  if (plain !== null && plain.length <= MAX_LENGTH) return ReferencePackId.parse(plain);
  const ending = `--${hash('sha256', endpoint).slice(0, 8)}`;
  const { host: place, pathname } = new URL(endpoint);
  const readable = `${scope}-${place}${pathname.replace(/\/?graphql\/?$/, '')}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH - ending.length)
    .replace(/-+$/, '');
  return ReferencePackId.parse(readable + ending);
}
