import { ask } from './stash/operations.ts';

const KEY = 'stash-sense-playing-told';
/** How often a video that plays is told of. The schedule counts it for two minutes more (`tasks/schedule/waiting.ts`). */
const EVERY_MS = 5 * 60_000;
/** How often where the schedule does not wait for anybody who watches. */
const SELDOM_MS = 3_600_000;
/** Taken off the time until the next is due, since the timer that tells it may fire a little early. */
const SLACK_MS = 1000;

/**
Tells our Node side that a video plays in this page, for the schedule: at most one process in five minutes and browser, and one
in an hour where it does not matter. The clips of the lists of scenes do not count.
*/
export function watchPlaying(page: Document): void {
  // Events of media do not bubble.
  page.addEventListener(
    'playing',
    ({ target }) => {
      if (isPlayer(target)) void tell();
    },
    true,
  );
  setInterval(() => {
    if ([...page.querySelectorAll('.video-js video')].some((video) => isPlaying(video))) void tell();
  }, EVERY_MS);
}

async function tell(): Promise<void> {
  const now = Date.now();
  const notBefore = Number(localStorage.getItem(KEY));
  // A time further ahead was stored before the clock was set back.
  if (now < notBefore && notBefore <= now + SELDOM_MS) return;
  localStorage.setItem(KEY, String(now + EVERY_MS - SLACK_MS));
  try {
    const { matters } = await ask('schedule.tellPlaying', {});
    if (!matters) localStorage.setItem(KEY, String(now + SELDOM_MS));
  } catch (error) {
    // A background request: the plugin's page shows what is wrong when it is opened.
    console.warn('[stash-sense] that a video plays could not be told:', error);
  }
}

function isPlayer(target: EventTarget | null): target is HTMLVideoElement {
  return target instanceof HTMLVideoElement && target.closest('.video-js') !== null;
}

function isPlaying(video: Element): boolean {
  return video instanceof HTMLVideoElement && !video.paused && !video.ended;
}
