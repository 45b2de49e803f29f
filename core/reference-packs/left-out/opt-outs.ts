/**
Who is never in a reference pack that is built here, and never found in one that is used here: ids of stash-boxes, one a
line, each as its page's address (`https://stashdb.org/performers/<id>`, of that box alone) or bare (of any box).
*/
import type { StashIdValue } from '../../changes/change.ts';
import { SaidError } from '../../errors.ts';
import { message } from '../../messages/message.ts';

export type OptOuts = {
  /** Of ids without a box, folded. */
  readonly everywhere: ReadonlySet<string>;
  /** `<host of the box> <id>`, folded. */
  readonly atBoxes: ReadonlySet<string>;
};

export const NO_OPT_OUTS: OptOuts = { everywhere: new Set(), atBoxes: new Set() };

/** As many addresses of pages as `MAX_OPT_OUTS`, each of 79 characters. */
export const MAX_OPT_OUT_BYTES = 32e6;
/** Of all lists together, which each process holds (about 190 bytes each): more than any stash-box has performers. */
export const MAX_OPT_OUTS = 400_000;
/** A longer line names nobody. */
const MAX_LINE = 1000;
/** As a list is published: read without taking the address apart. */
const PUBLISHED =
  /^(?:https:\/\/([a-z0-9.-]+)\/performers\/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export type OptOutsReader = {
  /** The union of all that was read. */
  readonly optOuts: OptOuts;
  /** A piece of a list, which may end within a line. @returns how many lines ended in it. @throws TooManyOptOuts */
  add(text: string): number;
  /** The list ends here; another one may follow. @throws TooManyOptOuts */
  end(): void;
};

/** More are named than `MAX_OPT_OUTS`. */
export class TooManyOptOuts extends SaidError {
  override name = 'TooManyOptOuts' as const;
}

/** Reads lists piece by piece. Empty lines, and what follows a `#` with a space before it or at the beginning of a line, say nothing. */
export function createOptOutsReader(): OptOutsReader {
  const everywhere = new Set<string>();
  const atBoxes = new Set<string>();
  let rest = '';

  function read(line: string): void {
    const [found, host, id] = PUBLISHED.exec(line) ?? [];
    if (found !== undefined && id !== undefined) note(host ?? null, id);
    else if (line.length <= MAX_LINE) readAnyLine(line);
  }

  function readAnyLine(line: string): void {
    const entry = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .toLowerCase();
    if (entry === '') return;
    const id =
      entry
        .replace(/[?#].*$/, '')
        .replace(/\/+$/, '')
        .split('/')
        .at(-1) ?? '';
    note(hostOf(entry), id);
  }

  function note(host: string | null, id: string): void {
    if (everywhere.size + atBoxes.size >= MAX_OPT_OUTS)
      throw new TooManyOptOuts(message('referencePacks.tooManyOptOuts', { most: MAX_OPT_OUTS }));
    if (host === null) everywhere.add(id);
    else atBoxes.add(`${host} ${id}`);
  }

  return {
    optOuts: { everywhere, atBoxes },

    add(text) {
      const lines = (rest + text).split(/[\r\n]/);
      rest = lines.pop() ?? '';
      // What is too long already stays so, whatever follows.
      if (rest.length > MAX_LINE) rest = rest.slice(0, MAX_LINE + 1);
      for (const line of lines) read(line);
      return lines.length;
    },

    end() {
      read(rest);
      rest = '';
    },
  };
}

export function parseOptOuts(text: string): OptOuts {
  const reader = createOptOutsReader();
  reader.add(text);
  reader.end();
  return reader.optOuts;
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
