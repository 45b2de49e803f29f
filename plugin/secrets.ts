/** Everything that must not be seen in a log: told here when it is learned, blacked out wherever text leaves us. */
export type Secrets = {
  add(secret: string | null | undefined): void;
  redact(text: string): string;
};

const HIDDEN = '***';
/** Keys nobody told us of: Stash's API keys are JSON web tokens, and both names stand before what they hide. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN],
  [/\b(api_?key["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${HIDDEN}`],
  [/\b(session=)[^\s;"']+/g, `$1${HIDDEN}`],
];

export function createSecrets(): Secrets {
  const known = new Set<string>();
  return {
    add(secret) {
      // Shorter ones would black out ordinary words.
      if (!secret || secret.length < 6) return;
      known.add(secret);
      known.add(encodeURIComponent(secret));
    },
    redact(text) {
      let clean = text;
      for (const secret of known) clean = clean.replaceAll(secret, HIDDEN);
      for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
      return clean;
    },
  };
}
