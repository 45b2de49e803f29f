import type { ListedBoxPerformer } from '../ports/boxes/box-people.ts';
import type { BoxPerformer } from '../ports/stash-box.ts';
import type { JoinedPerson } from './join-people.ts';
import { isBoxPage } from './join/box-links.ts';
import type { PackPerson } from './reference-pack.ts';

/** What is kept of what a stash-box says of somebody. */
export function toListed(performer: BoxPerformer): ListedBoxPerformer {
  const { id, name, disambiguation, aliases, gender, birthDate, country, images, mergedIds, stashIds } =
    performer;
  const pages = performer.urls.filter(isBoxPage);
  const listed = { id, name, disambiguation, aliases, gender, birthDate, country, images, pages, mergedIds };
  return stashIds === undefined ? listed : { ...listed, stashIds };
}

/**
@param imageId the picture that shows them best; null: there is none
@param joined the person whom they and performers of other boxes are; null: they alone
*/
export function toPackPerson(
  endpoint: string,
  { id, name, disambiguation, aliases, gender, birthDate, country, stashIds }: ListedBoxPerformer,
  imageId: string | null,
  joined: JoinedPerson | null,
): PackPerson {
  const year = /^(\d{4})(?:-|$)/.exec(birthDate ?? '')?.[1];
  return {
    id,
    name: name.trim() === '' ? id : name,
    disambiguation,
    aliases: [...aliases],
    stashIds:
      stashIds === undefined
        ? [{ endpoint, stashId: id }, ...(joined?.members ?? []).filter((it) => it.endpoint !== endpoint)]
        : [...stashIds],
    birthYear: year === undefined ? null : Number(year),
    gender,
    country,
    // That of a table stays on this machine.
    picture: imageId === null || stashIds !== undefined ? null : { endpoint, imageId },
    ...(joined !== null && { joins: [...joined.joins] }),
  };
}
