import type { StashIdValue } from '../changes/change.ts';
import { toBlankedLine } from '../printable.ts';
import type { PackPerson } from './reference-pack.ts';

/** Characters; the longest names of stash-boxes have about 80. */
const MAX_TEXT = 300;
const MAX_LISTED = 200;

/**
As packs are written and read: one line without control and bidirectional characters, at most so long. What a box or a
stranger's pack calls somebody can then stand in any sentence; HTML is plain text everywhere.
*/
export function cleanPerson(person: PackPerson): PackPerson {
  const { id, name, disambiguation, aliases, stashIds, birthYear, gender, country, picture, joins } = person;
  return {
    id,
    name: cleanText(name) || cleanText(id) || '?',
    disambiguation: cleanText(disambiguation),
    aliases: aliases
      .slice(0, MAX_LISTED)
      .map(cleanText)
      .filter((alias) => alias !== ''),
    stashIds: stashIds.slice(0, MAX_LISTED).map(cleanId),
    birthYear,
    gender: gender === null ? null : cleanText(gender),
    country: country === null ? null : cleanText(country),
    picture: picture && { endpoint: cleanText(picture.endpoint), imageId: cleanText(picture.imageId) },
    ...(joins !== undefined &&
      joins.length > 0 && {
        joins: joins
          .slice(0, MAX_LISTED)
          .map((join) => ({ ...join, one: cleanId(join.one), other: cleanId(join.other) })),
      }),
  };
}

function cleanId({ endpoint, stashId }: StashIdValue): StashIdValue {
  return { endpoint: cleanText(endpoint), stashId: cleanText(stashId) };
}

/** A character of two code units is not cut in half. */
function cleanText(text: string): string {
  const line = toBlankedLine(text.slice(0, 4 * MAX_TEXT)).trim();
  return line.length <= MAX_TEXT ? line : Array.from(line).slice(0, MAX_TEXT).join('');
}
