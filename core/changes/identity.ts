/** Whether an object is still the one that was meant, whatever its id says. */
import type { StashFile } from '../ports/library.ts';
import type { Change, Identity, SetChange, StashIdValue } from './change.ts';

/** Fingerprints of Stash that name the bytes of a file. */
const CONTENT = ['oshash', 'md5'];

/** `folder`: of a gallery that is a folder of pictures. */
export function identityOfMedia(
  title: string,
  files: readonly Pick<StashFile, 'fingerprints'>[],
  folder: string | null = null,
): Identity {
  const contents = files.flatMap(({ fingerprints }) =>
    CONTENT.flatMap((type) => {
      const value = fingerprints[type];
      return value === undefined ? [] : [`${type}:${value}`];
    }),
  );
  return {
    contents: folder === null ? contents : [...contents, `folder:${folder}`],
    name: title,
    disambiguation: '',
    stashIds: [],
  };
}

/**
What has files is the same as long as one of them is; without any that Stash has hashed, as long as its title is.
Performers, studios and tags are the same when they share a stash ID, or name and disambiguation.

@param changes that were made since `known` was read, or are being made: they may change what it is known by
*/
export function isSameObject(known: Identity, now: Identity, changes: readonly Change[] = []): boolean {
  if (known.contents.length > 0 && now.contents.length > 0)
    return known.contents.some((content) => now.contents.includes(content));
  if (known.stashIds.some((one) => now.stashIds.some((other) => isSameStashId(one, other)))) return true;
  const sets = changes.filter((change): change is SetChange => change.op === 'set');
  // Without a title a scene is called by its file, which is no value of the field.
  if (sets.some(({ field }) => field === 'title')) return true;
  return (
    isOneOf(now.name, known.name, sets, 'name') &&
    isOneOf(now.disambiguation, known.disambiguation, sets, 'disambiguation')
  );
}

function isOneOf(now: string, known: string, sets: readonly SetChange[], field: string): boolean {
  const own = sets.filter((change) => change.field === field);
  return [known, ...own.flatMap(({ before, after }) => [before ?? '', after ?? ''])].includes(now);
}

function isSameStashId(a: StashIdValue, b: StashIdValue): boolean {
  return a.endpoint === b.endpoint && a.stashId === b.stashId;
}
