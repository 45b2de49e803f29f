import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configureGeneral, connectStash } from '../stash.ts';
import { who } from './scan.ts';
import type { World } from '../world.ts';

const USERNAME = 'somebody';
const PASSWORD = 'a pass & word';

export function passwordProtected(world: () => World): void {
  test('behind a password it works as before, asked with a cookie and with an API key', async () => {
    const { stash, ids } = world();
    const sceneId = ids.scenes['Two portraits']!;
    await configureGeneral(stash, { username: USERNAME, password: PASSWORD });
    const byCookie = connectStash(stash.url, { cookie: await logIn(stash.url) });
    try {
      await assert.rejects(stash.operation('status', {}), /401/);

      const faces = await byCookie.operation('scene.faces', { sceneId });
      assert.deepEqual(who(faces), { names: ['Audrey Hepburn', 'Sean Connery'], strangers: 0 });
      assert.equal((await byCookie.runTask('Scan library')).status, 'FINISHED');
      const { checks, runs } = await byCookie.operation('status', {});
      assert.deepEqual(checks.find(({ id }) => id === 'stash')?.ok, true);
      assert.equal(runs.find(({ task }) => task === 'scan')?.state, 'finished');

      const { generateAPIKey } = await byCookie.ask<{ generateAPIKey: string }>(
        'mutation { generateAPIKey(input: {}) }',
      );
      const byKey = connectStash(stash.url, { apiKey: generateAPIKey });
      await byKey.runTask('Identify scene', { scene_ids: [sceneId], force: true });
      const after = await byKey.operation('scene.faces', { sceneId });
      assert.deepEqual(who(after), { names: ['Audrey Hepburn', 'Sean Connery'], strangers: 0 });

      const said = JSON.stringify(await byKey.logs());
      assert.ok(!said.includes(generateAPIKey), 'the API key is in the log');
    } finally {
      await byCookie.ask('mutation { generateAPIKey(input: { clear: true }) }');
      await configureGeneral(byCookie, { username: '', password: '' });
    }
    assert.equal((await stash.operation('status', {})).stash !== '', true);
  });
}

/** As the form on Stash's login page does. */
async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ username: USERNAME, password: PASSWORD }),
  });
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('session='));
  if (cookie === undefined) throw new Error(`The login answered ${response.status} without a cookie.`);
  return cookie.split(';', 1)[0]!;
}
