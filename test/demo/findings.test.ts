import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FacesView } from '../../core/contract/faces.ts';
import { differences, type Finding, table } from './findings.ts';
import { plain } from '../../core/messages/message.ts';

type Seen = Partial<FacesView['persons'][number]>;

test('nothing differs when everybody, and nobody else, was found', () => {
  assert.deepEqual(
    differences([
      finding({ names: ['Ann'], strangers: 1 }, [match('Ann'), { decision: 'unknown' }]),
      finding({ title: 'Empty' }, []),
      finding({ damaged: true }, [], {
        state: 'failed',
        lastFailure: { at: 1, message: plain('It ends early.') },
      }),
    ]),
    [],
  );
});

test('who is missing, who is too many, and who is there twice are all said', () => {
  assert.deepEqual(
    differences([
      finding({ names: ['Ann', 'Bob'] }, [
        match('Ann'),
        match('Ann'),
        match('Eve'),
        { decision: 'ambiguous' },
      ]),
    ]),
    [
      'Film: Bob was not found.',
      'Film: Eve is not in it.',
      'Film: Ann was found twice.',
      'Film: 1 unknown or doubtful people instead of 0.',
    ],
  );
});

test('a scene that was not looked at differs, and so does a damaged one without a reason', () => {
  assert.deepEqual(
    differences([
      finding({ title: 'New' }, [], { state: 'never' }),
      finding({ title: 'Broken', damaged: true }, [], { state: 'done' }),
    ]),
    [
      'New: not looked at, its state is "never".',
      'Broken: it cannot be read, yet its state is "done" with no reason.',
    ],
  );
});

test('the table has a line for each person, and says of a film with nobody and of a broken one what it is', () => {
  assert.deepEqual(
    table([
      finding({ names: ['Ann'] }, [
        {
          ...match('Ann'),
          faceCount: 7,
          confidence: 0.934,
          timesMs: [0, 61_500, 62_000, 70_000, 80_000, 90_000, 100_000],
        },
        { decision: 'unknown', faceCount: 1, timesMs: [2000] },
      ]),
      finding({ title: 'Empty' }, []),
      finding({ title: 'Broken', damaged: true }, [], {
        state: 'failed',
        lastFailure: { at: 1, message: plain('It ends early.') },
      }),
    ]),
    [
      '          who               confidence  faces  seen at',
      '  Film    Ann               93 %        7      0:00 1:01 1:10 1:20 1:30 …',
      '          somebody unknown              1      0:02',
      '  Empty   nobody',
      '  Broken  not readable: It ends early.',
    ],
  );
});

test('somebody of a reference pack is told from a performer of that name', () => {
  const candidates = [
    {
      performerId: null,
      name: 'Ann',
      confidence: 0.9,
      similarity: 0.6,
      reference: null,
      pack: { personId: 'pack:a/b', disambiguation: '', stashIds: [] },
    },
  ];
  const seen = [{ ...match('Ann'), candidates }];
  assert.deepEqual(differences([finding({ names: ['Ann (of a reference pack)'] }, seen)]), []);
  assert.deepEqual(differences([finding({ names: ['Ann'] }, seen)]), [
    'Film: Ann was not found.',
    'Film: Ann (of a reference pack) is not in it.',
  ]);
  assert.match(table([finding({}, seen)])[1]!, /^ {2}Film +Ann \(of a reference pack\) /);
});

function match(name: string): Seen {
  return { decision: 'match', name };
}

function finding(truth: Partial<Finding>, persons: readonly Seen[], view: Partial<FacesView> = {}): Finding {
  return {
    title: 'Film',
    names: [],
    strangers: 0,
    damaged: false,
    ...truth,
    faces: {
      state: 'done',
      progress: null,
      problem: null,
      lastFailure: null,
      observedAt: 0,
      frameCount: 1,
      peopleCount: 1,
      ...view,
      persons: persons.map((it, key) => ({
        key,
        decision: 'unknown',
        performerId: null,
        name: null,
        confidence: 0,
        margin: 0,
        faceCount: 1,
        timesMs: [],
        crops: [],
        candidates: [],
        suggestion: null,
        journalId: null,
        present: false,
        ...it,
      })),
    },
  };
}
