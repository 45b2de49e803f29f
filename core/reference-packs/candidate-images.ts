import type { BoxImage } from '../ports/stash-box.ts';

/** Shorter side in pixels from which a picture is large enough that more says nothing. */
const LARGE_PX = 600;
/** Of unknown size: before those that are known to be small, behind those that are known to be good. */
const UNKNOWN_SIZE = 0.5;

/**
The pictures of a performer that are worth being fetched, the most promising first: large ones before small ones, upright
ones, which show one person, before wide ones, which often show several. Drawings in SVG are left out. The order of the
stash-box changes with each new picture, so it does not count.
*/
export function candidateImages<Image extends Pick<BoxImage, 'id' | 'width' | 'height'>>(
  images: readonly Image[],
  count: number,
): Image[] {
  const byId = new Map(
    images.filter(({ width, height }) => width >= 0 && height >= 0).map((it) => [it.id, it]),
  );
  return [...byId.values()]
    .map((image) => ({ image, worth: worthOf(image) }))
    .toSorted((a, b) => b.worth - a.worth || compareText(a.image.id, b.image.id))
    .slice(0, count)
    .map(({ image }) => image);
}

function worthOf({ width, height }: Pick<BoxImage, 'width' | 'height'>): number {
  if (width === 0 || height === 0) return UNKNOWN_SIZE;
  const size = Math.min(1, Math.min(width, height) / LARGE_PX);
  return size * Math.min(1, height / width);
}

/** By code units, which no language of the machine changes. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
