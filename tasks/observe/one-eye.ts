import type { RgbImage } from '../../core/faces/face.ts';
import type { FaceAnalyzer } from '../../core/ports/vision.ts';
import type { VideoFrame } from '../../core/ports/media.ts';
import { firstEye, type StereoLayout, stereoLayout } from '../../core/sampling/stereo.ts';

/** Frames by which it is decided whether a film is stereoscopic. */
const FRAMES_COMPARED = 6;
/** Of these so many with a face tell whether the pictures are squeezed. */
const FRAMES_WITH_FACES = 2;
/** Width by height of one eye's picture, outside of which it is taken to be squeezed where no face tells: squeezed 16:9 is 8:9 or 32:9. */
const NARROWEST = 0.95;
const WIDEST = 2.6;
/** How often a picture is halved: a wall of four is the same twice, and each half again. */
const MOST_HALVES = 3;

type Analyzer = Pick<FaceAnalyzer, 'analyze'>;
/** Of an image what is looked at: all of it, or one eye's picture. */
type View = (image: RgbImage) => RgbImage;

/**
Makes the function that passes the frames of one film on: of a stereoscopic one, which shows each person twice, the picture of
the first eye in its own shape. The first frames decide for all, and for further calls.
*/
export function createOneEye(
  analyzer: Analyzer,
  hint: StereoLayout | null,
): (frames: AsyncIterable<VideoFrame>) => AsyncGenerator<VideoFrame> {
  let view: View | null = null;
  return async function* (frames) {
    const undecided: VideoFrame[] = [];
    const decide = async (): Promise<VideoFrame[]> => {
      const images = undecided.map(({ image }) => image);
      const see = (view = await viewOf(images, hint, analyzer));
      return undecided.splice(0).map(({ image, timeMs }) => ({ image: see(image), timeMs }));
    };
    for await (const frame of frames) {
      if (view !== null) yield { image: view(frame.image), timeMs: frame.timeMs };
      else if (undecided.push(frame) === FRAMES_COMPARED) yield* await decide();
    }
    if (undecided.length > 0) yield* await decide();
  };
}

/** One picture: its first eye where both halves show the same. */
export async function seeOneEye(
  image: RgbImage,
  analyzer: Analyzer,
  hint: StereoLayout | null,
): Promise<RgbImage> {
  return (await viewOf([image], hint, analyzer))(image);
}

async function viewOf(
  images: readonly RgbImage[],
  hint: StereoLayout | null,
  analyzer: Analyzer,
  halved = 0,
): Promise<View> {
  const layout = halved === MOST_HALVES ? null : stereoLayout(images, hint);
  if (layout === null) return (image) => image;
  const view = await eyeOf(images, layout, analyzer);
  const again = await viewOf(images.map(view), null, analyzer, halved + 1);
  return (image) => again(view(image));
}

async function eyeOf(images: readonly RgbImage[], layout: StereoLayout, analyzer: Analyzer): Promise<View> {
  const plain: View = (image) => firstEye(image, layout, false);
  const stretched: View = (image) => firstEye(image, layout, true);
  let clearer = 0;
  let withFaces = 0;
  for (const image of images) {
    const [asStretched, asPlain] = [
      await clearness(image, stretched, analyzer),
      await clearness(image, plain, analyzer),
    ];
    clearer += asStretched - asPlain;
    if (asStretched + asPlain > 0) withFaces++;
    if (clearer !== 0 && withFaces === FRAMES_WITH_FACES) break;
  }
  if (clearer !== 0) return clearer > 0 ? stretched : plain;
  const { width, height } = plain(images[0]!);
  return width / height < NARROWEST || width / height > WIDEST ? stretched : plain;
}

/** Sum of the qualities of all faces: faces that are squeezed to half their width are hardly any. */
async function clearness(image: RgbImage, view: View, analyzer: Analyzer): Promise<number> {
  const faces = await analyzer.analyze(view(image), { quick: true });
  return faces.reduce((sum, { quality }) => sum + quality.overall, 0);
}
