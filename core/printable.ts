/**
Control characters of the terminal (C0, DEL, C1), line and paragraph separators, and the characters that reorder a line of
text (bidirectional embeddings, overrides and isolates): in the name of a file or a person they could move the cursor,
change colours or the title, or show a text in another order than it is stored.
*/
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g; // oxlint-disable-line no-control-regex -- they are what is looked for

/** `text` on one line, each unsafe character written as an escape of JSON: `\n`, `\u001b`. */
export function toPrintableLine(text: string): string {
  return text.replace(UNSAFE, escapeOf);
}

/** The same for a text of several lines: its line feeds stay. */
export function toPrintable(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' ? character : escapeOf(character)));
}

/** `text` on one line, a blank in the place of each unsafe character. */
export function toBlankedLine(text: string): string {
  return text.replace(UNSAFE, ' ');
}

/** JSON on one line that is safe at a terminal too: the same value, with the unsafe characters of its strings as escapes. */
export function toPrintableJson(value: unknown): string {
  return toPrintableLine(JSON.stringify(value));
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
