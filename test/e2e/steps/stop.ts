import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { processesNaming } from '../host.ts';
import { who } from './scan.ts';
import type { Stash } from '../stash.ts';
import type { World } from '../world.ts';
import { inEnglish } from '../../../core/messages/english.ts';

export function stopping(world: () => World): void {
  test('a scan killed by "stop" in the middle leaves no process, and goes on to the same end', async (t) => {
    const { stash, folder, configDir, decoded } = world();
    const expected = await endState(world());
    // Another data folder: everything is to be learned, and every scene to be looked at, once more.
    const dataFolder = path.join(folder, 'other data');
    await stash.configure({ dataFolder });
    await decoded();

    const id = await stash.startTask('Scan library');
    await untilScanned(stash, id, 2);
    await stash.stopJob(id);
    assert.equal((await stash.waitForJob(id)).status, 'CANCELLED');
    await sleep(500);
    assert.deepEqual(
      [
        ...(await processesNaming(path.join(configDir, 'plugins'))),
        ...(await processesNaming(path.basename(folder))).filter((line) => /ff(mpeg|probe)/.test(line)),
      ],
      [],
    );
    const { scan } = await stash.operation('status', {});
    assert.ok(scan.done >= 2 && scan.pending > 0, JSON.stringify(scan));
    const first = await decoded();

    const { status, seconds } = await stash.runTask('Scan library');
    assert.equal(status, 'FINISHED');
    assert.deepEqual(await endState(world()), expected);
    const twice = (await decoded()).filter((file) => first.includes(file));
    // Only the file it was killed at, and the damaged one, which is tried a few times.
    assert.ok(twice.filter((file) => file !== 'damaged.mp4').length <= 1, twice.join(' '));
    t.diagnostic(`Scan after the kill: ${seconds.toFixed(1)} s`);
  });

  test('the setting for the data folder is followed, and back again', async () => {
    const { stash, folder, configDir } = world();
    const { data } = await stash.operation('status', {});
    assert.equal(data.folder, path.join(folder, 'other data'));
    await stash.configure({ scanImages: true, scanGalleries: true });
    const after = await stash.operation('status', {});
    assert.equal(after.data.folder, path.join(configDir, 'stash-sense'));
  });

  test('a setting that makes no sense is said in one sentence and stops nothing else', async () => {
    const { stash } = world();
    await stash.configure({ schedule: 'every now and then', scanImages: true, scanGalleries: true });
    const { problems } = await stash.operation('settings.get', {});
    assert.equal(problems.length, 1);
    assert.match(inEnglish(problems[0]!), /^[^\n]*every now and then[^\n]*\.$/);
    const { schedule } = await stash.operation('status', {});
    assert.deepEqual(
      schedule.map(({ task, nextAt, due }) => ({ task, nextAt, due })),
      [{ task: 'scan', nextAt: null, due: false }],
    );
    await stash.configure({ scanImages: true, scanGalleries: true });
  });

  test('a dry run says what it would write and writes nothing', async () => {
    const { stash, ids } = world();
    await stash.configure({ dryRun: true, scanImages: true, scanGalleries: true });
    const sceneId = ids.scenes['Far away, in the dark']!;
    const { items } = await stash.operation('suggestions.list', { entity: { kind: 'scene', id: sceneId } });
    const { accepted, dryRun } = await stash.operation('suggestions.accept', {
      ids: items.map(({ id }) => id),
    });
    assert.equal(dryRun, true);
    assert.equal(accepted.length, 1);
    assert.deepEqual(await stash.performersOf(sceneId), []);
    await stash.configure({ scanImages: true, scanGalleries: true });
  });
}

/** What a scan leaves behind of the scenes, without ids and times of its own. */
async function endState({ stash, ids }: World): Promise<unknown> {
  const suggestions = await stash.operation('suggestions.list', { entityKind: 'scene', limit: 100 });
  const scenes = await Promise.all(
    Object.entries(ids.scenes).map(async ([title, sceneId]) => {
      const faces = await stash.operation('scene.faces', { sceneId });
      return { title, state: faces.state, ...who(faces) };
    }),
  );
  const { scan } = await stash.operation('status', {});
  const { pending, failed } = scan;
  return {
    // What a stash-box was asked is no scan's.
    suggestions: suggestions.items
      .filter(({ kind }) => kind !== 'scene-stash-id')
      .map(({ entity, targetName }) => `${entity.kind} ${entity.id} ${targetName}`)
      .toSorted(),
    scenes,
    pending,
    failed,
  };
}

async function untilScanned(stash: Stash, jobId: string, scenes: number): Promise<void> {
  for (;;) {
    const { scan } = await stash.operation('status', {});
    if (scan.done >= scenes) return;
    const job = await stash.findJob(jobId);
    if (job?.status !== 'READY' && job?.status !== 'RUNNING')
      throw new Error(`The scan is ${job?.status} after ${scan.done} scenes.`);
    await sleep(100);
  }
}
