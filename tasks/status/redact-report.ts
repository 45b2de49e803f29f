/** What may leave this machine in a bug report. Rather too little than a secret, a title or a name. */
import { INSTALL_NODE, TASKS } from '../../core/runs/tasks.ts';

export type Scrub = {
  /** A sentence of ours, or of anybody's. */
  text(text: string): string;
  /** One of our own folders. */
  folder(folder: string): string;
  /** Without who may open it, and without what is asked. */
  address(address: string): string;
};

/** Our own words in quotes; anything else in quotes is somebody's. */
const OUR_WORDS = new Set<string>([
  ...Object.values(TASKS).map(({ name }) => name),
  INSTALL_NODE.name,
  'Channel',
  'Storage - data folder',
]);
/** Where systems keep programs, written without spaces. */
const SYSTEM_PATH = /^\/(?:usr|opt|bin|nix|snap|lib|lib64)\/[\w./+@-]+$/;
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***'],
  [
    /\b(api[_-]?key|token|password|passwd|secret|session|cookie|authorization|bearer)(["']?\s*[=:]?\s*["']?)[^\s"'&,;}]+/gi,
    '$1$2***',
  ],
  [/\b(oshash|md5):[0-9a-f]+/gi, '$1:…'],
];
/** Letters and digits in one long word are a key, a cookie or a hash. */
const TOKEN = /(?<![\w.])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}(?![\w.])/gi;

export function createScrub({
  home,
  dataFolder,
  names,
}: {
  readonly home: string;
  readonly dataFolder: string;
  /** Titles and names that are known: they are taken out wherever they stand. */
  readonly names: readonly string[];
}): Scrub {
  const known = [...new Set(names)]
    .filter((name) => name.length >= 3)
    .toSorted((a, b) => b.length - a.length);

  const folder = (place: string): string => {
    const short = home.length > 1 && place.startsWith(home) ? `~${place.slice(home.length)}` : place;
    return hideSecrets(short.replace(/^((?:[A-Za-z]:)?[\\/](?:home|Users)[\\/])[^\\/]+/, '$1…'));
  };

  return {
    folder,
    address(address) {
      const url = URL.canParse(address) ? new URL(address) : null;
      if (url === null || url.protocol === 'file:' || url.host === '') return 'a folder';
      return `${url.protocol}//${url.host}${hideSecrets(url.pathname)}`;
    },
    text(text) {
      let clean = text;
      for (const name of known) clean = clean.replaceAll(name, '…');
      clean = clean.replace(/"([^"]*)"|“([^”]*)”/g, (whole, a?: string, b?: string) =>
        OUR_WORDS.has(a ?? b ?? '') ? whole : '"…"',
      );
      clean = clean.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]*)[^\s]*/gi, '$1$2/…');
      clean = clean.replaceAll(dataFolder, '<data>');
      // Names of files may have spaces: up to what cannot be one.
      clean = clean.replace(/(?<![\w<>~/.:])(?:[A-Za-z]:)?[\\/][^\n:;,()"|]*/g, (place) => {
        const [first = ''] = place.split(' ');
        return SYSTEM_PATH.test(first) ? `${first}${place.slice(first.length)}` : '<path>';
      });
      return hideSecrets(clean);
    },
  };
}

function hideSecrets(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of SECRETS) clean = clean.replace(pattern, replacement);
  return clean.replace(TOKEN, '***');
}
