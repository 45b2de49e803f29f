/** Stash's perceptual hash of a file of which Stash has none. */
import { hasCode, messageOf } from '../../../core/errors.ts';
import type { Context } from '../../runs/task.ts';
import { unhashed, type ReadScene } from './scenes.ts';

/** `stored`: it need not be done again. `failed`: it can be tried again. */
export type Computed = 'nothing' | 'stored' | 'failed';

/** Keeps it, so that it is computed once. @throws StashSenseError `runtime-missing`: there is no ffmpeg */
export async function computeMissing(
  { store, hashes, log }: Pick<Context, 'store' | 'hashes' | 'log'>,
  file: ReadScene['files'][number]['file'],
): Promise<Computed> {
  const video = unhashed(file);
  if (video === null || (await store.computedPhashes.get(video)) !== undefined) return 'nothing';
  try {
    await store.computedPhashes.put(video, await hashes.phash(file.path, video.durationMs));
    return 'stored';
  } catch (error) {
    // Another run may find the disk.
    if (!hasCode(error, 'file-missing', 'unreadable-media')) throw error;
    log.debug(messageOf(error));
    return 'failed';
  }
}
