import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { SLEEPER } from '../package-source.ts';
import type { Stash } from '../stash.ts';
import { who } from './scan.ts';
import type { World } from '../world.ts';
import { inEnglish } from '../../../core/messages/english.ts';

const TAG = 'Identify faces';

export function identifying(world: () => World): void {
  test('with an idle queue the button starts a task, with progress and a job that can be stopped', async () => {
    const { stash, ids } = world();
    await stash.waitForIdle();
    const sceneId = ids.scenes['The office']!;
    const before = await stash.operation('scene.faces', { sceneId });
    const { via, faces } = await stash.operation('scene.identify', { sceneId, force: true });
    assert.equal(via, 'task');
    assert.match(faces.state, /^(waiting|working)$/);
    const [job] = await stash.jobs();
    assert.match(job?.description ?? '', /Identify scene/);
    await stash.waitForJob(job!.id);
    const after = await stash.operation('scene.faces', { sceneId });
    assert.equal(after.state, 'done');
    assert.ok(after.observedAt! > before.observedAt!);
    assert.deepEqual(who(after), { names: ['Man in the office'], strangers: 0 });
  });

  test('with a busy queue the button does not wait: the operation itself looks', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes['Franck talks']!;
    const before = await stash.operation('scene.faces', { sceneId });
    await withBusyQueue(stash, async () => {
      const { via, faces } = await stash.operation('scene.identify', { sceneId, force: true });
      assert.equal(via, 'operation');
      assert.equal(faces.state, 'done');
      assert.ok(faces.observedAt! > before.observedAt!);
      assert.deepEqual(who(faces), { names: ['Franck'], strangers: 0 });
    });
  });

  test('"Identify scene" from the menu takes the tagged scenes and takes their tag off', async () => {
    const { stash, ids } = world();
    const { tagCreate } = await stash.ask<{ tagCreate: { id: string } }>(
      'mutation($name: String!) { tagCreate(input: { name: $name }) { id } }',
      { name: TAG },
    );
    const tagged = [ids.scenes['Two men']!, ids.scenes['Nobody']!];
    await stash.ask(
      'mutation($ids: [ID!], $tag: [ID!]) { bulkSceneUpdate(input: { ids: $ids, tag_ids: { ids: $tag, mode: ADD } }) { id } }',
      { ids: tagged, tag: [tagCreate.id] },
    );
    assert.deepEqual(await Promise.all(tagged.map((id) => stash.tagsOf(id))), [[TAG], [TAG]]);
    assert.equal((await stash.runTask('Identify scene')).status, 'FINISHED');
    assert.deepEqual(await Promise.all(tagged.map((id) => stash.tagsOf(id))), [[], []]);
    const faces = await stash.operation('scene.faces', { sceneId: tagged[0]! });
    assert.deepEqual(who(faces), { names: ['Franck', 'Man in the office'], strangers: 0 });
  });

  test('"Identify scene" with no scene tagged says so in one sentence', async () => {
    const { stash } = world();
    await stash.runTask('Identify scene');
    const { runs } = await stash.operation('status', {});
    const last = runs.find(({ task }) => task === 'identify');
    assert.match(inEnglish(last!.message), new RegExp(`^[^\\n]*${TAG}[^\\n]*\\.$`));
  });
}

/** Somebody else's job runs meanwhile. */
export async function withBusyQueue(stash: Stash, work: () => Promise<void>): Promise<void> {
  const { runPluginTask } = await stash.ask<{ runPluginTask: string }>(
    'mutation($id: ID!) { runPluginTask(plugin_id: $id, task_name: "Sleep") }',
    { id: SLEEPER },
  );
  try {
    while ((await stash.findJob(runPluginTask))?.status === 'READY') await sleep(20);
    await work();
  } finally {
    await stash.stopJob(runPluginTask);
    await stash.waitForIdle();
  }
}
