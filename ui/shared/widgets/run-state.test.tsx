import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunView } from '../../../core/contract/runs.ts';
import { plain } from '../../../core/messages/message.ts';
import { TASK_MODES, type TaskMode } from '../../../core/runs/tasks.ts';
import { canGoOn } from './run-state.tsx';

/** Those whose next start begins anew. A stop of fetching packs takes back what was asked for. */
const ANEW: readonly TaskMode[] = ['set-up', 'move-data', 'fetch-reference-packs'];

for (const task of TASK_MODES)
  test(`a stopped ${task} ${ANEW.includes(task) ? 'starts anew' : 'goes on where it was'}`, () => {
    const run = { task, state: 'stopped', phase: 'ended', message: plain('') } as unknown as RunView;
    assert.equal(canGoOn(run), !ANEW.includes(task));
    assert.equal(canGoOn({ ...run, state: 'finished' }), false);
  });
