import { StashSenseError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Hashes } from '../../core/ports/media.ts';
import type { FfmpegLocations, FfmpegPaths } from '../../plugin/media/ffmpeg.ts';

/**
With the ffmpeg that Stash uses, which is searched at the first use.
@param noFfmpeg says that there is none, and how to install it
*/
export function createPictureHashes(
  ffmpegPlaces: () => Promise<FfmpegLocations>,
  noFfmpeg: Message,
): Pick<Hashes, 'phash' | 'filmstrip'> {
  let searching: Promise<FfmpegPaths> | null = null;

  async function search(): Promise<FfmpegPaths> {
    const { findFfmpeg } = await import('../../plugin/media/ffmpeg.ts');
    const paths = await findFfmpeg(await ffmpegPlaces());
    if (paths === null) throw new StashSenseError('runtime-missing', noFfmpeg);
    return paths;
  }

  return {
    async phash(file, durationMs) {
      const { createFfmpeg } = await import('../../plugin/media/ffmpeg.ts');
      const { computePhash } = await import('../../plugin/media/phash/phash.ts');
      return await computePhash(createFfmpeg((await (searching ??= search())).ffmpeg), file, durationMs);
    },

    async filmstrip(file, signal) {
      const { createVideoFrames } = await import('../../plugin/media/frames.ts');
      const { readFilmstrip } = await import('../../plugin/media/phash/filmstrip.ts');
      return await readFilmstrip(createVideoFrames(await (searching ??= search())), file, signal);
    },
  };
}
