/** Secrets that must not appear in a log, a file or an answer. Added when they become known, replaced wherever text is output. */
export type Secrets = {
  add(secret: string | null | undefined): void;
  /** For secrets that are replaced often, as a cookie renewed with each answer: only the last `RENEWED_KEPT` are remembered. */
  addRenewed(secret: string): void;
  redact(text: string): string;
  /**
  Redacts all strings in nested arrays and plain objects, names of fields included. Leaves bytes, vectors and functions
  unchanged, and returns values without a secret uncopied.
  */
  redactAll<T>(value: T): T;
};

const HIDDEN = '***';
const SHORTEST = 6;
const RENEWED_KEPT = 8;
/** Shorter parts of an encoded secret would match ordinary words. */
const SHORTEST_PART = 8;
/** Secrets that were not added: JSON web tokens, as Stash's API keys are, and values after the names `apikey` and `session`. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, HIDDEN],
  [/\b(api_?key["']?\s*[=:]\s*["']?)[^\s"'&,}]+/gi, `$1${HIDDEN}`],
  [/\b(session=)[^\s;"']+/g, `$1${HIDDEN}`],
];
/** In whatever one of them finds; most texts have none. */
const SUSPECT = /eyJ|api_?key|session=/i;
/** Names of fields whose redacted form is remembered: an answer has the same few in each of many objects. */
const NAMES_KEPT = 1000;
/** Our own pictures, hundreds of kilobytes of text that cannot hold a secret: skipped for speed. */
const PICTURE = /^data:image\/jpeg;base64,/;

export function createSecrets(): Secrets {
  const known = new Map<string, readonly string[]>();
  const renewed = new Map<string, readonly string[]>();
  let secrets: SecretForms | null = null;
  const names = new Map<string, string>();
  const forget = (): void => {
    secrets = null;
    names.clear();
  };

  const redact = (text: string): string => {
    if (text.length < SHORTEST) return text;
    secrets ??= secretForms([...known.values(), ...renewed.values()].flat());
    let clean = secrets.isIn(text) ? text.replace(secrets.pattern(), HIDDEN) : text;
    if (SUSPECT.test(clean))
      for (const [found, replacement] of PATTERNS) clean = clean.replace(found, replacement);
    return clean;
  };

  const redactName = (name: string): string => {
    let clean = names.get(name);
    if (clean === undefined) {
      clean = redact(name);
      if (names.size < NAMES_KEPT) names.set(name, clean);
    }
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
    const clean = entries.map(([name, field]) => [redactName(name), redactAll(field)] as const);
    return clean.every(([name, field], n) => name === entries[n]![0] && field === entries[n]![1])
      ? value
      : Object.fromEntries(clean);
  };

  return {
    add(secret) {
      // Shorter ones would replace ordinary words.
      if (!secret || secret.length < SHORTEST || known.has(secret)) return;
      known.set(secret, formsOf(secret));
      forget();
    },
    addRenewed(secret) {
      if (secret.length < SHORTEST || renewed.has(secret)) return;
      renewed.set(secret, formsOf(secret));
      const [oldest = secret] = renewed.keys();
      if (renewed.size > RENEWED_KEPT) renewed.delete(oldest);
      forget();
    },
    redact,
    redactAll: <T>(value: T) => redactAll(value) as T,
  };
}

type SecretForms = { isIn(text: string): boolean; pattern(): RegExp };

/** The pattern is compiled for the first text that holds one: a cookie may be renewed with each answer, and nearly no text does. */
function secretForms(forms: readonly string[]): SecretForms {
  const shortest = forms.reduce((least, { length }) => Math.min(least, length), Infinity);
  let pattern: RegExp | null = null;
  return {
    isIn: (text) => text.length >= shortest && forms.some((form) => text.includes(form)),
    pattern: () =>
      (pattern ??= new RegExp(
        forms
          .toSorted((a, b) => b.length - a.length)
          .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
          .join('|'),
        'g',
      )),
  };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The forms in which a server may write a secret: plain, and encoded for a URL, JSON, HTML or base64. */
function formsOf(secret: string): string[] {
  const inAddress = encodeURIComponent(secret);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      inAddress,
      inAddress.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
      inAddress.replaceAll('%20', '+'),
      // Go's url.QueryEscape also escapes these, unlike encodeURIComponent.
      inAddress.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
      encodeURIComponent(inAddress),
      inJson,
      inJson.replaceAll('/', String.raw`\/`),
      // Go's JSON escapes these.
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

/** Base64 depends on the number of bytes before the secret, modulo 3: for each case the characters that only the secret determines. */
function inBase64(secret: string): string[] {
  const length = Buffer.byteLength(secret);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    const part = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + length) * 8) / 6));
    return part.length < SHORTEST_PART ? [] : [part, part.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
