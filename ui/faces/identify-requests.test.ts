import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdentifyRequests } from './identify-requests.ts';

const SCENE = { kind: 'scene', id: '7' } as const;

test('a request waits for a panel that is not drawn yet, and is answered once', () => {
  const requests = createIdentifyRequests();
  let answered = 0;
  requests.send(SCENE);
  const leave = requests.listen(SCENE, () => answered++);
  assert.equal(answered, 1);
  leave();
  requests.listen(SCENE, () => answered++);
  assert.equal(answered, 1);
});

test('a request reaches the panel of its scene only', () => {
  const requests = createIdentifyRequests();
  const answered: string[] = [];
  requests.listen(SCENE, () => answered.push('7'));
  requests.listen({ kind: 'scene', id: '8' }, () => answered.push('8'));
  requests.send({ kind: 'scene', id: '8' });
  assert.deepEqual(answered, ['8']);
});
