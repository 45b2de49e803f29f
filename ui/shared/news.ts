/** What is new since this browser was last told: a count on the entry of the navigation, and one toast for what ended since. */
import type { Status } from '../../core/contract/status.ts';
import { jsonOf } from '../../core/json-of.ts';

const KEY = 'stash-sense-noticed';
const EVENT = 'stash-sense-news';

type Noticed = {
  /** Open suggestions. */
  readonly open: number;
  /** The newest run that has ended, as a number. */
  readonly run: number;
};

/** More suggestions than before, by runs that have ended since. */
export type News = { readonly task: string; readonly count: number; isTold: boolean };

/** Takes note of an answer of `status`, whoever asked for it: nothing is asked for this alone. */
export function noteNews({ suggestions, runs }: Pick<Status, 'suggestions' | 'runs'>): void {
  const before = noticed();
  const ended = runs.filter(({ id, phase }) => phase === 'ended' && /^\d+$/.test(id));
  const newest = ended.reduce<(typeof ended)[number] | null>(
    (last, run) => (last === null || Number(run.id) > Number(last.id) ? run : last),
    null,
  );
  const { open } = suggestions;
  const run = Math.max(before?.run ?? 0, Number(newest?.id ?? 0));
  localStorage.setItem(KEY, JSON.stringify({ open, run } satisfies Noticed));
  const count = open - (before?.open ?? open);
  const isNews = before !== null && newest !== null && run > before.run && count > 0;
  const news: News | null = isNews ? { task: newest.task, count, isTold: false } : null;
  // The script of our own page has this module a second time; the window is the same.
  window.dispatchEvent(new CustomEvent(EVENT, { detail: news }));
}

/** @returns what ends it */
export function onNews(listener: (news: News | null) => void): () => void {
  const heard = (event: Event): void => listener((event as CustomEvent<News | null>).detail);
  // Another tab of the browser has asked.
  const changed = (event: StorageEvent): void => {
    if (event.key === KEY) listener(null);
  };
  window.addEventListener(EVENT, heard);
  window.addEventListener('storage', changed);
  return () => {
    window.removeEventListener(EVENT, heard);
    window.removeEventListener('storage', changed);
  };
}

/** Open suggestions when it was last asked. */
export function openCount(): number {
  return noticed()?.open ?? 0;
}

function noticed(): Noticed | null {
  const kept = jsonOf(localStorage.getItem(KEY) ?? '') as Partial<Noticed> | null;
  return typeof kept?.open === 'number' && typeof kept.run === 'number'
    ? { open: kept.open, run: kept.run }
    : null;
}
