import { stash } from './api.ts';

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
  const video = document.querySelector<HTMLVideoElement>('.video-js video');
  if (video) video.currentTime = timeMs / 1000;
}
