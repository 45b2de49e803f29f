/** The people of the development gallery (../shared/dev-gallery/make.mjs) with their pictures. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const GalleryFile = z.object({
  people: z.record(
    z.string(),
    z.object({ set: z.string(), name: z.string(), gender: z.string(), pictures: z.array(z.string()) }),
  ),
  /** Pairs of ids that are known to be one person. */
  same: z.array(z.tuple([z.string(), z.string()])),
});

export type Sex = 'female' | 'male' | 'unknown';

/** One entry of the source: two entries can be one person. */
export type Entry = {
  readonly id: string;
  readonly name: string;
  readonly set: string;
  readonly sex: Sex;
  /** Absolute paths. */
  readonly pictures: readonly string[];
};
/** The entries that are known to be one person; usually one. */
export type KnownPerson = { readonly id: string; readonly sex: Sex; readonly entries: readonly Entry[] };

/** Pictures of one entry that are used: more teach little, and some have 500. */
const MAX_PICTURES = 4;
const SEXES: Readonly<Record<string, Sex>> = { F: 'female', M: 'male' };

/** @param folder made by ../shared/dev-gallery/make.mjs */
export function readDevGallery(folder: string): KnownPerson[] {
  const { people, same } = GalleryFile.parse(
    JSON.parse(readFileSync(path.join(folder, 'people.json'), 'utf8')),
  );
  const entries = Object.entries(people).map(([id, { set, name, gender, pictures }]): Entry => ({
    id,
    name,
    set,
    sex: SEXES[gender] ?? 'unknown',
    pictures: pictures.slice(0, MAX_PICTURES).map((picture) => path.join(folder, picture)),
  }));
  return mergeKnown(entries, same);
}

/** Joins the entries of each chain of pairs, in the order of the entries. */
export function mergeKnown(
  entries: readonly Entry[],
  same: readonly (readonly [string, string])[],
): KnownPerson[] {
  const leaders = new Map(entries.map(({ id }) => [id, id]));
  const leaderOf = (id: string): string => {
    const leader = leaders.get(id) ?? id;
    return leader === id ? id : leaderOf(leader);
  };
  for (const [one, other] of same) leaders.set(leaderOf(other), leaderOf(one));
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const leader = leaderOf(entry.id);
    groups.set(leader, [...(groups.get(leader) ?? []), entry]);
  }
  return Array.from(groups.values(), (group) => ({
    id: group[0]!.id,
    sex: group.find(({ sex }) => sex !== 'unknown')?.sex ?? 'unknown',
    entries: group,
  }));
}
