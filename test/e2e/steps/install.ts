import { INSTALL_NODE, TASKS } from '../../../core/runs/tasks.ts';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { availablePackages, installPackages } from '../install.ts';
import { SLEEPER } from '../package-source.ts';
import type { World } from '../world.ts';
import { inEnglish } from '../../../core/messages/english.ts';

export function installing(world: () => World): void {
  test('a source that was added offers the plugin, and says that it needs its weights', async () => {
    const { stash, source } = world();
    const offered = await availablePackages(stash, source.url);
    assert.deepEqual(
      offered.map((offer) => [offer.package_id, offer.requires.map((needed) => needed.package_id)]),
      [
        [SLEEPER, []],
        ['stash-sense', ['stash-sense-faces']],
        ['stash-sense-faces', []],
      ],
    );
  });

  test('without its weights the plugin names the package to install, in status and on the Faces tab', async () => {
    const { stash, source, ids } = world();
    assert.deepEqual(await installPackages(stash, source.url, ['stash-sense']), {
      'stash-sense': '0.0.0-e2e',
    });
    const { checks } = await stash.operation('status', {});
    const weights = checks.find(({ id }) => id === 'weights');
    assert.equal(weights?.ok, false);
    assert.match(inEnglish(weights.message), /stash-sense-faces/);
    const { problem } = await stash.operation('scene.faces', { sceneId: ids.scenes['Franck talks']! });
    assert.match(problem ? inEnglish(problem) : '', /stash-sense-faces/);
    await assert.rejects(
      stash.operation('image.identify', { imageId: ids.images['Audrey']! }),
      /^Error: [^\n]*stash-sense-faces[^\n]*$/,
    );
  });

  test('with both packages it is there at once: tasks, settings, page, and nothing wrong', async () => {
    const { stash, source } = world();
    assert.deepEqual(await installPackages(stash, source.url, ['stash-sense-faces', SLEEPER]), {
      'stash-sense': '0.0.0-e2e',
      'stash-sense-faces': '0.0.0-e2e',
      [SLEEPER]: '1',
    });
    const { plugins } = await stash.ask<{
      plugins: {
        id: string;
        enabled: boolean;
        tasks: { name: string }[] | null;
        settings: { name: string }[] | null;
        paths: { javascript: string[] | null; css: string[] | null };
      }[];
    }>('{ plugins { id enabled tasks { name } settings { name } paths { javascript css } } }');
    const plugin = plugins.find(({ id }) => id === 'stash-sense');
    assert.equal(plugin?.enabled, true);
    assert.deepEqual(
      plugin.tasks?.map(({ name }) => name),
      [...Object.values(TASKS), INSTALL_NODE].map(({ name }) => name),
    );
    assert.ok(plugin.settings?.some(({ name }) => name === 'identifyTag'));
    for (const address of [...plugin.paths.javascript!, ...plugin.paths.css!]) {
      const response = await fetch(new URL(address, stash.url), { headers: stash.headers });
      assert.equal(response.status, 200);
      assert.ok((await response.text()).length > 100, address);
    }
    const { checks } = await stash.operation('status', {});
    assert.deepEqual(
      checks.filter(({ ok, id }) => !ok && id !== 'people'),
      [],
    );
  });

  test('what it learns lies beside config.yml, where updates do not touch it', async () => {
    const { stash, configDir } = world();
    const { data } = await stash.operation('status', {});
    assert.equal(data.folder, path.join(configDir, 'stash-sense'));
    assert.ok(existsSync(path.join(configDir, 'stash-sense', 'stash-sense.sqlite')));
  });
}
