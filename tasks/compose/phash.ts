import { StashSenseError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Ffmpeg, Hashes } from '../../core/ports/media.ts';
import type { FfmpegLocations } from '../../plugin/media/ffmpeg.ts';

/**
With the ffmpeg that Stash uses, which is searched at the first use.
@param noFfmpeg says that there is none, and how to install it
*/
export function createPhash(
  ffmpegPlaces: () => Promise<FfmpegLocations>,
  noFfmpeg: Message,
): Hashes['phash'] {
  let searching: Promise<Ffmpeg> | null = null;

  async function search(): Promise<Ffmpeg> {
    const { createFfmpeg, findFfmpeg } = await import('../../plugin/media/ffmpeg.ts');
    const paths = await findFfmpeg(await ffmpegPlaces());
    if (paths === null) throw new StashSenseError('runtime-missing', noFfmpeg);
    return createFfmpeg(paths.ffmpeg);
  }

  return async (file, durationMs) => {
    const { computePhash } = await import('../../plugin/media/phash/phash.ts');
    return await computePhash(await (searching ??= search()), file, durationMs);
  };
}
