/** What a stash-box knows of a performer beside what the user's Stash has: offered field by field, to be taken over. */
import type { FieldChange, FieldValue, FieldValues, ListValue } from '../changes/change.ts';
import { isList, listOf, scalarOf, textOf } from '../changes/values.ts';
import { normalizeText } from '../normalize-text.ts';
import type { StashRef } from '../stash-ref.ts';
import { pageKey } from './pages.ts';

/** Every field of a performer that a stash-box has something for, in the order of the page. */
export const OFFERED_FIELDS = [
  'picture',
  'name',
  'disambiguation',
  'aliases',
  'gender',
  'birthdate',
  'deathDate',
  'country',
  'ethnicity',
  'hairColor',
  'eyeColor',
  'heightCm',
  'measurements',
  'fakeTits',
  'careerLength',
  'tattoos',
  'piercings',
  'urls',
] as const;
export type OfferedField = (typeof OFFERED_FIELDS)[number];

export type Offer = {
  readonly field: OfferedField;
  readonly mine: FieldValue;
  /** Of a list what is missing here. */
  readonly theirs: FieldValue;
  /** Nothing is there that it could replace, so that it is proposed. */
  readonly isProposed: boolean;
};

/** An empty one changes how the performer is called: it is offered and not proposed. */
const NEVER_PROPOSED: ReadonlySet<OfferedField> = new Set(['disambiguation']);

/**
Without what both have alike.
@param theirs as Stash would make a performer of it
*/
export function offersOf(mine: FieldValues, theirs: FieldValues): Offer[] {
  return OFFERED_FIELDS.flatMap((field): Offer[] => {
    const given = theirs[field];
    const isProposed = isEmpty(mine[field]) && !NEVER_PROPOSED.has(field);
    if (field === 'aliases' || field === 'urls') {
      const missing = field === 'aliases' ? missingNames(mine, theirs) : missingPages(mine, theirs);
      return missing.length === 0 ? [] : [{ field, mine: listOf(mine, field), theirs: missing, isProposed }];
    }
    if (given === undefined || given === null || isList(given)) return [];
    const known = scalarOf(mine, field);
    // Stash takes no name that is an alias too.
    if (field === 'name' && missingNames(mine, { name: given }).length === 0) return [];
    if (normalizeText(String(known ?? '')) === normalizeText(String(given))) return [];
    return [{ field, mine: known, theirs: given, isProposed }];
  });
}

/** Of somebody who is to be made a performer under their name there: nothing is there that any of it could replace. */
export function offersForNew(theirs: FieldValues): Offer[] {
  return offersOf({ name: theirs['name'] ?? null }, theirs).map((offer) => ({ ...offer, isProposed: true }));
}

/** The changes that take these over; the picture apart, whose file comes beside its change. */
export function takingOver(entity: StashRef, offers: readonly Offer[]): FieldChange[] {
  const name = offers.find(({ field }) => field === 'name')?.theirs;
  const isNewName = (alias: ListValue): boolean =>
    typeof name === 'string' && typeof alias === 'string' && normalizeText(alias) === normalizeText(name);
  return offers.flatMap(({ field, mine: before, theirs }): FieldChange[] => {
    if (field === 'picture') return [];
    if (!isList(theirs)) return isList(before) ? [] : [{ op: 'set', entity, field, before, after: theirs }];
    // Stash takes no alias that is the name.
    const values = theirs.filter((value) => !isNewName(value));
    return values.length === 0 ? [] : [{ op: 'add', entity, field, values }];
  });
}

function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || value === '' || (isList(value) && value.length === 0);
}

/** Their name is one too, where the performer goes by another one here. */
function missingNames(mine: FieldValues, theirs: FieldValues): string[] {
  const known = new Set([scalarOf(mine, 'name'), ...listOf(mine, 'aliases')].map((text) => fold(text)));
  const names = [scalarOf(theirs, 'name'), ...listOf(theirs, 'aliases')];
  return names.flatMap((name) => {
    if (typeof name !== 'string' || name === '' || known.has(fold(name))) return [];
    known.add(fold(name));
    return [name];
  });
}

export function missingPages(mine: FieldValues, theirs: FieldValues): string[] {
  const known = new Set(listOf(mine, 'urls').map((url) => keyOfPage(textOf(url))));
  return listOf(theirs, 'urls').flatMap((url) => {
    if (typeof url !== 'string' || known.has(keyOfPage(url))) return [];
    known.add(keyOfPage(url));
    return [url];
  });
}

function keyOfPage(url: string): string {
  return pageKey(url) ?? url;
}

function fold(text: unknown): string {
  return typeof text === 'string' ? normalizeText(text) : '';
}
