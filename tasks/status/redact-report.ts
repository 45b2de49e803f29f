/** Removes private text from a bug report: secrets, titles, names, paths. In doubt it removes too much. */
import { inEnglish } from '../../core/messages/english.ts';
import { message } from '../../core/messages/message.ts';
import { INSTALL_NODE, TASKS } from '../../core/runs/tasks.ts';
import { Settings } from '../../core/settings.ts';

export type Scrub = {
  /** Redacts any sentence. */
  text(text: string): string;
  /** Redacts the path of one of our folders. */
  folder(folder: string): string;
  /** Removes user, password and query of an address. */
  address(address: string): string;
};

/** Quoted text that is kept: names of ours. Other quoted text may be a title or a name. */
function ourWords(): ReadonlySet<string> {
  return new Set<string>([
    ...Object.values(TASKS).map(({ name }) => name),
    INSTALL_NODE.name,
    ...Settings.keyof().options.map((name) => inEnglish(message(`settings.label.${name}`))),
  ]);
}
/** Paths of installed programs, without spaces. */
const SYSTEM_PATH = /^\/(?:usr|opt|bin|nix|snap|lib|lib64)\/[\w./+@-]+$/;
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***'],
  [
    /\b(api[_-]?key|token|password|passwd|secret|session|cookie|authorization|bearer)(["']?\s*[=:]?\s*["']?)[^\s"'&,;}]+/gi,
    '$1$2***',
  ],
  [/\b(oshash|md5):[0-9a-f]+/gi, '$1:…'],
];
/** A long word with letters and digits: a key, a cookie or a hash. */
const TOKEN = /(?<![\w.])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{20,}(?![\w.])/gi;

export function createScrub({
  home,
  dataFolder,
  names,
}: {
  readonly home: string;
  readonly dataFolder: string;
  /** Known titles and names: removed everywhere. */
  readonly names: readonly string[];
}): Scrub {
  const ours = ourWords();
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
        ours.has(a ?? b ?? '') ? whole : '"…"',
      );
      clean = clean.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]*)[^\s]*/gi, '$1$2/…');
      clean = clean.replaceAll(dataFolder, '<data>');
      // Names of files may have spaces: removes everything up to a character that ends a path.
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
