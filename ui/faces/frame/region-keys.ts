import type { Region } from '../../../core/contract/faces.ts';

/** What the first key draws: as large as a face of somebody half seen, in the middle. */
const START: Region = { x: 0.4, y: 0.3, width: 0.2, height: 0.4 };
/** Part of the picture's side by which a key moves or resizes. */
const STEP = 0.02;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/**
The rectangle after this key, within the picture: an arrow moves it, with Shift its right and lower edge.
@returns null: the key is no arrow
*/
export function regionAfterKey(
  region: Region | null,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): Region | null {
  const by = ARROWS[key];
  if (by === undefined) return null;
  if (region === null) return START;
  const [x, y] = by;
  if (shiftKey)
    return {
      ...region,
      width: within(region.width + x, STEP, 1 - region.x),
      height: within(region.height + y, STEP, 1 - region.y),
    };
  return {
    ...region,
    x: within(region.x + x, 0, 1 - region.width),
    y: within(region.y + y, 0, 1 - region.height),
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
