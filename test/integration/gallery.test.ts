/** The people of a library, searched as the tasks search them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { similarity } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import { createMatcher, type Matcher } from '../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../core/matching/memory-gallery.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import type { GalleryPerson, Identification } from '../../core/people/person.ts';
import { createExactIndex } from '../../models/index/exact.ts';
import { near, randomUnit, seeded } from '../fixtures/random.ts';
import { CALIBRATION } from '../fixtures/calibration.ts';

const DIMENSIONS = 64;

test('whoever is nearest by any of their references is found among a thousand people', async () => {
  const random = seeded(3);
  const people = Array.from({ length: 1000 }, (_, i) => {
    const centre = randomUnit(DIMENSIONS, random);
    // Ten pictures of many years: some are hardly alike.
    return person(
      String(i),
      Array.from({ length: 1 + (i % 10) }, () => near(centre, 1.1, random)),
    );
  });
  const matcher = await openMatcher(people);
  const probes = Array.from({ length: 300 }, (_, i) => {
    const { references } = people[i * 3]!;
    return seen(i, near(references[i % references.length]!.embedding, 0.8, random));
  });
  const answers = await matcher.identify(probes.map((it) => [it]));
  answers.forEach(({ identifications: [answer] }, i) => {
    const best = people
      .map(({ id, references }) => ({
        id,
        similarity: Math.max(...references.map((it) => similarity(it.embedding, probes[i]!.template))),
      }))
      .toSorted((one, other) => other.similarity - one.similarity)[0]!;
    const [found] = answer!.candidates;
    assert.ok(found && found.similarity >= best.similarity - 1e-6, `probe ${i}`);
  });
});

test('the reference named is the one most like the person, and the similarity is never below it', async () => {
  const random = seeded(5);
  const centre = randomUnit(DIMENSIONS, random);
  const references = [near(centre, 0.9, random), near(centre, 0.9, random), near(centre, 0.9, random)];
  const matcher = await openMatcher([person('7', references)]);
  const template = near(references[1]!, 0.2, random);
  const [answer] = await identified(matcher, [[seen(0, template)]]);
  const [candidate] = answer!.candidates;
  assert.equal(candidate?.referenceId, '7/1');
  assert.ok(candidate.similarity >= similarity(references[1]!, template) - 1e-6);
});

test('groups keep their order, and nobody known means everybody is unknown', async () => {
  const random = seeded(9);
  const [one, other] = [randomUnit(DIMENSIONS, random), randomUnit(DIMENSIONS, random)];
  const matcher = await openMatcher([person('1', [one]), person('2', [other])]);
  const groups = await matcher.identify([[seen(0, one), seen(1, other)], [], [seen(0, other)]]);
  assert.deepEqual(
    groups.map(({ identifications }) => identifications.map((answer) => answer.candidates[0]?.personId)),
    [['1', '2'], [], ['2']],
  );
  assert.equal((await createMemoryGallery([], plainIndex)).size, 0);
  const nobody = await openMatcher([]);
  assert.equal((await identified(nobody, [[seen(0, one)]]))[0]!.decision, 'unknown');
});

async function openMatcher(people: readonly GalleryPerson[]): Promise<Matcher> {
  return createMatcher(await createMemoryGallery(people, plainIndex), { calibration: CALIBRATION.matching });
}

async function identified(matcher: Matcher, groups: readonly FaceCluster[][]): Promise<Identification[]> {
  return (await matcher.identify(groups)).flatMap(({ identifications }) => identifications);
}

const plainIndex = (dimensions: number): Promise<ReturnType<typeof createExactIndex>> =>
  Promise.resolve(createExactIndex(dimensions));

function person(id: string, embeddings: readonly Embedding[]): GalleryPerson {
  return {
    id,
    name: `Performer ${id}`,
    performerId: id,
    references: embeddings.map((embedding, i) => ({
      id: `${id}/${i}`,
      embedding,
      quality: 0.8,
      source: 'image',
    })),
  };
}

function seen(key: number, template: Embedding): FaceCluster {
  return { key, template, exemplars: [template], faces: [], quality: 0.8, apartFrom: [] };
}
