/** One person of a pack as compact bytes: a JSON array, with boxes by their number in the table of the file. */
import { z } from 'zod';
import { cleanPerson } from '../../core/reference-packs/clean-person.ts';
import type { StashIdValue } from '../../core/changes/change.ts';
import { jsonOf } from '../../core/json-of.ts';
import { JoinEvidence, PackPerson } from '../../core/reference-packs/reference-pack.ts';

/** Endpoints in the order of their first use. */
export type BoxTable = { readonly endpoints: readonly string[]; numberOf(endpoint: string): number };

export function createBoxTable(): BoxTable {
  const numbers = new Map<string, number>();
  const endpoints: string[] = [];
  return {
    endpoints,
    numberOf(endpoint) {
      const known = numbers.get(endpoint);
      if (known !== undefined) return known;
      numbers.set(endpoint, endpoints.length);
      return endpoints.push(endpoint) - 1;
    },
  };
}

const OfBox = z.tuple([z.int().nonnegative(), z.string()]);
/** Ids are often those of the person: 0 stands for it. */
const OwnId = z.tuple([z.int().nonnegative(), z.union([z.string(), z.literal(0)])]);
/** `similarity` in hundredths: what is shown. */
const StoredJoin = z.tuple([
  OwnId,
  OwnId,
  JoinEvidence.shape.link,
  z.int().min(-100).max(100).nullable(),
  JoinEvidence.shape.facts,
]);
const PARTS = 9;
const Stored = z
  .tuple(
    [
      z.string(),
      z.string(),
      z.string(),
      z.array(z.string()),
      z.array(OwnId),
      z.int().nullable(),
      z.string().nullable(),
      z.string().nullable(),
      OfBox.nullable(),
    ],
    z.array(StoredJoin),
  )
  .refine((parts) => parts.length <= PARTS + 1);

export function toRecord(person: PackPerson, boxes: BoxTable): string {
  const {
    id,
    name,
    disambiguation,
    aliases,
    stashIds,
    birthYear,
    gender,
    country,
    picture,
    joins = [],
  } = person;
  const ownId = ({ endpoint, stashId }: StashIdValue): z.infer<typeof OwnId> => [
    boxes.numberOf(endpoint),
    stashId === id ? 0 : stashId,
  ];
  const stored: z.infer<typeof Stored> = [
    id,
    name,
    disambiguation,
    [...aliases],
    stashIds.map(ownId),
    birthYear,
    gender,
    country,
    picture && [boxes.numberOf(picture.endpoint), picture.imageId],
    ...(joins.length === 0
      ? []
      : [
          joins.map(({ one, other, link, similarity, facts }): z.infer<typeof StoredJoin> => [
            ownId(one),
            ownId(other),
            link,
            similarity === null ? null : Math.round(100 * Math.min(1, Math.max(-1, similarity))),
            facts,
          ]),
        ]),
  ];
  return JSON.stringify(stored);
}

/** Null: it is no record, or names a box that the table does not have. */
export function fromRecord(text: string, endpoints: readonly string[]): PackPerson | null {
  const parsed = Stored.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const [id, name, disambiguation, aliases, ids, birthYear, gender, country, image, joins = []] = parsed.data;
  const named = [...ids, ...(image ? [image] : []), ...joins.flatMap(([one, other]) => [one, other])];
  if (named.some(([box]) => box >= endpoints.length)) return null;
  const stashIdOf = ([box, own]: z.infer<typeof OwnId>): StashIdValue => ({
    endpoint: endpoints[box]!,
    stashId: own === 0 ? id : own,
  });
  const person = PackPerson.safeParse({
    id,
    name,
    disambiguation,
    aliases,
    stashIds: ids.map(stashIdOf),
    birthYear,
    gender,
    country,
    picture: image && { endpoint: endpoints[image[0]]!, imageId: image[1] },
    ...(joins.length > 0 && {
      joins: joins.map(([one, other, link, hundredths, facts]) => ({
        one: stashIdOf(one),
        other: stashIdOf(other),
        link,
        similarity: hundredths === null ? null : hundredths / 100,
        facts,
      })),
    }),
  });
  return person.success ? cleanPerson(person.data) : null;
}
