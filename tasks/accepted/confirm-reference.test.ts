import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embedding } from '../../core/faces/face.ts';
import type { StoredReference } from '../../core/ports/people.ts';
import { canBecomeReference } from './confirm-reference.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const ORIGIN = 'oshash:0000000000000001#0';

for (const [remark, expected, person, references] of [
  ['one good picture of the library carries it', true, {}, [{}]],
  ['one weak picture alone does not', false, {}, [{ quality: 0.3 }]],
  ['two weak pictures that agree do', true, {}, [{ quality: 0.3 }, { quality: 0.2, angle: 0.35 }]],
  [
    'a second picture that does not agree is no support',
    false,
    {},
    [{ quality: 0.3 }, { quality: 0.3, angle: 1.4 }],
  ],
  [
    'faces confirmed before carry nothing by themselves',
    false,
    {},
    [{ source: 'confirmed' }, { source: 'confirmed' }],
  ],
  ['a confirmed face beside a picture is support', true, {}, [{ quality: 0.3 }, { source: 'confirmed' }]],
  [
    'the face itself, confirmed before, is no support',
    false,
    {},
    [{ quality: 0.3 }, { source: 'confirmed', sourceKey: ORIGIN }],
  ],
  ['a blurred face stands for nobody', false, { quality: 0.3 }, [{}]],
  ['a picture that is put aside does not count', false, {}, [{ state: 'outlier' }]],
  ['somebody without pictures has nothing that agrees', false, {}, []],
] as [string, boolean, { quality?: number }, (Partial<StoredReference> & { angle?: number })[]][])
  test(`whether an accepted face becomes a reference: ${remark}`, () => {
    const template = vector(0);
    assert.equal(
      canBecomeReference(
        { template, exemplars: [template], quality: 0.8, ...person },
        references.map(({ angle = 0.3, ...it }, n) => ({
          embedding: vector(angle),
          quality: 0.9,
          source: 'profile' as const,
          state: 'used' as const,
          sourceKey: `image:${n}`,
          ...it,
        })),
        ORIGIN,
        CALIBRATION.confirmation,
      ),
      expected,
    );
  });

/** Two of these are as similar as the cosine of the difference of their angles. */
function vector(angle: number): Embedding {
  return Float32Array.of(Math.cos(angle), Math.sin(angle)) as Embedding;
}
