import { stash } from './api.ts';

/** What Stash's player shows while it stands still: the picture, and its time in milliseconds. */
export type Still = { readonly video: HTMLVideoElement; readonly timeMs: number };

export function hasPlayer(): boolean {
  return videoOfPlayer() !== null;
}

function videoOfPlayer(): HTMLVideoElement | null {
  return document.querySelector<HTMLVideoElement>('.video-js video');
}

/** Null: there is no player, it plays, or it has shown nothing but the cover yet. */
export function stillOfPlayer(): Still | null {
  const video = videoOfPlayer();
  if (video === null || !video.paused || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const player = stash().utils.InteractiveUtils?.getPlayer?.();
  const seconds = Number(player?.currentTime() ?? secondsOf(video));
  const hasPlayed = video.played.length > 0 || seconds > 0;
  return hasPlayed && Number.isFinite(seconds) ? { video, timeMs: Math.round(1000 * seconds) } : null;
}

/** A stream that Stash transcodes begins at 0 wherever it begins in the film, which its address says. */
function secondsOf({ currentSrc, currentTime }: HTMLVideoElement): number {
  return currentTime + Number(new URLSearchParams(currentSrc.split('?')[1]).get('start') ?? 0);
}

/** Events of a video after which it may show something else, or plays. They do not bubble: the document hears them while capturing. */
const CHANGES = [
  'play',
  'playing',
  'pause',
  'seeked',
  'loadeddata',
  'timeupdate',
  'emptied',
  'ended',
] as const;

/** @returns ends it */
export function onPlayerChange(changed: () => void): () => void {
  for (const name of CHANGES) document.addEventListener(name, changed, true);
  return () => {
    for (const name of CHANGES) document.removeEventListener(name, changed, true);
  };
}

/**
Where the picture itself is in the window, without the bars that the player puts around it; CSS pixels.
Null: it has no size yet.
*/
export function pictureIn(video: HTMLVideoElement): DOMRect | null {
  const { left, top, width, height } = video.getBoundingClientRect();
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0 || width === 0 || height === 0) return null;
  const scale = Math.min(width / videoWidth, height / videoHeight);
  const shown = { width: scale * videoWidth, height: scale * videoHeight };
  return new DOMRect(
    left + (width - shown.width) / 2,
    top + (height - shown.height) / 2,
    shown.width,
    shown.height,
  );
}

/** Seeks the player of the current scene; does not start or stop it. */
export function seekTo(timeMs: number): void {
  // On a phone the player is above the visible part of the page.
  document.querySelector('.video-js')?.scrollIntoView({ block: 'nearest' });
  const player = stash().utils.InteractiveUtils?.getPlayer?.();
  if (player) {
    // Before the first play Stash's player loads nothing and shows the cover instead of the frame.
    player.preload?.('auto');
    player.hasStarted?.(true);
    player.currentTime(timeMs / 1000);
    return;
  }
  // Stash before 0.29 hands out no player; the element is the same.
  const video = videoOfPlayer();
  if (video) video.currentTime = timeMs / 1000;
}
