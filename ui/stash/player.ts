import { stash } from './api.ts';

/** Goes to that moment of the scene on screen. Whether it plays or stands still stays as it is. */
export function seekTo(timeMs: number): void {
  // On a phone it lies above what is read here.
  document.querySelector('.video-js')?.scrollIntoView({ block: 'nearest' });
  const player = stash().utils.InteractiveUtils?.getPlayer?.();
  if (player) {
    // Before the first play Stash's player loads nothing and shows the cover: the frame would not be seen.
    player.preload?.('auto');
    player.hasStarted?.(true);
    player.currentTime(timeMs / 1000);
    return;
  }
  // Stash before 0.29 hands out no player; the element is the same.
  const video = document.querySelector<HTMLVideoElement>('.video-js video');
  if (video) video.currentTime = timeMs / 1000;
}
