import { ask } from './stash/operations.ts';
import { noteVersion } from './stash/version.ts';

const KEY = 'stash-sense-asked-at';
const EVERY_MS = 3_600_000;
/** Stash's own page comes first. */
const AFTER_MS = 3000;

/**
Stash has no clock of its own for plugins: whether a scan is due is asked when its page is opened, and every hour while
people walk about in it. At most one Node process an hour for each browser, however many tabs it has.
*/
export function watchSchedule(events: EventTarget): void {
  // The first of these events comes before plugins are loaded.
  later();
  events.addEventListener('stash:location', later);
}

function later(): void {
  if (isTime(Date.now())) setTimeout(() => void checkDue(), AFTER_MS);
}

async function checkDue(): Promise<void> {
  if (!isTime(Date.now())) return;
  // Before the question: another tab may be opened while it has no answer.
  localStorage.setItem(KEY, String(Date.now()));
  try {
    // Answering `status` starts a scan that is due.
    noteVersion((await ask('status', {})).version);
  } catch (error) {
    // No user asked for this; our own page tells it when it is opened.
    console.warn('[stash-sense] whether a scan is due could not be asked:', error);
  }
}

function isTime(now: number): boolean {
  const askedAt = Number(localStorage.getItem(KEY));
  return !(askedAt > now - EVERY_MS && askedAt <= now);
}
