/** A process that another one takes over, as after a lease in which it was stopped. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Run } from '../../core/ports/runs.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import type { Limits } from '../../tasks/runs/task.ts';
import { fakeContext, FAST, tempFolder, type FakeContext } from '../fakes/context.ts';
import { anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';

export const OTHER = 'another process';
export const TAKEN_OVER = { code: 'busy', message: /has taken over/ };

export type Opened = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly folder: string;
  readonly takeLock: (name: string) => void;
  /** Null: its slice is already over. */
  readonly takeRun: (owner: string | null, task?: Run['task']) => void;
  readonly holderOf: (name: string) => unknown;
};

export async function opened(t: TestContext, limits: Limits = FAST): Promise<Opened> {
  const folder = tempFolder(t);
  const stash = memoryStash({ items: [anItem(1, { performerIds: [] })], performers: [aPerformer(5)] });
  const context = await fakeContext(t, stash, { folder, limits });
  const raw = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  t.after(() => raw.close());
  const sql = raw.raw;
  return {
    context,
    stash,
    folder,
    takeLock(name) {
      const { changes } = sql.run(
        'UPDATE locks SET owner = ?, counter = counter + 1 WHERE name = ?',
        OTHER,
        name,
      );
      assert.equal(changes, 1);
    },
    takeRun(owner, task = 'scan') {
      const { changes } = sql.run(
        `UPDATE runs SET owner = ?, slices = slices + 1 WHERE task = ? AND state = 'running'`,
        owner,
        task,
      );
      assert.equal(changes, 1);
    },
    holderOf: (name) => sql.get('SELECT owner FROM locks WHERE name = ?', name)?.['owner'],
  };
}
