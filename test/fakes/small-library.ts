/** A memory Stash whose scenes are files on disk, for the vision in `vision.ts`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import { aFile, anItem, aPerformer, memoryStash, type MemoryStash } from './memory-stash.ts';

export type SmallLibrary = MemoryStash & {
  /** A scene whose film shows these persons. */
  addScene(n: number, shows: string, overrides?: Partial<StashEntity>): void;
  addPerformer(n: number, picture: string | null, overrides?: Partial<StashPerformer>): void;
  addImage(n: number, shows: string, overrides?: Partial<StashEntity>): void;
};

export function smallLibrary(folder: string): SmallLibrary {
  const stash = memoryStash();
  return Object.assign(stash, {
    addScene(n: number, shows: string, overrides: Partial<StashEntity> = {}) {
      const file = aFile(n, { path: path.join(folder, `${n}.mp4`) });
      writeFileSync(file.path, shows);
      stash.items.set(`scene:${n}`, anItem(n, { files: [file], ...overrides }));
    },
    addPerformer(n: number, picture: string | null, overrides: Partial<StashPerformer> = {}) {
      const imagePath = picture === null ? null : `/performer/${n}/image?t=1`;
      if (imagePath !== null) stash.media.set(imagePath, Buffer.from(picture ?? ''));
      stash.performers.set(String(n), aPerformer(n, { imagePath, ...overrides }));
    },
    addImage(n: number, shows: string, overrides: Partial<StashEntity> = {}) {
      const file = aFile(n, {
        path: path.join(folder, `${n}.jpg`),
        durationMs: null,
        fingerprints: { md5: n.toString(16).padStart(32, '0') },
      });
      writeFileSync(file.path, shows);
      const coverPath = `/image/${n}/image?t=1`;
      stash.media.set(coverPath, Buffer.from(shows));
      stash.items.set(
        `image:${n}`,
        anItem(n, { kind: 'image', title: `Image ${n}`, files: [file], coverPath, ...overrides }),
      );
    },
  });
}
