import type { StashIdValue } from '../../changes/change.ts';
import { normalizeText } from '../../normalize-text.ts';
import type { BoxTag } from '../../ports/boxes/box-scenes.ts';
import type { NamedObject } from '../../ports/library.ts';

/** What in the user's Stash something of the stash-box is. `isSure`: by its id there, or by a name that Stash gives only once. */
export type Known = { readonly id: string; readonly name: string; readonly isSure: boolean };

/**
What a studio or tag of a stash-box is in the user's Stash. Null: nothing. 'taken': another one has its name, so that it can neither be
taken for it nor be made.
*/
export function knownAs(
  { id, name, aliases = [] }: Pick<BoxTag, 'id' | 'name'> & Partial<Pick<BoxTag, 'aliases'>>,
  endpoint: string,
  all: readonly NamedObject[],
): Known | 'taken' | null {
  const isIt = (one: StashIdValue): boolean => one.endpoint === endpoint && one.stashId === id;
  const byId = all.find(({ stashIds }) => stashIds.some(isIt));
  if (byId !== undefined) return { id: byId.id, name: byId.name, isSure: true };
  const [wanted, others] = [normalizeText(name), new Set(aliases.map(normalizeText))];
  const isOfAnother = ({ stashIds }: NamedObject): boolean =>
    stashIds.some((one) => one.endpoint === endpoint);
  const named = all.find((one) => normalizeText(one.name) === wanted);
  const called =
    named ??
    all.find((one) => one.aliases.some((alias) => normalizeText(alias) === wanted)) ??
    all.find((one) => others.has(normalizeText(one.name)) && !isOfAnother(one));
  if (called === undefined) return null;
  if (isOfAnother(called)) return 'taken';
  return { id: called.id, name: called.name, isSure: called === named };
}
