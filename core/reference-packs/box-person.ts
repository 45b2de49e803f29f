import type { ListedBoxPerformer } from '../ports/boxes/box-people.ts';
import type { BoxPerformer } from '../ports/stash-box.ts';
import type { PackPerson } from './reference-pack.ts';

/** What is kept of what a stash-box says of somebody. */
export function toListed(performer: BoxPerformer): ListedBoxPerformer {
  const { id, name, disambiguation, aliases, gender, birthDate, country, images } = performer;
  return { id, name, disambiguation, aliases, gender, birthDate, country, images };
}

/** @param imageId the picture that shows them best */
export function toPackPerson(
  endpoint: string,
  { id, name, disambiguation, aliases, gender, birthDate, country }: ListedBoxPerformer,
  imageId: string,
): PackPerson {
  const year = /^(\d{4})(?:-|$)/.exec(birthDate ?? '')?.[1];
  return {
    id,
    name: name.trim() === '' ? id : name,
    disambiguation,
    aliases: [...aliases],
    stashIds: [{ endpoint, stashId: id }],
    birthYear: year === undefined ? null : Number(year),
    gender,
    country,
    picture: { endpoint, imageId },
  };
}
