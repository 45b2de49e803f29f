import assert from 'node:assert/strict';
import { test } from 'node:test';
import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { StaticRouter } from 'react-router-dom';
import type { PersonView } from '../../core/contract/faces.ts';
import { ambiguous, candidate, person, unknown } from '../../test/ui/samples.ts';
import type { Naming } from './naming/use-naming.ts';
import { PersonCard } from './person-card.tsx';
import type { Decisions } from './use-decisions.ts';
import type { Held } from './use-held.ts';

Object.assign(globalThis, { window: { PluginApi: { components: { Icon: () => null } } } });

test('a match shows who, how sure in words and number, the picture it fits, and both answers', () => {
  const drawn = draw(person());
  assert.match(drawn, /<a href="\/performers\/1">Jane Doe<\/a>/);
  assert.match(drawn, /very likely · 97 %/);
  assert.match(drawn, /src="performer\/1\/image\?t=1"/);
  assert.match(drawn, /aria-label="Add Jane Doe to this scene"/);
  assert.match(drawn, /aria-label="Not this person: Jane Doe"/);
  assert.match(drawn, /aria-label="Go to 1:03, Jane Doe"/);
});

test('moments within five seconds are one time', () => {
  const drawn = draw(person({ timesMs: [63_000, 63_400, 67_999, 68_000] }));
  assert.deepEqual(
    [...drawn.matchAll(/aria-label="Go to (\d+:\d+)/g)].map(([, time]) => time),
    ['1:03', '1:08'],
  );
});

test('why somebody was expected in the scene is said beside what was seen, of a match and of a candidate', () => {
  const expected = { onScene: true, studioScenes: 12 };
  assert.match(
    draw(person({ candidates: [candidate({ expected })] })),
    /on this scene in Stash · also in 12 scenes of this studio/,
  );
  const asked = draw(
    ambiguous({ candidates: [candidate(), candidate({ performerId: '2', expected: { studioScenes: 1 } })] }),
  );
  assert.match(asked, /also in 1 scene of this studio/);
  assert.doesNotMatch(draw(person()), /this studio|in Stash/);
});

test('what is decided offers only the way back', () => {
  const added = draw(person({ journalId: 'j1', present: true }));
  assert.match(added, /aria-label="Undo: remove Jane Doe from this scene"/);
  assert.doesNotMatch(added, /aria-label="Add/);
  const rejected = draw(person({ suggestion: { id: 's1', state: 'rejected' } }));
  assert.match(rejected, /aria-label="Undo: it may be Jane Doe after all"/);
});

test('who is on the scene already is not offered again', () => {
  const drawn = draw(person({ present: true }));
  assert.match(drawn, /on this scene already/);
  assert.doesNotMatch(drawn, /<button[^>]*>(?:(?!<\/button>).)*Add/);
});

test('of several people it could be each can be added or refused', () => {
  const drawn = draw(ambiguous());
  assert.match(drawn, /One of these\?/);
  for (const name of ['Ann Example', 'Bea Sample']) {
    assert.match(drawn, new RegExp(`aria-label="Add ${name} to this scene"`));
    assert.match(drawn, new RegExp(`aria-label="Not this person: ${name}"`));
  }
});

test('of a candidate or of an unknown person, who was added and taken off since is told so and can be added again or refused', () => {
  const gone = candidate({ performerId: '2', name: 'Ann Example', confidence: 0.02, removed: true });
  for (const card of [ambiguous({ candidates: [candidate(), gone] }), unknown({ candidates: [gone] })]) {
    const drawn = draw(card);
    assert.match(drawn, /taken off since/);
    assert.match(drawn, /aria-label="Add Ann Example to this scene again"/);
    assert.match(drawn, /aria-label="Not this person: Ann Example"/);
  }
  assert.doesNotMatch(draw(unknown({ candidates: [gone] })), /Or, less likely/);
});

test('after "not this person" another can be added, and one that was added can be taken off again', () => {
  const second = candidate({ performerId: '2', name: 'Ann Example', confidence: 0.05 });
  const rejected = { suggestion: { id: 's1', state: 'rejected' } } as const;
  const drawn = draw(person({ ...rejected, candidates: [candidate(), second] }));
  assert.match(drawn, /aria-label="Add Ann Example to this scene"/);
  const added = draw(
    person({ ...rejected, candidates: [candidate(), { ...second, present: true, journalId: 'j1' }] }),
  );
  assert.match(added, /aria-label="Undo: remove Ann Example from this scene"/);
  assert.doesNotMatch(added, /aria-label="Add Ann/);
});

test('who was added at the card of another person is undone there', () => {
  const likely = candidate({
    performerId: '2',
    name: 'Ann Example',
    confidence: 0.3,
    present: true,
    journalId: 'j1',
  });
  const drawn = draw(person({ candidates: [candidate(), likely] }), ['2']);
  assert.match(drawn, /Ann Example/);
  assert.match(drawn, /on this scene</);
  assert.doesNotMatch(drawn, /Undo/);
  const unlikely = { ...likely, confidence: 0.01 };
  assert.doesNotMatch(draw(person({ candidates: [candidate(), unlikely] }), ['2']), /Ann Example/);
});

test('of a person whom only the cover shows it is said, and only who is likely is offered', () => {
  const candidates = [
    candidate({ performerId: '2', name: 'Ann Example', confidence: 0.5 }),
    candidate({ performerId: '3', name: 'Bea Sample', confidence: 0.01 }),
  ];
  const drawn = draw(ambiguous({ onlyCover: true, faceCount: 1, timesMs: [], candidates }));
  assert.match(drawn, /Only the cover shows Ann Example/);
  assert.match(drawn, /seen on the cover only, not in the film/);
  assert.match(drawn, /aria-label="Add Ann Example to this scene"/);
  assert.doesNotMatch(drawn, /Bea Sample|One of these/);
  const alike = candidates.map((other) => ({ ...other, confidence: 0.25 }));
  assert.match(
    draw(ambiguous({ onlyCover: true, candidates: alike })),
    /Only the cover shows Ann Example or Bea Sample/,
  );
  assert.match(draw(unknown({ onlyCover: true })), /Unknown person.*seen on the cover only/s);
});

test('an unknown person is called unknown', () => {
  const drawn = draw(unknown());
  assert.match(drawn, /Unknown person/);
  assert.doesNotMatch(drawn, /%/);
});

test('somebody who is no performer of Stash has a name and nothing to press', () => {
  const drawn = draw(person({ performerId: null, name: 'From a pack', suggestion: null }));
  assert.match(drawn, /From a pack/);
  assert.doesNotMatch(drawn, /aria-label="Add/);
});

test('a name that is markup is shown as its letters', () => {
  const name = '<img src=x onerror=alert(1)>';
  const drawn = draw(person({ name, candidates: [candidate({ name })] }));
  assert.doesNotMatch(drawn, /<img src=x/);
  assert.match(drawn, /&lt;img src=x onerror=alert\(1\)&gt;/);
});

test('nothing has an id: Stash may draw it twice', () => {
  assert.doesNotMatch(draw(ambiguous()) + draw(person()), /\sid="/);
});

test('of one who is undecided whoever is less likely than what is asked about is shown where that is asked for', () => {
  const cleo = candidate({ name: 'Cleo', performerId: '4', confidence: 0.2, isUnlikely: true });
  const candidates = [
    candidate({ name: 'Ann', performerId: '2', confidence: 0.5 }),
    candidate({ name: 'Bea', performerId: '3', confidence: 0.05 }),
    cleo,
  ];
  const drawn = draw({ ...ambiguous(), candidates });
  assert.match(drawn, /possible · 5/, 'of those who fit alike nobody is unlikely');
  assert.doesNotMatch(drawn, /Cleo/);
  assert.match(drawn, /Show one who is less likely/);
  assert.match(
    draw({ ...ambiguous(), candidates: [...candidates.slice(0, 2), { ...cleo, rejected: true }] }),
    /Cleo/,
  );
});

const NOT_NAMED: Naming = {
  pending: new Set(),
  named: null,
  name: () => Promise.resolve(null),
  deny: nothing,
  hide: nothing,
  unhide: nothing,
  nameElsewhere: nothing,
  usePicture: nothing,
  close: nothing,
};

function nothing(): void {}

function draw(view: PersonView, elsewhere: readonly string[] = []): string {
  const decisions: Decisions = {
    pending: new Set(),
    add: nothing,
    addCandidate: nothing,
    reject: nothing,
    rejectCandidate: nothing,
    undo: nothing,
    undoCandidate: nothing,
    addAll: nothing,
    afterSave: nothing,
  };
  const held: Held = {
    askedAt: () => null,
    canPut: false,
    whenSaved: nothing,
    putIntoForm: nothing,
    cancel: nothing,
    awaitedOf: () => null,
    drop: nothing,
  };
  return renderToStaticMarkup(
    <StaticRouter>
      <PersonCard
        entity={{ kind: 'scene', id: '7' }}
        person={view}
        decisions={decisions}
        packDecisions={{ pending: new Set(), add: () => Promise.resolve(null), reject: nothing }}
        held={held}
        elsewhere={new Set(elsewhere)}
        naming={NOT_NAMED}
        unseen={{ performers: [], isOnly: false }}
      />
    </StaticRouter>,
  );
}
