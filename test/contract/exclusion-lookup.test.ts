/** What the settings of exclusions mean in a Stash, over real HTTP against the double. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openedStash } from './opened-stash.ts';

test('tags are found by id, name and alias, and all that are below them', async (t) => {
  const { stash, double } = await openedStash(t);
  const { exclusions } = stash.library;
  const top = double.library.addTag({ name: 'Private', aliases: ['Secret'] });
  const middle = double.library.addTag({ name: 'Quite private', parentIds: [top.id] });
  const bottom = double.library.addTag({ name: 'Very private', parentIds: [middle.id] });
  const other = double.library.addTag({ name: `Tag ${top.id}` });
  const ids = async (entry: string): Promise<string[]> => (await exclusions.tags(entry)).map(({ id }) => id);
  for (const entry of ['private', 'SECRET', top.id, `Private [${top.id}]`, `Renamed since [${top.id}]`])
    assert.deepEqual(await ids(entry), [top.id], entry);
  assert.deepEqual(await ids('Privat_'), []);
  assert.deepEqual(await ids('Nothing [999]'), []);
  assert.deepEqual(await ids('Secret [999]'), [top.id], 'merged: the name is an alias now');
  assert.deepEqual(await ids(`Quite private [${other.id}]`), [other.id, middle.id], 'both that can be meant');
  const below = await exclusions.tagsBelow(top.id);
  assert.deepEqual(below.map(({ id }) => id).toSorted(), [middle.id, bottom.id]);
});

test('performers are found by id, name, alias and disambiguation, and by a tag of theirs', async (t) => {
  const { stash, double } = await openedStash(t);
  const { exclusions } = stash.library;
  const tag = double.library.addTag({ name: 'Private' });
  const below = double.library.addTag({ name: 'Quite private', parentIds: [tag.id] });
  const stashIds = [{ endpoint: 'https://box.example/graphql', stashId: 'a-1' }];
  const ada = double.library.addPerformer({
    name: 'Ada',
    aliases: ['Countess'],
    tagIds: [below.id],
    stashIds: stashIds.map(({ endpoint, stashId }) => ({ endpoint, stash_id: stashId, updatedAt: 0 })),
  });
  const second = double.library.addPerformer({ name: 'Ada', disambiguation: 'II' });
  const ids = async (entry: string): Promise<string[]> =>
    (await exclusions.performers(entry)).map(({ id }) => id);
  assert.deepEqual(await ids('ada'), [ada.id, second.id]);
  assert.deepEqual(await ids('Countess'), [ada.id]);
  assert.deepEqual(await ids('Ada (II)'), [second.id]);
  assert.deepEqual(await ids(`Ada [${second.id}]`), [second.id]);
  assert.deepEqual(await ids('Nobody'), []);
  assert.deepEqual(await exclusions.performersWithTag([tag.id]), [
    { id: ada.id, name: 'Ada', stashIds, tagIds: [below.id] },
  ]);
  for (const entry of ['Ada', `Ada [${ada.id}]`])
    assert.deepEqual((await exclusions.performers(entry))[0]?.stashIds, stashIds);
});

test('what has a tag, or lies below a folder, is listed by Stash', async (t) => {
  const { stash, double } = await openedStash(t);
  const { library } = double;
  const tag = library.addTag({ name: 'Private' });
  const below = library.addTag({ name: 'Quite private', parentIds: [tag.id] });
  const scene = (path: string, tagIds: string[] = []): string =>
    library.addScene({ fileIds: [library.addFile({ kind: 'video', path }).id], tagIds }).id;
  const tagged = scene('/media/a.mp4', [below.id]);
  const within = scene('/media/My private films/é/b.mp4');
  scene('/media/My/private/films/c.mp4');
  const gallery = library.addGallery({ folder: '/media/My private films/stills', tagIds: [below.id] });
  const image = library.addImage({ galleryIds: [gallery.id] });
  const listed = async (...args: Parameters<typeof stash.library.entitiesAfter>): Promise<string[]> =>
    (await stash.library.entitiesAfter(...args)).map(({ id }) => id);
  assert.deepEqual(await listed('scene', '0', 10, { tagIds: [tag.id] }), [tagged]);
  for (const folder of [
    '/media/My private films',
    '/media/My private films/',
    '/media/My private films/e\u0301',
  ])
    assert.deepEqual(await listed('scene', '0', 10, { folder }), [within], folder);
  assert.deepEqual(await listed('gallery', '0', 10, { folder: '/media/My private films' }), [gallery.id]);
  assert.deepEqual(await listed('image', '0', 10, { galleryIds: [gallery.id] }), [image.id]);
  assert.deepEqual((await stash.library.entitiesAfter('image', '0', 10))[0]?.galleryIds, [gallery.id]);
  assert.deepEqual(await stash.library.exclusions.galleriesWithTag([tag.id]), [
    { id: gallery.id, tagIds: [below.id] },
  ]);
});
