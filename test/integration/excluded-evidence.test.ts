/** What a performer's scenes say of who they are at a stash-box: excluded scenes say nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING_EXCLUDED } from '../../core/exclusions/exclusions.ts';
import { withoutExcluded } from '../../tasks/exclusions/library.ts';
import { openedStash } from '../contract/opened-stash.ts';

const endpoint = 'https://box.example/graphql';
const at = (stashId: string) => [{ endpoint, stash_id: stashId, updatedAt: 0 }];

test('neither the stash ID nor the studio of a scene with an excluded tag or in an excluded folder is read', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  const { id: ada } = library.addPerformer({ name: 'Ada' });
  const { id: tag } = library.addTag({ name: 'Private' });
  const scenes = { open: {}, tagged: { tagIds: [tag] }, placed: {} };
  for (const [name, over] of Object.entries(scenes)) {
    const folder = name === 'placed' ? '/private' : '/media';
    const file = library.addFile({ kind: 'video', path: `${folder}/${name}.mp4` });
    const studioId = library.addStudio({ name, stashIds: at(`studio ${name}`) }).id;
    library.addScene({ fileIds: [file.id], performerIds: [ada], stashIds: at(name), studioId, ...over });
  }
  const read = async (from: typeof stash.library) => ({
    scenes: (await from.linkedScenes([ada], endpoint, 5))
      .get(ada)
      ?.map(({ stashId }) => stashId)
      .toSorted(),
    studios: (await from.studioIds([ada], endpoint, 5)).get(ada)?.toSorted(),
  });
  const exclusions = { ...NOTHING_EXCLUDED, tags: new Map([[tag, 'Private']]), folders: ['/private'] };
  assert.deepEqual(await read(withoutExcluded(stash.library, () => Promise.resolve(exclusions))), {
    scenes: ['open'],
    studios: ['studio open'],
  });
  assert.deepEqual(await read(withoutExcluded(stash.library, () => Promise.resolve(NOTHING_EXCLUDED))), {
    scenes: ['open', 'placed', 'tagged'],
    studios: ['studio open', 'studio placed', 'studio tagged'],
  });
});
