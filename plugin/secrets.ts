/** Everything that must not be seen in a log: told here when it is learned, blacked out wherever text leaves us. */
export type Secrets = {
  add(secret: string | null | undefined): void;
  /** One of thousands that follow each other, as a cookie renewed with every answer: only the last few are still good. */
  addPassing(secret: string): void;
  redact(text: string): string;
};

const HIDDEN = '***';
const SHORTEST = 6;
const PASSING_KEPT = 8;
/** Keys nobody told us of: Stash's API keys are JSON web tokens, and both names stand before what they hide. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN],
  [/\b(api_?key["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${HIDDEN}`],
  [/\b(session=)[^\s;"']+/g, `$1${HIDDEN}`],
];

export function createSecrets(): Secrets {
  const known = new Set<string>();
  const passing: string[] = [];
  return {
    add(secret) {
      // Shorter ones would black out ordinary words.
      if (secret && secret.length >= SHORTEST) known.add(secret);
    },
    addPassing(secret) {
      if (secret.length < SHORTEST || passing.includes(secret)) return;
      passing.push(secret);
      if (passing.length > PASSING_KEPT) passing.shift();
    },
    redact(text) {
      let clean = text;
      for (const secret of [...known, ...passing])
        for (const written of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(written, HIDDEN);
      for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
      return clean;
    },
  };
}
