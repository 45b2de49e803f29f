import React, { useEffect, useRef } from 'react';

/** What plugins use of a video.js player. Times in seconds. */
type Player = {
  currentTime: (seconds?: number) => number;
  hasStarted: (started?: boolean) => boolean;
  paused: () => boolean;
};

let player: Player | undefined;

export function getPlayer(): Player | undefined {
  return player;
}

export function VideoPlayer({ source, poster }: { source: string; poster: string }): React.ReactElement {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let hasStarted = false;
    player = {
      currentTime(seconds) {
        const element = video.current;
        if (element && seconds !== undefined) element.currentTime = seconds;
        return element?.currentTime ?? 0;
      },
      hasStarted(started) {
        if (started !== undefined) hasStarted = started;
        return hasStarted;
      },
      paused: () => video.current?.paused ?? true,
    };
    return () => {
      player = undefined;
    };
  }, []);
  return (
    <div className="video-js">
      <video ref={video} src={source} poster={poster} controls preload="metadata" />
    </div>
  );
}
