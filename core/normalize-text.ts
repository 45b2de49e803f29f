/** Upper and lower case, wide and composed letters, and blanks around and between, written in one way. */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
