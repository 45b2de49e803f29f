import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../messages/english.ts';
import { isNothingExcluded, NOTHING_EXCLUDED, whyExcluded, type Exclusions } from './exclusions.ts';
import { isWholePath, isWithin } from './folders.ts';
import { withoutPerformers } from './named-performers.ts';

test('a folder holds what is below it by whole names, and a zip its pictures', () => {
  for (const [place, folder, isIn] of [
    ['/media/private/a.mp4', '/media/private', true],
    ['/media/private/deep/a.mp4', '/media/private/', true],
    ['/media/private', '/media//./private', true],
    ['/media/private2/a.mp4', '/media/private', false],
    ['/media/Private/a.mp4', '/media/private', false],
    ['/other/media/private/a.mp4', '/media/private', false],
    ['/media/set.zip/1.jpg', '/media/set.zip', true],
    ['/anything', '/', true],
    ['D:\\Films\\Private\\a.mp4', 'd:/films/private', true],
    ['D:\\Films\\Private2\\a.mp4', 'D:\\Films\\Private', false],
    ['\\\\NAS\\share\\private\\a.mp4', '\\\\nas\\share', true],
    ['/media/Cafe\u0301/a.mp4', '/media/Caf\u00e9', true],
  ] as const)
    assert.equal(isWithin(place, folder, false), isIn, `${place} in ${folder}`);
  assert.equal(isWithin('/Users/me/Private/a.mp4', '/users/ME/private', true), true);
});

test('only a whole path is a folder', () => {
  for (const folder of ['/media', '/', 'D:\\', 'd:/films', '\\\\nas\\share'])
    assert.equal(isWholePath(folder), true, folder);
  for (const folder of ['media', './media', '../media', '/media/../private', '~/films', 'D:films'])
    assert.equal(isWholePath(folder), false, folder);
});

test('the sentence says what it is excluded by, and what is not excluded has none', () => {
  const exclusions: Exclusions = {
    ...NOTHING_EXCLUDED,
    tags: new Map([['2', 'Private']]),
    folders: ['/private'],
    galleries: new Map([['5', 'Private']]),
  };
  const scene = { kind: 'scene', id: '1', title: 'Holiday', files: [], tagIds: ['1'] } as const;
  assert.equal(isNothingExcluded(NOTHING_EXCLUDED), true);
  assert.equal(isNothingExcluded(exclusions), false);
  assert.equal(whyExcluded(scene, exclusions), null);
  assert.equal(whyExcluded({ ...scene, tagIds: ['2'] }, NOTHING_EXCLUDED), null);
  for (const [entity, said] of [
    [{ ...scene, tagIds: ['1', '2'] }, /^"Holiday" is not looked at: it has the tag Private,/],
    [{ ...scene, kind: 'gallery', folderPath: '/private/x' }, /below \/private,/],
    [{ ...scene, kind: 'image', galleryIds: ['4', '5'] }, /in a gallery with the tag Private,/],
  ] as const)
    assert.match(inEnglish(whyExcluded(entity, exclusions)!), said);
});

test('what names a performer is taken out of lists, and nothing is left of what stands by itself', () => {
  const ids = new Set(['7']);
  assert.deepEqual(withoutPerformers({ a: [{ performerId: '7' }, { performerId: '8' }], b: null }, ids), {
    value: { a: [{ performerId: '8' }], b: null },
  });
  assert.deepEqual(withoutPerformers({ list: [{ kind: 'performer', id: '7' }, null, 3] }, ids), {
    value: { list: [null, 3] },
  });
  assert.deepEqual(withoutPerformers({ kind: 'scene', id: '7' }, ids), { value: { kind: 'scene', id: '7' } });
  assert.equal(withoutPerformers({ one: { performerId: '7' } }, ids), null);
});
