/** The fields of a performer of Stash, made from what a stash-box publishes as Stash makes them itself (pkg/stashbox/performer.go). */
import type { FieldValue, FieldValues, StashIdValue } from '../changes/change.ts';
import { FIELDS, type Field } from '../changes/fields.ts';
import { isList } from '../changes/values.ts';
import { normalizeText } from '../normalize-text.ts';
import type { BodyModification, BoxPerformer } from '../ports/stash-box.ts';
import type { PackPerson } from './reference-pack.ts';

/**
Without what Stash has no value for.
@param others stash IDs of the same person in other boxes
*/
export function valuesOfBoxPerformer(
  performer: BoxPerformer,
  endpoint: string,
  others: readonly StashIdValue[] = [],
): FieldValues {
  const name = performer.name.trim();
  const { heightCm } = performer;
  return fitting({
    name,
    disambiguation: performer.disambiguation.trim(),
    aliases: distinctAliases(name, performer.aliases),
    gender: performer.gender,
    birthdate: wholeDate(performer.birthDate),
    deathDate: wholeDate(performer.deathDate),
    ethnicity: titleCase(performer.ethnicity),
    country: performer.country,
    eyeColor: titleCase(performer.eyeColor),
    hairColor: titleCase(performer.hairColor),
    heightCm: heightCm === null || heightCm <= 0 ? null : heightCm,
    measurements: measurementsOf(performer),
    fakeTits: titleCase(performer.breastType),
    careerLength: careerOf(performer),
    tattoos: modificationsOf(performer.tattoos),
    piercings: modificationsOf(performer.piercings),
    urls: [...new Set(performer.urls.map((url) => url.trim()))],
    stashIds: oneOfEachEndpoint([{ endpoint, stashId: performer.id }, ...others]),
  });
}

/** Of the little that a pack holds. */
export function valuesOfPackPerson(person: PackPerson): FieldValues {
  const name = person.name.trim();
  return fitting({
    name,
    disambiguation: person.disambiguation.trim(),
    aliases: distinctAliases(name, person.aliases),
    gender: person.gender,
    birthdate: person.birthYear === null ? null : wholeDate(String(person.birthYear).padStart(4, '0')),
    country: person.country,
    stashIds: oneOfEachEndpoint(person.stashIds),
  });
}

/** Stash takes no alias twice, nor the name as an alias. */
function distinctAliases(name: string, aliases: readonly string[]): string[] {
  const seen = new Set([normalizeText(name)]);
  return aliases.flatMap((alias) => {
    const folded = normalizeText(alias);
    if (folded === '' || seen.has(folded)) return [];
    seen.add(folded);
    return [alias.trim()];
  });
}

/** A year or month becomes its first day, as Stash fills it up. Null: there is no such day. */
export function wholeDate(date: string | null): string | null {
  if (date === null) return null;
  const whole = `${date}${'-01-01'.slice(Math.max(0, date.length - 4))}`;
  const day = new Date(`${whole}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== whole ? null : whole;
}

/** `MIDDLE_EASTERN` → `Middle Eastern`. */
function titleCase(text: string | null): string | null {
  return (
    text
      ?.replaceAll('_', ' ')
      .toLowerCase()
      .replace(/(^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase()) ?? null
  );
}

function measurementsOf({ bandSize, cupSize, waistSize, hipSize }: BoxPerformer): string | null {
  if (bandSize === null || cupSize === null || waistSize === null || hipSize === null) return null;
  return `${bandSize}${cupSize}-${waistSize}-${hipSize}`;
}

function careerOf({ careerStartYear: start, careerEndYear: end }: BoxPerformer): string | null {
  if (start === null) return end === null ? null : `- ${end}`;
  return end === null ? `${start} -` : `${start} - ${end}`;
}

function modificationsOf(modifications: readonly BodyModification[]): string | null {
  const parts = modifications.map(({ location, description }) =>
    description === null ? location : `${location}, ${description}`,
  );
  return parts.length === 0 ? null : parts.join('; ');
}

function oneOfEachEndpoint(stashIds: readonly StashIdValue[]): StashIdValue[] {
  return stashIds.filter(
    ({ endpoint }, at) => stashIds.findIndex((other) => other.endpoint === endpoint) === at,
  );
}

/** Without what the table of fields takes for no value: one odd field must not prevent the others. */
function fitting(values: FieldValues): FieldValues {
  const fields: Readonly<Record<string, Field>> = FIELDS.performer;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, FieldValue][] => {
      const field = fields[name];
      if (field === undefined || value === null || value === '') return [];
      if (!isList(value)) return field.value.safeParse(value).success ? [[name, value]] : [];
      const kept = value.filter((part) => field.value.safeParse(part).success);
      return kept.length === 0 ? [] : [[name, kept]];
    }),
  );
}
