import { ask } from './stash/operations.ts';
import { noteNews } from './shared/news.ts';
import { noteVersion } from './stash/version.ts';

const KEY = 'stash-sense-asked-at';
const EVERY_MS = 3_600_000;
/** Delay after opening Stash, so that its page loads first, milliseconds. */
const AFTER_MS = 3000;

/**
Stash has no scheduler for plugins: the page asks whether a scan is due when Stash is opened, and every hour while the user
navigates. At most one Node process per hour and browser, shared by all tabs.
*/
export function watchSchedule(events: EventTarget): void {
  // The first navigation event comes before plugins are loaded.
  later();
  events.addEventListener('stash:location', later);
}

function later(): void {
  if (isTime(Date.now())) setTimeout(() => void checkDue(), AFTER_MS);
}

async function checkDue(): Promise<void> {
  if (!isTime(Date.now())) return;
  // Stored before the request, so that another tab does not ask meanwhile.
  localStorage.setItem(KEY, String(Date.now()));
  try {
    // Answering `status` starts a scan that is due.
    const status = await ask('status', {});
    noteVersion(status.version);
    noteNews(status);
  } catch (error) {
    // A background request: only logged, since the plugin's page shows the problem when it is opened.
    console.warn('[stash-sense] whether a scan is due could not be asked:', error);
  }
}

function isTime(now: number): boolean {
  const askedAt = Number(localStorage.getItem(KEY));
  return !(askedAt > now - EVERY_MS && askedAt <= now);
}
