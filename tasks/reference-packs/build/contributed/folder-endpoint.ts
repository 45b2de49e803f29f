import path from 'node:path';

/** Of a name that no stash-box can have, so that nobody is asked for what it names. */
export function endpointOfFolder(folder: string): string {
  const name = path
    .basename(folder)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .slice(0, 40)
    .replaceAll(/^\.|\.$/g, '');
  return `https://${name === '' ? 'people' : name}.invalid/graphql`;
}
