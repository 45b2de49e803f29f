/** By what text a scene of the user is looked for at a stash-box, and whether what was found has a title that is in it. */

/** What names of files have beside the title. */
const FORMAT =
  /^(\d{3,4}[pi]|[248]k|uhd|hd|sd|fhd|mp4|mkv|avi|wmv|m4v|mov|webm|x26[45]|h26[45]|hevc|avc|av1|aac|xxx|web|webrip|web-dl|dl|rip|dvdrip|bluray|remux|\d{2,3}fps)$/;
const LONGEST = 120;
const LEAST_WORDS = 2;
const LEAST_LETTERS = 10;

/** @param title or name of the file. @returns null: it says too little */
export function searchTextOf(title: string): string | null {
  const words = wordsOf(title.replace(/\.[a-z0-9]{2,4}$/i, ''));
  const text = words.join(' ').slice(0, LONGEST);
  return isTelling(words) ? text : null;
}

/** All words of the title there, which are some, stand one behind the other in the text. */
export function hasTitle(text: string, theirs: string): boolean {
  const words = wordsOf(theirs);
  return isTelling(words) && ` ${text} `.includes(` ${words.join(' ')} `);
}

function isTelling(words: readonly string[]): boolean {
  const own = words.filter((word) => !/^\d+$/.test(word));
  return own.length >= LEAST_WORDS && own.join('').length >= LEAST_LETTERS;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !FORMAT.test(word));
}
