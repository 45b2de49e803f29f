import type { RgbImage } from '../../core/faces/face.ts';
import type { FaceAnalyzer } from '../../core/ports/vision.ts';
import type { VideoFrame } from '../../core/ports/media.ts';
import { firstEye, type StereoLayout, stereoLayout } from '../../core/sampling/stereo.ts';

/** Frames by which it is decided whether a film is stereoscopic. */
const FRAMES_COMPARED = 6;
/** Width by height below which the picture of one eye is taken to be squeezed, when no face tells. */
const NARROWEST = 0.95;
const WIDEST = 2.6;

/** Passes frames on: of a stereoscopic film, which shows each person twice, the picture of the first eye in its own shape. */
export type Eyes = {
  through(frames: AsyncIterable<VideoFrame>): AsyncGenerator<VideoFrame>;
};

export function createEyes(analyzer: Pick<FaceAnalyzer, 'analyze'>, hint: StereoLayout | null): Eyes {
  let decided: View | null = null;
  return {
    async *through(frames) {
      const waiting: VideoFrame[] = [];
      for await (const frame of frames) {
        if (decided === null) {
          waiting.push(frame);
          if (waiting.length < FRAMES_COMPARED) continue;
          decided = await viewOf(
            waiting.map(({ image }) => image),
            hint,
            analyzer,
          );
          yield* waiting.splice(0).map(({ image, timeMs }) => ({ image: see(image, decided), timeMs }));
        } else yield { image: see(frame.image, decided), timeMs: frame.timeMs };
      }
      if (waiting.length === 0) return;
      decided = await viewOf(
        waiting.map(({ image }) => image),
        hint,
        analyzer,
      );
      for (const { image, timeMs } of waiting) yield { image: see(image, decided), timeMs };
    },
  };
}

/** One picture: its first eye where both halves show the same. */
export async function seeOneEye(
  image: RgbImage,
  analyzer: Pick<FaceAnalyzer, 'analyze'>,
  hint: StereoLayout | null,
): Promise<RgbImage> {
  return see(image, await viewOf([image], hint, analyzer));
}

type View = { readonly layout: StereoLayout | null; readonly isSqueezed: boolean };

function see(image: RgbImage, view: View | null): RgbImage {
  return view?.layout == null ? image : firstEye(image, view.layout, view.isSqueezed);
}

async function viewOf(
  images: readonly RgbImage[],
  hint: StereoLayout | null,
  analyzer: Pick<FaceAnalyzer, 'analyze'>,
): Promise<View> {
  const layout = stereoLayout(images, hint);
  if (layout === null) return { layout, isSqueezed: false };
  const [plain, stretched] = [
    await clearness(images, layout, false, analyzer),
    await clearness(images, layout, true, analyzer),
  ];
  if (plain !== stretched) return { layout, isSqueezed: stretched > plain };
  const { width, height } = firstEye(images[0]!, layout, false);
  return { layout, isSqueezed: width / height < NARROWEST || width / height > WIDEST };
}

/** Sum of the qualities of all faces: faces that are squeezed to half their width are hardly any. */
async function clearness(
  images: readonly RgbImage[],
  layout: StereoLayout,
  isSqueezed: boolean,
  analyzer: Pick<FaceAnalyzer, 'analyze'>,
): Promise<number> {
  let sum = 0;
  for (const image of images)
    for (const { quality } of await analyzer.analyze(firstEye(image, layout, isSqueezed)))
      sum += quality.overall;
  return sum;
}
