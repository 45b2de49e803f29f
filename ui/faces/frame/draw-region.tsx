import React, { useEffect, useRef, useState } from 'react';
import type { Region } from '../../../core/contract/faces.ts';
import type { Box, Point } from '../../../core/faces/face.ts';
import { useLatest } from '../../shared/hooks/use-latest.ts';
import { say } from '../../stash/intl.tsx';
import { pictureIn } from '../../stash/player.ts';
import { regionAfterKey } from './region-keys.ts';

/** Pixels: what is smaller was a click. */
const LEAST_SIDE = 6;

/** Two corners of a rectangle, pixels of the window. */
type Drawn = { readonly from: Point; readonly to: Point };

type Props = {
  readonly video: HTMLVideoElement;
  /** Of the picture; null: it was cancelled. */
  readonly onEnd: (region: Region | null) => void;
};

/** Lies on the picture of the player, without the bars around it, until a rectangle was drawn, by hand or by keys, or Esc was pressed. */
export function DrawRegion({ video, onEnd }: Props): React.ReactElement | null {
  const [picture, setPicture] = useState(() => pictureIn(video));
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [byKeys, setByKeys] = useState<Region | null>(null);
  const layer = useRef<HTMLDivElement>(null);
  const end = useLatest(onEnd);

  useEffect(() => {
    layer.current?.focus({ preventScroll: true });
    const measure = (): void => setPicture(pictureIn(video));
    const cancel = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      end.current(null);
    };
    window.addEventListener('resize', measure);
    document.addEventListener('scroll', measure, true);
    document.addEventListener('keydown', cancel, true);
    return () => {
      window.removeEventListener('resize', measure);
      document.removeEventListener('scroll', measure, true);
      document.removeEventListener('keydown', cancel, true);
    };
  }, [video, end]);

  if (picture === null) return null;
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = regionAfterKey(byKeys, event);
    if (next === null && (event.key !== 'Enter' || byKeys === null)) return;
    // The arrows of the player seek.
    event.preventDefault();
    event.stopPropagation();
    if (next === null) onEnd(byKeys);
    else setByKeys(next);
  };
  const cornerOf = ({ clientX, clientY }: React.PointerEvent): Point => ({
    x: Math.min(picture.right, Math.max(picture.left, clientX)),
    y: Math.min(picture.bottom, Math.max(picture.top, clientY)),
  });
  const box = drawn !== null ? boxOf(drawn) : byKeys && boxIn(byKeys, picture);
  return (
    <div
      ref={layer}
      className="stash-sense-draw"
      style={{ left: picture.left, top: picture.top, width: picture.width, height: picture.height }}
      role="group"
      tabIndex={-1}
      aria-label={say('frame.draw')}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (!event.isPrimary || event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        const corner = cornerOf(event);
        setByKeys(null);
        setDrawn({ from: corner, to: corner });
      }}
      onPointerMove={(event) => {
        if (drawn !== null && event.isPrimary) setDrawn({ ...drawn, to: cornerOf(event) });
      }}
      onPointerCancel={() => setDrawn(null)}
      onPointerUp={(event) => {
        if (drawn === null || !event.isPrimary) return;
        const last = boxOf({ ...drawn, to: cornerOf(event) });
        setDrawn(null);
        if (last.width >= LEAST_SIDE && last.height >= LEAST_SIDE) onEnd(regionOf(last, picture));
      }}
    >
      {box !== null && (
        <div
          className="stash-sense-drawn"
          style={{
            left: box.x - picture.left,
            top: box.y - picture.top,
            width: box.width,
            height: box.height,
          }}
        />
      )}
    </div>
  );
}

function boxOf({ from, to }: Drawn): Box {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}

function boxIn({ x, y, width, height }: Region, picture: DOMRect): Box {
  return {
    x: picture.left + x * picture.width,
    y: picture.top + y * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  };
}

function regionOf({ x, y, width, height }: Box, picture: DOMRect): Region {
  return {
    x: (x - picture.left) / picture.width,
    y: (y - picture.top) / picture.height,
    width: width / picture.width,
    height: height / picture.height,
  };
}
