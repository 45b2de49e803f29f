import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facesAddress, idInPath, pictureAddress, entityIn } from './navigation.ts';

test('pictures are addressed relatively, so that a path in front of Stash does not matter', () => {
  assert.equal(pictureAddress('/performer/3/image?t=1'), 'performer/3/image?t=1');
  assert.equal(pictureAddress('http://0.0.0.0:9999/image/3/thumbnail'), 'image/3/thumbnail');
  assert.equal(pictureAddress('data:image/jpeg;base64,AAAA'), 'data:image/jpeg;base64,AAAA');
});

test('what is no picture of this Stash is not asked for', () => {
  for (const url of ['', 'javascript:alert(1)', 'data:text/html;base64,AAAA', 'blob:http://x/1'])
    assert.equal(pictureAddress(url), null, url);
});

test('the scene is known from the address too, also below a path of a proxy', () => {
  assert.equal(idInPath('scene', '/scenes/12'), '12');
  assert.equal(idInPath('scene', '/stash/scenes/12/'), '12');
  assert.equal(idInPath('scene', '/scenes/new'), null);
  assert.equal(idInPath('image', '/scenes/12'), null);
});

test('a number or a pasted address names an image or a gallery', () => {
  assert.deepEqual(entityIn(' 5 ', 'gallery'), { kind: 'gallery', id: '5' });
  assert.deepEqual(entityIn('http://nas:9999/images/77?x=1', 'gallery'), { kind: 'image', id: '77' });
  assert.equal(entityIn('five', 'image'), null);
});

test('faces of a scene are on its own page, those of pictures on ours', () => {
  assert.equal(facesAddress({ kind: 'scene', id: '1' }), '/scenes/1');
  assert.equal(facesAddress({ kind: 'gallery', id: '1' }), '/plugins/stash-sense?gallery=1');
});
