import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBoxScene, boxId } from '../../test/fakes/memory-box.ts';
import type { BoxScene } from '../ports/boxes/box-scenes.ts';
import { STRONG_FROM } from './rate.ts';
import { rateScenes, type HashedFile } from './rate-scenes.ts';

const OSHASH = '00000000000000aa';
const PHASH = 'a116edcbfff90200';
const NEAR = 'a116edcbfff90207';
const FAR = 'a116edcbfff905fc';
const FILE = file([
  ['OSHASH', OSHASH],
  ['PHASH', PHASH],
]);

function file(
  hashes: readonly (readonly ['OSHASH' | 'PHASH' | 'MD5', string])[],
  seconds: number | null = 60,
): HashedFile {
  return { seconds, fingerprints: hashes.map(([algorithm, hash]) => ({ algorithm, hash, isOurs: false })) };
}

/** [what, files of the scene, scenes that the box answers, what comes of them] */
const RATED: readonly [string, readonly HashedFile[], readonly BoxScene[], string][] = [
  ['the same file', [FILE], [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH }])], '1 OSHASH strong'],
  ['the same pictures', [FILE], [aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH }])], '1 PHASH strong'],
  [
    'nearly the same pictures',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'PHASH', hash: NEAR }])],
    '1 PHASH strong',
  ],
  ['pictures that are further apart', [FILE], [aBoxScene(1, [{ algorithm: 'PHASH', hash: FAR }])], ''],
  [
    'the same pictures of another length',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH, seconds: 90 }])],
    '1 PHASH',
  ],
  [
    'the same pictures of a length that is not known',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH, seconds: 0 }])],
    '1 PHASH',
  ],
  [
    'the same file, of which the box has no length',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH, seconds: 0 }])],
    '1 OSHASH strong',
  ],
  [
    'the same file with another length',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH, seconds: 600 }])],
    '1 OSHASH',
  ],
  [
    'a hash that is one of another algorithm',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'PHASH', hash: OSHASH }])],
    '',
  ],
  [
    'a hash that more users say is wrong',
    [FILE],
    [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH, reports: 4 }])],
    '',
  ],
  [
    'pictures of one colour',
    [file([['PHASH', '8000000000000000']])],
    [aBoxScene(1, [{ algorithm: 'PHASH', hash: '8000000000000000' }])],
    '',
  ],
  [
    'two scenes with the same file',
    [FILE],
    [
      aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH }]),
      aBoxScene(2, [{ algorithm: 'OSHASH', hash: OSHASH }]),
    ],
    '1 OSHASH, 2 OSHASH',
  ],
  [
    'the same file, and another scene whose length is another',
    [FILE],
    [
      aBoxScene(1, [{ algorithm: 'PHASH', hash: PHASH, seconds: 95 }]),
      aBoxScene(2, [{ algorithm: 'OSHASH', hash: OSHASH }]),
    ],
    '2 OSHASH strong, 1 PHASH',
  ],
  [
    'two files of which each is another scene',
    [FILE, file([['OSHASH', '00000000000000bb']])],
    [
      aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH }]),
      aBoxScene(2, [{ algorithm: 'OSHASH', hash: '00000000000000bb' }]),
    ],
    '1 OSHASH, 2 OSHASH',
  ],
  [
    'the second of two files',
    [file([['OSHASH', '00000000000000bb']]), FILE],
    [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH }])],
    '1 OSHASH strong',
  ],
  [
    'an MD5',
    [file([['MD5', 'd41d8cd98f00b204e9800998ecf8427e']])],
    [aBoxScene(1, [{ algorithm: 'MD5', hash: 'd41d8cd98f00b204e9800998ecf8427e' }])],
    '1 MD5 strong',
  ],
];

for (const [what, files, scenes, expected] of RATED)
  test(`rated: ${what}`, () => {
    const rated = rateScenes(files, scenes);
    const said = rated.map(({ scene, hits, isStrong }) => {
      const n = scenes.find(({ id }) => id === scene.id) && [1, 2].find((one) => boxId(one) === scene.id);
      return `${n} ${hits[0]?.algorithm}${isStrong ? ' strong' : ''}`;
    });
    assert.equal(said.join(', '), expected);
    // "Accept all" goes by the confidence.
    for (const { isStrong, confidence } of rated) assert.equal(confidence >= STRONG_FROM, isStrong);
  });

test('a fingerprint that two files have is one sign, that of the file which agrees most', () => {
  const [rated] = rateScenes(
    [file([['OSHASH', OSHASH]], 600), file([['OSHASH', OSHASH]], 60)],
    [aBoxScene(1, [{ algorithm: 'OSHASH', hash: OSHASH }])],
  );
  assert.deepEqual(
    rated?.hits.map(({ mySeconds }) => mySeconds),
    [60],
  );
});
