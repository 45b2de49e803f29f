/**
Who is never in a reference pack that is built here, and never found in one that is used here: ids of stash-boxes, one a
line, each as its page's address (`https://stashdb.org/performers/<id>`, of that box alone) or bare (of any box).
*/
import type { StashIdValue } from '../changes/change.ts';

export type OptOuts = {
  /** Of ids without a box, folded. */
  readonly everywhere: ReadonlySet<string>;
  /** `<host of the box> <id>`, folded. */
  readonly atBoxes: ReadonlySet<string>;
};

export const NO_OPT_OUTS: OptOuts = { everywhere: new Set(), atBoxes: new Set() };

/** Empty lines, and what follows a `#` with a space before it or at the beginning of a line, say nothing. */
export function parseOptOuts(text: string): OptOuts {
  const everywhere = new Set<string>();
  const atBoxes = new Set<string>();
  for (const line of text.split(/[\r\n]+/)) {
    const entry = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .toLowerCase();
    if (entry === '') continue;
    const host = hostOf(entry);
    const id =
      entry
        .replace(/[?#].*$/, '')
        .replace(/\/+$/, '')
        .split('/')
        .at(-1) ?? '';
    if (host === null) everywhere.add(id);
    else atBoxes.add(`${host} ${id}`);
  }
  return { everywhere, atBoxes };
}

export function allOptOuts(lists: readonly OptOuts[]): OptOuts {
  return {
    everywhere: new Set(lists.flatMap(({ everywhere }) => [...everywhere])),
    atBoxes: new Set(lists.flatMap(({ atBoxes }) => [...atBoxes])),
  };
}

/** The list to be published: the same for the same people, without remarks. Empty: nobody opted out. */
export function textOfOptOuts({ everywhere, atBoxes }: OptOuts): string {
  const pages = [...atBoxes].map((entry) => {
    const [host = '', id = ''] = entry.split(' ');
    return `https://${host}/performers/${id}`;
  });
  return [...pages, ...everywhere]
    .toSorted()
    .map((line) => `${line}\n`)
    .join('');
}

export function isOptedOut(stashIds: readonly StashIdValue[], { everywhere, atBoxes }: OptOuts): boolean {
  return stashIds.some(({ endpoint, stashId }) => {
    const id = stashId.toLowerCase();
    return everywhere.has(id) || atBoxes.has(`${hostOf(endpoint.toLowerCase()) ?? ''} ${id}`);
  });
}

/** The ids that are opted out of this box, folded. */
export function optedOutAt(endpoint: string, { everywhere, atBoxes }: OptOuts): string[] {
  const prefix = `${hostOf(endpoint.toLowerCase()) ?? ''} `;
  const here = [...atBoxes].filter((entry) => entry.startsWith(prefix));
  return [...everywhere, ...here.map((entry) => entry.slice(prefix.length))];
}

function hostOf(address: string): string | null {
  return /^[a-z]+:\/\//.test(address) && URL.canParse(address) ? new URL(address).host : null;
}
