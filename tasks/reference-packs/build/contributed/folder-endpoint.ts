import { hash } from 'node:crypto';
import path from 'node:path';
import type { Context } from '../../../runs/task.ts';

/**
Of a name that no stash-box can have, so that nobody is asked for what it names. A second folder of that name gets a part of the
hash of its whole path besides, so that its pack does not replace that of the first.
*/
export async function endpointOfFolder({ store }: Pick<Context, 'store'>, folder: string): Promise<string> {
  const known = [
    ...Object.values((await store.state.get('reference-packs-built')) ?? {}),
    ...((await store.state.get('reference-pack-builds')) ?? []),
  ];
  const place = path.resolve(folder);
  const own = known.find((it) => it.folder !== null && path.resolve(it.folder) === place);
  if (own !== undefined) return own.endpoint;
  const plain = toEndpoint(nameOf(place));
  const isTaken = known.some(({ endpoint }) => endpoint === plain);
  return isTaken ? toEndpoint(`${nameOf(place)}.${hash('sha256', place).slice(0, 8)}`) : plain;
}

function nameOf(folder: string): string {
  const name = path
    .basename(folder)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .slice(0, 40)
    .replaceAll(/^\.|\.$/g, '');
  return name === '' ? 'people' : name;
}

function toEndpoint(name: string): string {
  return `https://${name}.invalid/graphql`;
}
