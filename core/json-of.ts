/** What the text says as JSON. Null: it is none, or says `null`. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
