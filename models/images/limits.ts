/** Above this a picture is refused by its header, before anything is allocated for it. */
export const MAX_PIXELS = 300_000_000;

export const NO_PICTURE =
  'This is no picture that can be read (expected JPEG, PNG, WebP, GIF, TIFF, BMP or AVIF); look at the file, or leave it out.';
