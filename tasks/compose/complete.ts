import type { LibraryWriter } from '../../core/ports/library.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import { createChanges } from '../suggestions/write.ts';
import type { Context } from '../runs/task.ts';

/** Adds what is made of the other parts: the gallery of the user's performers, and the write path. */
export function completeContext(
  parts: Omit<Context, 'openGallery' | 'changes'>,
  writer: LibraryWriter,
): Context {
  const { dataFolder, store, vision, log } = parts;
  const openGallery = createOpenGallery({
    dataFolder,
    name: 'performers',
    source: store.people,
    search: vision,
    log,
  });
  return { ...parts, openGallery, changes: createChanges(parts, writer) };
}
