import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isContentId, type ContentId } from '../../core/content-id.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';
import { suggestionKey, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import { toProposals as propose, type EntityToMatch } from './proposals.ts';
import type { FileCluster } from './clusters.ts';

/** Those of matches. */
function toProposals(...shown: Shown): ProposalOf<'performer-seen'>[] {
  return propose(...shown, { calibration: CALIBRATION.matching }).flatMap((it) =>
    it.kind === 'performer-seen' ? it : [],
  );
}

/** Those of ties. */
function toTies(...shown: Shown): ProposalOf<'performer-ambiguous'>[] {
  return propose(...shown, { calibration: CALIBRATION.matching }).flatMap((it) =>
    it.kind === 'performer-ambiguous' ? it : [],
  );
}

type Shown = [entity: EntityToMatch, persons: readonly IdentifiedCluster[], seen: readonly FileCluster[]];

const ENTITY = { kind: 'gallery', id: '4', title: 'Album' } as const;
const [A, B] = ['a', 'b'].map((it) => `md5:${it.repeat(32)}`).filter(isContentId) as [ContentId, ContentId];

test('only matches with a performer of this Stash are proposed', () => {
  const persons = [
    identified(0, 'match', '5'),
    identified(1, 'match', null),
    identified(2, 'ambiguous', '6'),
    identified(3, 'unknown', '7'),
  ];
  assert.deepEqual(
    toProposals(
      ENTITY,
      persons,
      persons.map(({ key }) => seen(key, A)),
    ).map((it) => it.target.id),
    ['5'],
  );
});

test('a performer who is several persons is proposed once: the surest speaks, all that was seen is told', () => {
  const persons = [
    identified(0, 'match', '5', { confidence: 0.92, contentId: A }),
    identified(1, 'match', '5', { confidence: 0.99, contentId: B }),
  ];
  const [proposal, ...rest] = toProposals(ENTITY, persons, [seen(0, A, [9000, 1000]), seen(1, B, [5000])]);
  assert.deepEqual(rest, []);
  assert.equal(proposal?.confidence, 0.99);
  assert.deepEqual(proposal?.payload.seen, [
    { contentId: B, personKey: 1 },
    { contentId: A, personKey: 0 },
  ]);
  assert.deepEqual(proposal?.evidence.timesMs, [1000, 5000, 9000]);
  assert.equal(proposal?.evidence.faceCount, 3);
});

test('the others it could be are told, best first, without the answer', () => {
  const person: IdentifiedCluster = {
    ...identified(0, 'match', '5'),
    candidates: [candidate('5', 0.95), candidate('6', 0.4), candidate(null, 0.3)],
  };
  assert.deepEqual(toProposals(ENTITY, [person], [seen(0, A)])[0]?.evidence.alternatives, [
    { performerId: '6', name: 'Performer 6', confidence: 0.4 },
  ]);
});

test('performers who cannot be told apart are proposed together, best first; the others are left out', () => {
  const person = tie(0, [candidate('6', 0.5), candidate('5', 0.46), candidate('7', 0.02)]);
  const [asked, ...rest] = toTies(ENTITY, [person], [seen(0, A, [2000, 1000])]);
  assert.deepEqual(rest, []);
  assert.deepEqual(asked, {
    kind: 'performer-ambiguous',
    entity: { kind: 'gallery', id: '4' },
    entityTitle: 'Album',
    target: null,
    targetName: '',
    severity: 'info',
    confidence: 0.5,
    analyzer: 'faces',
    analyzerVersion: 4,
    payload: {
      seen: [{ contentId: A, personKey: 0 }],
      candidates: ['6', '5'].map((performerId) => ({
        performerId,
        name: `Performer ${performerId}`,
        confidence: performerId === '6' ? 0.5 : 0.46,
        similarity: 0.6,
        referenceId: '1',
      })),
    },
    evidence: { timesMs: [1000, 2000], faceCount: 2, similarity: 0.6, margin: 0 },
  });
  assert.equal(suggestionKey(asked), 'performer-ambiguous:gallery:4:5:6');
});

for (const [what, candidates] of Object.entries({
  'who may as well be nobody of them': [candidate('5', 0.4), candidate('6', 0.4)],
  'who is only a little like one': [candidate('5', 0.6), candidate('6', 0.03)],
  'where one is no performer of this Stash': [candidate('5', 0.5), candidate(null, 0.48)],
}))
  test(`${what} is not asked about`, () => {
    assert.deepEqual(toTies(ENTITY, [tie(0, candidates)], [seen(0, A)]), []);
  });

test('pictures of one person are one question; two people of one picture are asked about one after the other', () => {
  const twins = [candidate('5', 0.5), candidate('6', 0.48)];
  const inTwo = [tie(0, twins, A), tie(1, twins, B)];
  const [asked, ...rest] = toTies(ENTITY, inTwo, [seen(0, A), seen(1, B)]);
  assert.deepEqual(rest, []);
  assert.equal(asked?.payload.seen.length, 2);
  const apart = toTies(
    ENTITY,
    [tie(0, twins), tie(1, twins)],
    [seen(0, A, [1000], [1]), seen(1, A, [1000], [0])],
  );
  assert.deepEqual(
    apart.map(({ payload }) => payload.seen),
    [[{ contentId: A, personKey: 0 }]],
  );
});

test('times are thinned to 24, evenly, with the first and the last', () => {
  assert.deepEqual(thinTimes([1, 2, 3]), [1, 2, 3]);
  const thinned = thinTimes(Array.from({ length: 1000 }, (_, n) => n));
  assert.equal(thinned.length, 24);
  assert.equal(thinned[0], 0);
  assert.equal(thinned.at(-1), 999);
});

function identified(
  key: number,
  decision: IdentifiedCluster['decision'],
  performerId: string | null,
  { confidence = 0.95, contentId = A }: { confidence?: number; contentId?: ContentId } = {},
): IdentifiedCluster {
  return {
    key,
    members: [{ contentId, personKey: key }],
    decision,
    confidence,
    margin: 0.3,
    candidates: [candidate(performerId, confidence)],
  };
}

function tie(
  key: number,
  candidates: IdentifiedCluster['candidates'],
  contentId: ContentId = A,
): IdentifiedCluster {
  const confidence = candidates[0]?.confidence ?? 0;
  return { ...identified(key, 'ambiguous', null, { confidence, contentId }), margin: 0, candidates };
}

function candidate(performerId: string | null, confidence: number): IdentifiedCluster['candidates'][number] {
  return {
    personId: `stash:${performerId}`,
    performerId,
    name: `Performer ${performerId}`,
    similarity: 0.6,
    confidence,
    referenceId: '1',
  };
}

function seen(
  key: number,
  contentId: ContentId,
  timesMs: readonly number[] = [1000],
  apartFrom: readonly number[] = [],
): FileCluster {
  const template = Float32Array.of(1) as Embedding;
  return {
    key,
    contentId,
    person: {
      key,
      template,
      exemplars: [template],
      quality: 0.8,
      apartFrom,
      faces: timesMs.map((timeMs) => ({
        timeMs,
        box: { x: 0, y: 0, width: 0.1, height: 0.1 },
        quality: { overall: 0.8, sizePx: 100, sharpness: 0.8, yaw: 0, roll: 0, detector: 0.9 },
      })),
    },
  };
}
