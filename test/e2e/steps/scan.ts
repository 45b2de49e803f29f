import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FacesView } from '../../../core/contract/faces.ts';
import { runTaskAndRead } from '../host.ts';
import { ALBUM, DAMAGED } from '../media.ts';
import type { World } from '../world.ts';
import { inEnglish } from '../../../core/messages/english.ts';

export function learningPeople(world: () => World): void {
  test('"Set up" says what it found of runtime, engine, weights, ffmpeg and space', async (t) => {
    const { stash } = world();
    const { status, seconds, said } = await runTaskAndRead(stash, 'Set up');
    assert.equal(status, 'FINISHED');
    for (const word of [/Node/, /wasm|native/i, /weights/i, /ffmpeg/i, /GB|MB/, /self-test/i])
      assert.match(said.join('\n'), word);
    assert.deepEqual(
      said.filter((line) => /^(Error|Warning) /.test(line)),
      [],
    );
    t.diagnostic(`Set up: ${seconds.toFixed(1)} s`);
  });

  test('"Update people" learns every performer that has a picture with one face', async (t) => {
    const { stash } = world();
    const { status, seconds } = await stash.runTask('Update people');
    assert.equal(status, 'FINISHED');
    const { performers, withReference, without } = await stash.operation('people.info', {});
    assert.deepEqual({ performers, withReference }, { performers: 7, withReference: 6 });
    assert.deepEqual(
      without.items.map(({ name }) => name),
      ['Nobody Yet'],
    );
    assert.notEqual(without.items[0]?.reason, '');
    t.diagnostic(`Update people: ${seconds.toFixed(1)} s`);
  });
}

export function scanning(world: () => World): void {
  test('"Scan library" finds who is in every scene, and shows how far it is', async (t) => {
    const { stash, decoded, media, ids } = world();
    await stash.configure({ scanImages: true, scanGalleries: true });
    await decoded();
    const { status, seconds, progress } = await stash.runTask('Scan library');
    assert.equal(status, 'FINISHED');
    assert.ok(progress.length >= 3, `progress was ${progress.join(' ')}`);
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    for (const { title, names, strangers } of media.library.scenes.filter((scene) => !scene.damaged)) {
      const faces = await stash.operation('scene.faces', { sceneId: ids.scenes[title]! });
      assert.deepEqual({ title, ...who(faces) }, { title, names: names.toSorted(), strangers });
    }
    assert.ok((await decoded()).includes('franck-talks.mp4'));
    t.diagnostic(`Scan library: ${seconds.toFixed(1)} s`);
  });

  test('images and galleries are looked at too where the settings say so', async () => {
    const { stash, ids, media, decoded } = world();
    for (const { title, names } of media.library.images) {
      const faces = await stash.operation('image.identify', { imageId: ids.images[title]! });
      assert.deepEqual(who(faces), { names: [...names], strangers: 0 });
    }
    const gallery = await stash.operation('gallery.identify', { galleryId: ids.gallery });
    assert.deepEqual(who(gallery), { names: ALBUM.names.toSorted(), strangers: ALBUM.strangers });
    assert.deepEqual(await decoded(), []);
  });

  test('the damaged file is counted and listed with its reason, and the run goes on to its end', async () => {
    const { stash, ids } = world();
    const { items } = await stash.operation('runs.failures', {});
    assert.deepEqual(
      items.map(({ id, title, state }) => ({ id, title, state })),
      [{ id: ids.scenes[DAMAGED], title: DAMAGED, state: 'failed' }],
    );
    assert.match(inEnglish(items[0]!.error), /damaged\.mp4/);
    const faces = await stash.operation('scene.faces', { sceneId: ids.scenes[DAMAGED]! });
    assert.equal(faces.state, 'failed');
    assert.deepEqual(faces.lastFailure?.message, items[0]!.error);
    const { runs, scan } = await stash.operation('status', {});
    const run = runs.find(({ task }) => task === 'scan');
    assert.equal(run?.state, 'finished');
    assert.equal(scan.failed, 1);
    assert.equal(scan.pending, 0);
  });

  test('a second scan decodes nothing', async (t) => {
    const { stash, decoded } = world();
    await decoded();
    const { status, seconds } = await stash.runTask('Scan library');
    assert.equal(status, 'FINISHED');
    assert.deepEqual(await decoded(), []);
    t.diagnostic(`Second scan: ${seconds.toFixed(1)} s`);
  });
}

/** Names found for sure, and how many others were seen. */
export function who({ persons }: FacesView): { names: string[]; strangers: number } {
  const names = persons.flatMap((person) =>
    person.decision === 'match' && person.name !== null ? [person.name] : [],
  );
  return { names: names.toSorted(), strangers: persons.length - names.length };
}
