/** "Move data" as Stash starts it, while the page asks on. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Status } from '../../core/contract/status.ts';
import { openStore } from '../../plugin/store/store.ts';
import { contentId, look, PACK, performer, proposal } from '../contract/store-samples.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { runPlugin, type Ended } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';
import type { Message } from '../../core/messages/message.ts';

const AT_ONCE = 3;

let folder: string;
let double: StashDouble;
let configDir: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-move-'));
  configDir = path.join(folder, 'config');
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  double.library.addScene({ title: 'No film', fileIds: [] });
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

test('decisions made while the data moves are kept or refused, never lost, and nothing is left behind', async () => {
  const from = path.join(configDir, 'stash-sense');
  const to = path.join(folder, 'other disk', 'sense');
  const store = await openStore({ folder: from });
  for (let n = 1; n <= 200; n++) await store.observations.put(look(n, { cropBytes: 20_000 }));
  for (let n = 1; n <= 300; n++)
    await store.suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [proposal(n, 1)]);
  await store.people.putPerformer(performer(1));
  await store.close();

  const ids = Array.from({ length: 300 }, (_, n) => String(n + 1));
  const decided: string[] = [];
  const refusals: string[] = [];
  const deciding = Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = ids.shift(); id !== undefined; id = ids.shift()) {
        const { output, error } = await ask('suggestions.reject', { ids: [id] });
        const { rejected, refused } = (output ?? { rejected: [], refused: [] }) as {
          rejected: string[];
          refused: { reason: Message }[];
        };
        decided.push(...rejected);
        refusals.push(...refused.map(({ reason }) => inEnglish(reason)), ...(error === null ? [] : [error]));
      }
    }),
  );
  const first = await runPlugin(stash(), { mode: 'move-data', folder: to });
  const second = await runPlugin(stash(), { mode: 'move-data' });
  ids.length = 0;
  await deciding;
  assert.deepEqual([first.error, second.error], [null, null]);
  assert.match(JSON.stringify(first.output), /^"The data is in /);
  assert.match(JSON.stringify(second.output), /the old folder .* is gone\."$/);

  assert.equal(double.config.plugins['stash-sense']?.['dataFolder'], to);
  assert.equal(existsSync(from), false, existsSync(from) ? readdirSync(from).join() : '');
  for (const refusal of refusals) assert.match(refusal, /being moved|has moved from|held by another run/);
  const moved = await openStore({ folder: to });
  for (const id of decided)
    assert.equal((await moved.suggestions.get(id))?.state, 'rejected', `suggestion ${id}`);
  for (let n = 1; n <= 200; n++) assert.equal((await moved.observations.crops(contentId(n), PACK)).length, 2);
  await moved.close();
  assert.ok(decided.length > 0);

  const { output } = await ask('status', {});
  const { data, runs, lastFailure } = output as Status;
  assert.equal(data.folder, to);
  assert.deepEqual(
    runs.map(({ task, state }) => [task, state]),
    [['move-data', 'finished']],
  );
  assert.equal(lastFailure, null);
});

function stash(): { stashUrl: string; configDir: string } {
  return { stashUrl: double.url, configDir };
}

async function ask(mode: string, input: unknown): Promise<Ended> {
  return await runPlugin(stash(), { mode, input });
}
