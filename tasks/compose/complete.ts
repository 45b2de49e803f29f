import type { LibraryWriter } from '../../core/ports/library.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import { createExclusionGuard } from '../exclusions/guard.ts';
import { withoutExcluded } from '../exclusions/library.ts';
import { createChanges } from '../suggestions/write.ts';
import type { Context } from '../runs/task.ts';

/** Adds what is made of the other parts: what the settings exclude, the gallery of the user's performers, and the write path. */
export function completeContext(
  parts: Omit<Context, 'openGallery' | 'changes' | 'exclusions'>,
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
  const exclusions = createExclusionGuard(parts);
  return {
    ...parts,
    library: withoutExcluded(parts.library, () => exclusions.current()),
    exclusions,
    openGallery,
    changes: createChanges({ ...parts, exclusions }, writer),
  };
}
