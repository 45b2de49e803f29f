/** Which of our languages is spoken to somebody. Free of packages: the page carries it. */

/** What is said where no other language is wanted, or none of that name is known. */
export const ENGLISH = 'en-GB';

/**
@param wanted as Stash or an environment names a language: `de-DE`, `de_AT.UTF-8`, `de`
@param known Stash's own names of the languages that have a catalogue, besides English
@returns one of `known`, by its whole name or else by the language alone; null: English
*/
export function languageFor(wanted: string, known: readonly string[]): string | null {
  const [name = ''] = wanted.replaceAll('_', '-').split(/[.@]/);
  const exact = known.find((locale) => isSame(locale, name));
  return exact ?? known.find((locale) => isSame(languageIn(locale), languageIn(name))) ?? null;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function languageIn(locale: string): string {
  return locale.split('-')[0] ?? '';
}

/** How the page's script of a language begins; the rest is its catalogue as JSON. */
const SCRIPT_HEAD = 'export default ';

/** The catalogue of a language as the page loads it. @param json of its file beside `en.json` */
export function scriptOfLanguage(json: string): string {
  return `${SCRIPT_HEAD}${JSON.stringify(JSON.parse(json))};\n`;
}

/** The other way: JSON of the catalogue. */
export function jsonInScript(script: string): string {
  return script.slice(SCRIPT_HEAD.length).replace(/;\s*$/, '');
}
