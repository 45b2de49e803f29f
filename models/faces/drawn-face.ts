import type { RgbImage } from '../../core/faces/face.ts';

/**
A drawn face that the face pack accepts (detector 1.0, embedding norm 5.5): engines are tested on the same picture, and
the plugin contains no photograph of a person.
*/
export function drawFace({ width = 640, height = 480 } = {}): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const unit = height / 4;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.set(colourAt((x - width / 2) / unit, (y - height / 2) / unit, y / height), (y * width + x) * 3);
  return { width, height, data };
}

type Colour = readonly [red: number, green: number, blue: number];

/** `x`, `y` from the centre of the face in units of half its size; `down` is the vertical position in the picture, 0…1. */
function colourAt(x: number, y: number, down: number): Colour {
  let colour: Colour = [90 + 40 * down, 110, 120];
  const shade = 1 - 0.25 * x * x - 0.12 * Math.max(0, y);
  for (const [atX, atY, radiusX, radiusY, softness, opacity, paint] of STROKES)
    for (const side of atX === 0 ? [0] : [-1, 1]) {
      const distance = Math.hypot((x - side * atX) / radiusX, (y - atY) / radiusY) - 1;
      const share = opacity / (1 + Math.exp(distance / softness));
      const shaded: Colour = paint === SKIN ? [paint[0] * shade, paint[1] * shade, paint[2] * shade] : paint;
      colour = [
        colour[0] + (shaded[0] - colour[0]) * share,
        colour[1] + (shaded[1] - colour[1]) * share,
        colour[2] + (shaded[2] - colour[2]) * share,
      ];
    }
  return colour;
}

const SKIN: Colour = [225, 175, 150];

/** Ellipses, painted in this order; those off the vertical axis are mirrored. */
const STROKES: readonly [
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  softness: number,
  opacity: number,
  paint: Colour,
][] = [
  [0, -0.25, 0.95, 1.15, 0.03, 1, [50, 35, 25]],
  [0, 1.6, 0.45, 0.6, 0.05, 1, [185, 140, 115]],
  [0, 0.05, 0.75, 1, 0.04, 1, SKIN],
  // Sockets, eyes, pupils, lids, brows.
  [0.3, -0.1, 0.22, 0.14, 0.25, 0.45, [120, 80, 65]],
  [0.3, -0.1, 0.15, 0.065, 0.1, 1, [235, 230, 225]],
  [0.3, -0.1, 0.065, 0.066, 0.15, 1, [50, 35, 25]],
  [0.3, -0.155, 0.16, 0.025, 0.3, 0.9, [40, 25, 20]],
  [0.31, -0.3, 0.2, 0.045, 0.3, 0.85, [60, 40, 30]],
  // Cheeks, nostrils, nose.
  [0.45, 0.25, 0.2, 0.2, 0.5, 0.35, [230, 150, 135]],
  [0.09, 0.27, 0.05, 0.03, 0.4, 0.5, [90, 50, 45]],
  [0.13, 0.12, 0.05, 0.2, 0.6, 0.25, [150, 100, 80]],
  [0, 0.12, 0.05, 0.22, 0.5, 0.35, [250, 215, 195]],
  [0, 0.32, 0.16, 0.05, 0.5, 0.35, [140, 90, 75]],
  // Lips, mouth, chin.
  [0, 0.52, 0.25, 0.075, 0.2, 0.8, [175, 85, 80]],
  [0, 0.515, 0.24, 0.012, 0.5, 0.8, [90, 35, 35]],
  [0, 0.66, 0.15, 0.04, 0.6, 0.3, [150, 105, 85]],
];
