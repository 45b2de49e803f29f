/**
Terminal control characters (C0, DEL, C1), line and paragraph separators, and the characters that reorder a line of text
(bidirectional embeddings, overrides and isolates): in the name of a file or a person they could move the cursor, change
colours or the window title, or display text in another order than it is stored.
*/
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g; // oxlint-disable-line no-control-regex -- matching them is the purpose

/** `text` on one line; unsafe characters become JSON escapes: `\n`, `\u001b`. */
export function toPrintableLine(text: string): string {
  return text.replace(UNSAFE, toJsonEscape);
}

/** `text` with unsafe characters as JSON escapes; line feeds are preserved. */
export function toPrintable(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' ? character : toJsonEscape(character)));
}

/** `text` on one line; unsafe characters become spaces. Half of a surrogate pair becomes U+FFFD, as which Stash would store it. */
export function toBlankedLine(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd').replace(UNSAFE, ' ');
}

/** JSON on one line that is safe to print at a terminal: unsafe characters in strings are escaped, the value is the same. */
export function toPrintableJson(value: unknown): string {
  return toPrintableLine(JSON.stringify(value));
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function toJsonEscape(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
