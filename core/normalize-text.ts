/** Folds case, applies Unicode NFKC, collapses and trims white space: for comparing names. */
export function normalizeText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
