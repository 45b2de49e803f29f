/** Everything that must not be seen in a log, a file or an answer: told here when it is learned, hidden wherever text leaves us. */
export type Secrets = {
  add(secret: string | null | undefined): void;
  /** One of thousands that follow each other, as a cookie renewed with every answer: only the last few are still good. */
  addPassing(secret: string): void;
  redact(text: string): string;
  /**
  The same for every text in arrays and plain objects, however deep, names of fields included. Bytes, vectors and functions
  stay as they are, and what holds no secret is not copied.
  */
  redactAll<T>(value: T): T;
};

const HIDDEN = '***';
const SHORTEST = 6;
const PASSING_KEPT = 8;
/** Shorter parts of an encoded secret would be found in ordinary words. */
const SHORTEST_PART = 8;
/** Keys nobody told us of: Stash's API keys are JSON web tokens, and both names stand before what they hide. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN],
  [/\b(api_?key["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${HIDDEN}`],
  [/\b(session=)[^\s;"']+/g, `$1${HIDDEN}`],
];
/** Pictures of ours, hundreds of kilobytes long: no text of a server is in them. */
const PICTURE = /^data:image\/jpeg;base64,/;

export function createSecrets(): Secrets {
  const known = new Set<string>();
  const passing: string[] = [];
  let pattern: RegExp | null = null;
  const patternOf = (): RegExp =>
    (pattern ??= new RegExp(
      [...known, ...passing]
        .flatMap(formsOf)
        .toSorted((a, b) => b.length - a.length)
        .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
        .join('|') || '(?!)',
      'g',
    ));

  const redact = (text: string): string => {
    let clean = text.replace(patternOf(), HIDDEN);
    for (const [found, replacement] of PATTERNS) clean = clean.replace(found, replacement);
    return clean;
  };

  const redactAll = (value: unknown): unknown => {
    if (typeof value === 'string') return PICTURE.test(value) ? value : redact(value);
    if (Array.isArray(value)) {
      const clean = value.map(redactAll);
      return clean.every((element, n) => element === value[n]) ? value : clean;
    }
    if (value instanceof Set) return new Set(redactAll([...value]) as unknown[]);
    if (!isPlain(value)) return value;
    const entries = Object.entries(value);
    const clean = entries.map(([name, its]) => [redact(name), redactAll(its)] as const);
    return clean.every(([name, its], n) => name === entries[n]![0] && its === entries[n]![1])
      ? value
      : Object.fromEntries(clean);
  };

  return {
    add(secret) {
      // Shorter ones would hide ordinary words.
      if (!secret || secret.length < SHORTEST || known.has(secret)) return;
      known.add(secret);
      pattern = null;
    },
    addPassing(secret) {
      if (secret.length < SHORTEST || passing.includes(secret)) return;
      passing.push(secret);
      if (passing.length > PASSING_KEPT) passing.shift();
      pattern = null;
    },
    redact,
    redactAll: <T>(value: T) => redactAll(value) as T,
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The ways a server may write a secret that it was given: as it is, and encoded for an address, JSON, HTML or base64. */
function formsOf(secret: string): string[] {
  const inAddress = encodeURIComponent(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      inAddress,
      inAddress.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
      inAddress.replaceAll('%20', '+'),
      // What encodeURIComponent leaves and Go's url.QueryEscape does not.
      inAddress.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
      encodeURIComponent(inAddress),
      inJson,
      inJson.replaceAll('/', String.raw`\/`),
      // Go writes these so in JSON.
      inJson.replace(/[<>&]/g, (character) => String.raw`\u00${character.charCodeAt(0).toString(16)}`),
      JSON.stringify(inJson).slice(1, -1),
      inHtml(secret, '&#34;', '&#39;'),
      inHtml(secret, '&quot;', '&#x27;'),
      ...inBase64(secret),
    ]),
  ];
}

function inHtml(secret: string, quote: string, apostrophe: string): string {
  return secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe);
}

/** Base64 depends on how many bytes stand before: the letters that only the secret decides, for each of the three cases. */
function inBase64(secret: string): string[] {
  const length = Buffer.byteLength(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    const part = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + length) * 8) / 6));
    return part.length < SHORTEST_PART ? [] : [part, part.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
