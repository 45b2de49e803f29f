import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanEmbedding, toUnit } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { GalleryPerson } from '../people/person.ts';
import { joinCandidates } from './one-person.ts';

const ONE_PERSON = 0.6;

/** Whose face is turned away from the first axis by so many degrees. */
function known(id: string, name: string, degrees: number): GalleryPerson {
  const angle = (degrees * Math.PI) / 180;
  const embedding = toUnit(Float32Array.of(Math.cos(angle), Math.sin(angle)))!;
  return {
    id,
    name,
    performerId: id.startsWith('stash:') ? id.slice('stash:'.length) : null,
    references: [{ id: `${id}/0`, embedding, quality: 1, source: 'image' }],
  };
}

function centreOf({ references }: GalleryPerson): Embedding | null {
  return meanEmbedding(references.map(({ embedding }) => ({ embedding, weight: 1 })));
}

function join(...people: readonly GalleryPerson[]): (readonly [id: string, similarity: number])[] {
  const rated = people.map((person, n) => ({ person, similarity: 0.9 - n / 10 }));
  return joinCandidates(rated, centreOf, ONE_PERSON).map(({ person, similarity }) => [person.id, similarity]);
}

for (const [first, second, expected, remark] of [
  [
    known('stash:1', 'Jane Doe', 0),
    known('pack:a/x', 'Jane Doe', 20),
    'one',
    'a performer and a person of a pack',
  ],
  [known('pack:a/x', 'Jane Doe', 0), known('stash:1', 'Jane Doe', 20), 'one', 'however is likelier'],
  [known('pack:a/x', 'Jane Doe', 0), known('pack:b/y', 'Jane Doe', 20), 'one', 'people of two packs'],
  [known('stash:1', 'Jane Doe', 0), known('pack:a/x', 'DOE, Jane', 20), 'one', 'the name is spelt otherwise'],
  [
    known('stash:1', 'Jane Doe', 0),
    known('pack:a/x', 'Jane Doe (II)', 20),
    'one',
    'the box alone disambiguates',
  ],
  [known('stash:1', 'Jane Doe (I)', 0), known('pack:a/x', 'Jane Doe (II)', 20), 'two', 'namesakes'],
  [known('stash:1', 'Jane Doe', 0), known('pack:a/x', 'Jane Doe', 60), 'two', 'the faces differ'],
  [known('stash:1', 'Jane Doe', 0), known('pack:a/x', 'Jenny Doe', 0), 'two', 'the face alone'],
  [known('stash:1', 'Jane Doe', 0), known('stash:2', 'Jane Doe', 0), 'two', 'two performers'],
  [known('stash:1', '', 0), known('pack:a/x', '', 0), 'two', 'no name'],
] as const)
  test(`${expected} where there are ${remark}`, () => {
    assert.equal(join(first, second).length, expected === 'one' ? 1 : 2);
  });

test('the performer stands for both, of packs always the same one, with the numbers of the likelier', () => {
  const performer = known('stash:1', 'Jane Doe', 0);
  const [one, other] = [known('pack:a/x', 'Jane Doe', 10), known('pack:b/y', 'Jane Doe', 20)];
  assert.deepEqual(join(other, performer, one), [['stash:1', 0.9]]);
  assert.deepEqual(join(other, one), [['pack:a/x', 0.9]]);
  assert.deepEqual(join(one, other), [['pack:a/x', 0.9]]);
});

test('two performers stay two beside the person of a pack', () => {
  const found = join(
    known('pack:a/x', 'Jane Doe', 0),
    known('stash:1', 'Jane Doe', 0),
    known('stash:2', 'Jane Doe', 0),
  );
  assert.deepEqual(
    found.map(([id]) => id),
    ['stash:1', 'stash:2'],
  );
});
