import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { FacesView } from '../../core/contract/faces.ts';
import { faces, never, person } from '../../test/ui/samples.ts';
import { operationError, type ask } from '../stash/operations.ts';
import { createFacesModel } from './faces-model.ts';
import { plain } from '../../core/messages/message.ts';

const SCENE = { kind: 'scene', id: '7' } as const;
const WORKING = never({ state: 'working', progress: { fraction: 0.4, message: plain('Key frames') } });

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
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
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
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const node = scriptedNode(() => WORKING);
  const model = createFacesModel(SCENE, node.ask);
  const leave = model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  model.setSeen(false);
  assert.equal(await countIn(t, node, 60_000), 1);
  model.setSeen(true);
  assert.equal(await countIn(t, node, 0), 2);
  leave();
  assert.equal(await countIn(t, node, 60_000), 2);
});

test('scrolled in and out of sight it is asked at most every 2 s, and ever more slowly all the same', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const node = scriptedNode(() => WORKING);
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  for (let n = 0; n < 19; n++) {
    model.setSeen(false);
    model.setSeen(true);
    assert.equal(await countIn(t, node, 100), 1);
  }
  assert.equal(await countIn(t, node, 100), 2);
  // Left alone, the next one comes as late as if nobody had scrolled.
  assert.equal(await countIn(t, node, 2400), 2);
  assert.equal(await countIn(t, node, 100), 3);
});

test('while a question has no answer yet, no other is sent', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const answers = [WORKING];
  const node = scriptedNode(() => answers.pop() ?? new Promise<FacesView>(() => undefined));
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  assert.equal(await countIn(t, node, 2000), 2);
  model.setSeen(false);
  model.setSeen(true);
  assert.equal(await countIn(t, node, 60_000), 2);
});

test('"Identify" pressed while a look waits or works starts no second one', async () => {
  const node = scriptedNode(() => never({ state: 'waiting' }));
  const model = createFacesModel(SCENE, node.ask);
  await model.reload();
  await model.identify(false);
  await model.identify(true);
  assert.deepEqual(node.asked, ['scene.faces']);
});

test('while a click on "Identify" waits for its answer, the progress is asked for', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const done = later();
  let view = never();
  const node = scriptedNode((name) => (name === 'scene.identify' ? done.promise : view));
  const model = createFacesModel(SCENE, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  const identified = model.identify(false);
  view = WORKING;
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

test('a gallery is looked at when it never was, once, and its progress is asked for meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const done = later();
  let view = never();
  const node = scriptedNode((name) => (name === 'gallery.identify' ? done.promise : view));
  const model = createFacesModel({ kind: 'gallery', id: '6' }, node.ask);
  model.subscribe(() => undefined);
  model.setSeen(true);
  await settled();
  assert.deepEqual(node.asked, ['entity.faces', 'gallery.identify']);
  view = never({ state: 'working', progress: { fraction: 0.06, message: plain('Picture 12 of 200') } });
  await countIn(t, node, 2000);
  assert.deepEqual(model.state().view?.progress?.message, plain('Picture 12 of 200'));
  // The browser tab goes and comes back.
  model.setSeen(false);
  model.setSeen(true);
  await countIn(t, node, 60_000);
  done.resolve(faces({ persons: [person()] }));
  await settled();
  assert.equal(model.state().view?.persons.length, 1);
  assert.equal(node.asked.filter((it) => it === 'gallery.identify').length, 1);
});

test('a picture that was looked at, or cannot be, is only read', async () => {
  for (const view of [
    faces(),
    never({ problem: plain('Nobody can be recognised yet.') }),
    never({ state: 'failed', lastFailure: { at: 1, message: plain('It is damaged.') } }),
  ]) {
    const node = scriptedNode(() => view);
    await createFacesModel({ kind: 'image', id: '5' }, node.ask).reload();
    await settled();
    assert.deepEqual(node.asked, ['entity.faces']);
  }
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

test('of an entity that is gone nothing stays to be decided; after any other failure what was shown stays', async () => {
  const node = scriptedNode(() => faces({ persons: [person()] }));
  const model = createFacesModel(SCENE, node.ask);
  await model.reload();
  node.answer = () => Promise.reject(new Error('Stash does not answer.'));
  await model.reload();
  assert.equal(model.state().view?.persons.length, 1);
  node.answer = () => Promise.reject(operationError('Stash has scene 7 no more.', 'not-found'));
  await model.reload();
  assert.deepEqual(model.state(), {
    view: null,
    problem: 'Stash has scene 7 no more.',
    isIdentifying: false,
  });
});
