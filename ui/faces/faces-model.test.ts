import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { FacesView } from '../../core/contract.ts';
import { faces, never, person } from '../../test/ui/samples.ts';
import type { ask } from '../stash/operations.ts';
import { createFacesModel } from './faces-model.ts';

const SCENE = { kind: 'scene', id: '7' } as const;
const WORKING = never({ state: 'working', progress: { fraction: 0.4, message: 'Key frames' } });

test('nothing is asked before somebody can see it', async () => {
  const node = scriptedNode(() => faces());
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  await settled();
  assert.deepEqual(node.asked, []);
  model.setSeen(true);
  await settled();
  assert.deepEqual(node.asked, ['scene.faces']);
  assert.equal(model.state().view?.state, 'done');
});

test('while something is under way it is asked again, ever more slowly, until it is done', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let view = WORKING;
  const node = scriptedNode(() => view);
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  assert.equal(await countIn(t, node, 1999), 1);
  assert.equal(await countIn(t, node, 1), 2);
  assert.equal(await countIn(t, node, 2499), 2);
  assert.equal(await countIn(t, node, 1), 3);
  view = faces();
  await countIn(t, node, 10_000);
  const total = await countIn(t, node, 0);
  assert.equal(await countIn(t, node, 60_000), total);
});

test('what is hidden or gone is not asked for; back again it is asked for at once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const node = scriptedNode(() => WORKING);
  const model = createFacesModel(SCENE, node.ask);
  const leave = model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  model.setSeen(false);
  assert.equal(await countIn(t, node, 60_000), 1);
  model.setSeen(true);
  await settled();
  assert.equal(node.asked.length, 2);
  leave();
  assert.equal(await countIn(t, node, 60_000), 2);
});

test('while a click on "Identify" waits for its answer, the progress is asked for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const done = later();
  const node = scriptedNode((name) => (name === 'scene.identify' ? done.promise : WORKING));
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  const identified = model.identify(false);
  await countIn(t, node, 2000);
  assert.equal(model.state().view?.progress?.fraction, 0.4);
  done.resolve(faces({ persons: [person()] }));
  await identified;
  assert.equal(model.state().isIdentifying, false);
  assert.equal(model.state().view?.persons.length, 1);
});

test('an answer that comes late does not undo what is shown', async () => {
  const late = later();
  const node = scriptedNode(() => late.promise);
  const model = createFacesModel(SCENE, node.ask);
  const first = model.reload();
  const second = scriptedAnswer(node, faces({ persons: [person()] }), model.reload);
  await second;
  late.resolve(never());
  await first;
  assert.equal(model.state().view?.state, 'done');

  const slow = later();
  node.answer = () => slow.promise;
  const third = model.reload();
  model.change((view) => ({ ...view, peopleCount: 99 }));
  slow.resolve(faces({ peopleCount: 1 }));
  await third;
  assert.equal(model.state().view?.peopleCount, 99);
});

test('a question without an answer keeps what was shown and says why', async () => {
  const node = scriptedNode(() => faces());
  const model = createFacesModel(SCENE, node.ask);
  await model.reload();
  node.answer = () => Promise.reject(new Error('Stash does not answer.'));
  await model.reload();
  assert.equal(model.state().problem, 'Stash does not answer.');
  assert.equal(model.state().view?.state, 'done');
  node.answer = () => faces();
  await model.reload();
  assert.equal(model.state().problem, null);
});

test('a picture is looked at by the question itself, which is not asked twice', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const node = scriptedNode(() => new Promise<FacesView>(() => undefined));
  const model = createFacesModel({ kind: 'image', id: '5' }, node.ask);
  model.subscribe(() => undefined);
  void model.identify(true);
  model.setSeen(true);
  const before = node.asked.length;
  assert.equal(await countIn(t, node, 60_000), before);
  assert.deepEqual(new Set(node.asked), new Set(['image.identify']));
});

/** An answer that comes when it is told to. */
function later(): { promise: Promise<FacesView>; resolve: (view: FacesView) => void } {
  let resolve!: (view: FacesView) => void;
  const promise = new Promise<FacesView>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

type Answer = (name: string) => FacesView | Promise<FacesView>;
type ScriptedNode = { readonly asked: string[]; answer: Answer; readonly ask: typeof ask };

function scriptedNode(answer: Answer): ScriptedNode {
  const node = {
    asked: [] as string[],
    answer,
    ask: (async (name: string) => {
      node.asked.push(name);
      const view = await node.answer(name);
      return name === 'scene.identify' ? { via: 'operation', faces: view } : view;
    }) as unknown as typeof ask,
  };
  return node;
}

async function scriptedAnswer(node: ScriptedNode, view: FacesView, work: () => Promise<void>): Promise<void> {
  node.answer = () => view;
  await work();
}

/** How many questions there have been after so much more time. */
async function countIn(t: TestContext, node: ScriptedNode, ms: number): Promise<number> {
  t.mock.timers.tick(ms);
  await settled();
  return node.asked.length;
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
