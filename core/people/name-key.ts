import { normalizeText } from '../normalize-text.ts';

/** The word by which names are compared: without case, accents and punctuation, in any order of the parts. Empty: there is none. */
export function nameKey(name: string): string {
  return normalizeText(name)
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F'’.]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .toSorted()
    .join(' ');
}
