import type { StashIdValue } from '../../core/changes/change.ts';
import type { LibraryWriter } from '../../core/ports/library.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import { withReferencePacks } from '../../plugin/gallery/with-reference-packs.ts';
import { createExclusionGuard } from '../exclusions/guard.ts';
import { withoutExcluded } from '../exclusions/library.ts';
import { withoutExcludedPeople } from '../exclusions/reference-packs.ts';
import { createChanges } from '../suggestions/write.ts';
import type { Context } from '../runs/task.ts';

/** What `completeContext` adds. */
export type MadeOfOthers = 'openGallery' | 'openPerformers' | 'changes' | 'exclusions';

/** Adds what is made of the other parts: what the settings exclude, the galleries of who is known, and the write path. */
export function completeContext(parts: Omit<Context, MadeOfOthers>, writer: LibraryWriter): Context {
  const { dataFolder, store, vision, log } = parts;
  const openPerformers = createOpenGallery({
    dataFolder,
    name: 'performers',
    source: store.people,
    search: vision,
    log,
  });
  const exclusions = createExclusionGuard(parts);
  const excludedStashIds = async (): Promise<readonly StashIdValue[]> =>
    [...(await exclusions.current()).performers.values()].flatMap(({ stashIds }) => stashIds);
  const referencePacks = withoutExcludedPeople(parts.referencePacks, excludedStashIds);
  return {
    ...parts,
    library: withoutExcluded(parts.library, () => exclusions.current()),
    exclusions,
    referencePacks,
    openPerformers,
    openGallery: withReferencePacks({
      openPerformers,
      packs: referencePacks,
      people: store.people,
      excludedStashIds,
      search: vision,
    }),
    changes: createChanges({ ...parts, exclusions }, writer),
  };
}
