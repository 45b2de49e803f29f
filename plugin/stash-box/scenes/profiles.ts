/** All that a stash-box publishes of scenes, asked for by their ids. */
import { z } from 'zod';
import { toBlankedLine } from '../../../core/printable.ts';
import type { BoxSceneProfile, BoxScenes } from '../../../core/ports/boxes/box-scenes.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import type { Endpoint } from '../endpoint.ts';
import {
  Id,
  Image,
  list,
  LONGEST_NAME,
  orNull,
  PartialDate,
  text,
  toBoxImage,
  toPerformer,
  WebAddress,
} from '../performer.ts';
import { sceneProfilesDocument } from '../questions/documents.ts';
import { byIdAsAsked, validIds, type Parts } from './casts.ts';

/** Each has the whole of its performers, which costs a box more than a name. */
const AT_ONCE = 10;
const LONGEST_DETAILS = 50_000;

export function createSceneProfiles({
  endpoint,
  eachOf,
}: Pick<Parts, 'endpoint' | 'eachOf'>): Pick<BoxScenes, 'sceneProfiles'> {
  return {
    async sceneProfiles(ids) {
      const found = new Map<string, BoxSceneProfile | null>();
      const take = (id: string, answered: unknown): void => {
        if (answered === null) found.set(id, null);
        const profile = toProfile(answered, endpoint);
        if (profile?.id === id) found.set(id, profile);
      };
      await eachOf(validIds(ids), sceneProfilesDocument, take, AT_ONCE);
      const none = ids.filter((id) => toBoxId(id) === null).map((id) => [id, null] as const);
      return new Map([...none, ...byIdAsAsked(ids, found)]);
    },
  };
}

const Details = orNull(
  z
    .string()
    .max(LONGEST_DETAILS)
    .transform((details) =>
      details
        .split(/\r\n?|\n/)
        .map(toBlankedLine)
        .join('\n')
        .trim(),
    )
    .pipe(z.string().min(1)),
);
const Studio = z
  .object({ id: Id, name: text(LONGEST_NAME) })
  .transform(({ id, name }) => (name === null ? null : { id, name }));
const Parented = z
  .object({ id: Id, name: text(LONGEST_NAME), parent: orNull(Studio) })
  .transform(({ id, name, parent }) => (name === null ? null : { id, name, parent }));
const Tag = z
  .object({ id: Id, name: text(LONGEST_NAME), description: Details, aliases: list(text(LONGEST_NAME)) })
  .transform(({ name, ...tag }) => (name === null ? null : { ...tag, name }));
const Scene = z.object({
  id: Id,
  deleted: orNull(z.boolean()),
  title: text(LONGEST_NAME),
  code: text(LONGEST_NAME),
  details: Details,
  director: text(LONGEST_NAME),
  release_date: PartialDate,
  date: PartialDate,
  urls: list(WebAddress),
  studio: orNull(Parented),
  tags: list(Tag),
  images: list(Image),
  performers: list(z.object({ as: text(LONGEST_NAME), performer: z.unknown() })),
});

/** Null: what came is no scene. */
function toProfile(answered: unknown, endpoint: Endpoint): BoxSceneProfile | null {
  const parsed = Scene.safeParse(answered);
  if (!parsed.success) return null;
  const { deleted, release_date: released, date, images, performers, ...row } = parsed.data;
  return {
    ...row,
    deleted: deleted ?? false,
    date: released ?? date,
    urls: [...new Set(row.urls)],
    cast: performers.map(({ as, performer }) => ({
      performer: toPerformer(performer, endpoint),
      as: as ?? '',
    })),
    images: images.map((image) => toBoxImage(image, endpoint)),
  };
}
