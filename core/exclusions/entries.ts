import { jsonOf } from '../json-of.ts';

/**
How the settings of exclusions are written. Stash has one line of text for each: entries are separated by `;`, or the text
is a JSON array, for entries that hold a `;` themselves.
*/
export function entriesOf(text: string): string[] {
  const listed = fromJson(text.trim()) ?? text.split(/[;\r\n]/);
  return [...new Set(listed.map((entry) => entry.trim()).filter((entry) => entry !== ''))];
}

export function toExclusionText(entries: readonly string[]): string {
  const isPlain = entries.every((entry) => !/[;\r\n]/.test(entry)) && entries[0]?.startsWith('[') !== true;
  return isPlain ? entries.join('; ') : JSON.stringify(entries);
}

/**
A tag or performer as the Settings tab writes it, `Name [12]`: the id survives a rename, the name a merge, after which Stash
keeps it as an alias.
*/
export function entryOf({ id, name }: { readonly id: string; readonly name: string }): string {
  return `${name} [${id}]`;
}

/** What an entry can mean: the id and the names of one that is excluded. A number may be an id or a name. */
export function meaningOf(entry: string): { readonly id: string | null; readonly names: readonly string[] } {
  const [, name = '', id = null] = /^(.*?)\s*\[(\d+)\]$/.exec(entry) ?? [];
  if (id !== null) return { id, names: name === '' ? [entry] : [name, entry] };
  return { id: /^\d+$/.test(entry) ? entry : null, names: [entry] };
}

function fromJson(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  // An entry may begin with a bracket, too.
  const parsed = jsonOf(text);
  return Array.isArray(parsed) && parsed.every((entry) => typeof entry === 'string') ? parsed : null;
}
