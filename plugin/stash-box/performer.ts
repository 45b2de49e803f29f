/** Performers as a stash-box answers them, whose texts anybody may have written. */
import { z } from 'zod';
import { toBlankedLine } from '../../core/printable.ts';
import type { BoxImage, BoxPerformer } from '../../core/ports/stash-box.ts';
import { toBoxId } from '../../core/stash-box/box-id.ts';
import type { Endpoint } from './endpoint.ts';

export const LONGEST_NAME = 500;
const LONGEST_TEXT = 2000;
/** Of a list, unless it says another number. */
const MOST = 500;

export const Id = z.string().transform((written, context) => {
  const id = toBoxId(written);
  if (id !== null) return id;
  context.addIssue({ code: 'custom', message: 'no id' });
  return z.NEVER;
});
/** Null where it does not fit. */
export function orNull<Value>(schema: z.ZodType<Value>) {
  return z
    .unknown()
    .optional()
    .transform((value) => schema.safeParse(value).data ?? null);
}
/** On one line, without characters that move the cursor or turn the text around. Null: there is none, or it is too long. */
export function text(longest: number) {
  const line = z.string().transform((value) => toBlankedLine(value).trim());
  return orNull(line.pipe(z.string().min(1).max(longest)));
}
export const number = orNull(z.int());
/** ThePornDB was seen to write a time after the day, which is always midnight. */
export const PartialDate = orNull(
  z
    .string()
    .transform((date) => date.replace(/[ T]00:00:00(?:\.0+)?Z?$/, ''))
    .pipe(z.string().regex(/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/)),
);
/** A member that does not fit is left out, as are those beyond `most`. */
export function list<Member>(member: z.ZodType<Member>, most = MOST) {
  return z
    .unknown()
    .optional()
    .transform((members) =>
      (Array.isArray(members) ? (members as unknown[]) : [])
        .slice(0, most)
        .map((value) => member.safeParse(value).data ?? null)
        .filter((value) => value !== null),
    );
}
const Modification = z
  .object({ location: text(LONGEST_TEXT), description: text(LONGEST_TEXT) })
  .transform(({ location, description }) => (location === null ? null : { location, description }));
export const WebAddress = z.object({ url: z.string().max(LONGEST_TEXT) }).transform(({ url }) => {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  return protocol === 'http:' || protocol === 'https:' ? toBlankedLine(url) : null;
});
/** Absent where it was not asked for. */
const MERGED_INTO = 'merged_into_id';
export const Image = z.object({ id: Id, width: number, height: number });

const Performer = z.object({
  id: Id,
  name: z
    .string()
    .transform((name) => toBlankedLine(name).trim())
    .pipe(z.string().min(1).max(LONGEST_NAME)),
  disambiguation: text(LONGEST_NAME),
  aliases: list(text(LONGEST_NAME)),
  gender: text(100),
  birth_date: PartialDate,
  death_date: PartialDate,
  ethnicity: text(100),
  country: text(100),
  eye_color: text(100),
  hair_color: text(100),
  height: number,
  band_size: number,
  cup_size: text(20),
  waist_size: number,
  hip_size: number,
  breast_type: text(100),
  career_start_year: number,
  career_end_year: number,
  tattoos: list(Modification),
  piercings: list(Modification),
  urls: list(WebAddress),
  images: list(Image),
  deleted: orNull(z.boolean()),
  merged_into_id: orNull(Id),
  merged_ids: list(Id),
  // 0 to 6 digits after the point: compared as a time, never as text.
  updated: z
    .string()
    .transform((time) => Date.parse(time))
    .pipe(z.number())
    .optional(),
});

/** Null: what came is no performer. */
export function toPerformer(answered: unknown, endpoint: Endpoint): BoxPerformer | null {
  const parsed = Performer.safeParse(answered);
  if (!parsed.success) return null;
  const row = parsed.data;
  return {
    id: row.id,
    name: row.name,
    disambiguation: row.disambiguation ?? '',
    aliases: row.aliases,
    gender: row.gender,
    birthDate: row.birth_date,
    deathDate: row.death_date,
    ethnicity: row.ethnicity,
    country: row.country,
    eyeColor: row.eye_color,
    hairColor: row.hair_color,
    heightCm: row.height,
    bandSize: row.band_size,
    cupSize: row.cup_size,
    waistSize: row.waist_size,
    hipSize: row.hip_size,
    breastType: row.breast_type,
    careerStartYear: row.career_start_year,
    careerEndYear: row.career_end_year,
    tattoos: row.tattoos,
    piercings: row.piercings,
    urls: row.urls,
    images: row.images.map((image) => toBoxImage(image, endpoint)),
    deleted: row.deleted ?? false,
    mergedIntoId: row.merged_into_id,
    ...(!(MERGED_INTO in Object(answered)) && { hidesMerges: true }),
    mergedIds: row.merged_ids,
    updatedAt: row.updated ?? 0,
  };
}

export function toBoxImage({ id, width, height }: z.output<typeof Image>, endpoint: Endpoint): BoxImage {
  return { id, url: endpoint.picture(id).href, width: width ?? 0, height: height ?? 0 };
}
