/** The Status tab in a real browser: what is wrong and what mends it, consent, the data, the report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Input } from '../../core/contract/operations.ts';
import type { Status } from '../../core/contract/status.ts';
import { packView } from './pack-samples.ts';
import { dataInfo, fullAcceleration, run, acceleration, status } from './samples.ts';
import { createGate } from '../fixtures/wait.ts';
import { uiWorld } from './world.ts';
import { plain, message } from '../../core/messages/message.ts';

const world = uiWorld();
const STATUS = '/plugins/stash-sense?tab=status';

test('each thing that is wrong comes with what mends it', async () => {
  world.begin({
    status: () =>
      status({
        checks: [
          { id: 'weights', ok: false, message: plain('The weights are missing.') },
          { id: 'ffmpeg', ok: false, message: plain('ffmpeg is missing.') },
          { id: 'people', ok: false, message: plain('Nobody is known yet.') },
          { id: 'space', ok: false, message: plain('The disk is nearly full.') },
          { id: 'self-test', ok: false, message: plain('The self-test failed.') },
          { id: 'store', ok: true, message: plain('The data is in /config/stash-sense.') },
        ],
      }),
    'runs.start': () => ({ jobId: '5', joined: false }),
  });
  const page = await world.open(STATUS);
  await page.getByRole('heading', { name: '5 things need attention' }).waitFor();
  const plugins = page.getByRole('link', { name: "Stash's plugins" });
  assert.equal(await plugins.getAttribute('href'), '/settings?tab=plugins');
  await page.getByRole('link', { name: "Stash's system settings" }).waitFor();
  await page.getByRole('button', { name: 'Update people' }).click();
  await page.getByText("Update people is in Stash's queue.").waitFor();
  await page.getByRole('listitem').filter({ hasText: 'self-test' }).getByRole('button').click();
  await page.getByText("Set up is in Stash's queue.").waitFor();
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'people' }, { task: 'set-up' }]);
  await page.getByRole('button', { name: 'Move or clear data' }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'stash-sense-data');
  assert.deepEqual(world.complaints, []);
});

test('what was tried on this machine is said with its numbers, and which one is used', async () => {
  world.begin({
    status: () => status({ acceleration: fullAcceleration({ problems: [plain('The channel is gone.')] }) }),
  });
  const page = await world.open(STATUS);
  const row = page.getByRole('row', { name: /native cpu/ });
  assert.match(await row.innerText(), /in use\s+18\.3\s+Passed the self-test\./);
  assert.match(await page.getByRole('row', { name: /native cuda/ }).innerText(), /–\s+No NVIDIA driver/);
  assert.equal(await page.getByText('in use').count(), 1);
  await page.getByText('Not used: usearch wants glibc 2.38').waitFor();
  await page.getByText('The channel is gone.').waitFor();
});

test('nothing is fetched but what was ticked, and where it comes from is said before', async () => {
  let isSettingUp = false;
  let agreed: string[] = [];
  world.begin({
    status: () =>
      status({
        acceleration: fullAcceleration({
          consent: agreed.length > 0 ? { at: Date.now(), artifacts: agreed } : null,
        }),
        runs: isSettingUp
          ? [
              run({
                task: 'set-up',
                done: 3,
                total: 10,
                message: plain('Fetching onnxruntime-node: 6 of 21 MB'),
              }),
            ]
          : [],
      }),
    'setup.consent': ({ artifacts }: Input<'setup.consent'>) => {
      agreed = artifacts;
      isSettingUp = artifacts.length > 0;
      return { jobId: null, joined: false };
    },
    stop: () => {
      isSettingUp = false;
      return { stopping: ['set-up'] };
    },
  });
  const page = await world.open(STATUS);
  await page.getByText('https://example.org/stash-sense/', { exact: true }).waitFor();
  // What only some graphics cards can use is not ticked for everybody.
  const fetch = page.getByRole('button', { name: 'Fetch (21 MB)' });
  await fetch.waitFor();
  assert.equal(await page.getByRole('checkbox', { name: /sharp/ }).isDisabled(), true);
  await page.getByRole('checkbox', { name: /NVIDIA graphics/ }).check();
  await page.getByRole('button', { name: 'Fetch (1.2 GB)' }).waitFor();
  await page.getByRole('checkbox', { name: /NVIDIA graphics/ }).uncheck();
  await fetch.click();
  await page.getByRole('status').filter({ hasText: 'Fetching onnxruntime-node: 6 of 21 MB' }).waitFor();
  assert.deepEqual(world.inputs('setup.consent'), [{ artifacts: ['onnxruntime-node-linux-x64-1.30.0'] }]);
  assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '30');
  assert.equal(await page.getByRole('button', { name: /^Fetch/ }).count(), 0);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('agreed to, not here yet').waitFor();
  await page.getByText('You agreed to 1 part just now.').waitFor();
  await page.getByRole('button', { name: 'Withdraw consent' }).click();
  await page.getByText('Consent withdrawn: nothing more is fetched.').waitFor();
  assert.deepEqual(world.inputs('setup.consent').at(-1), { artifacts: [] });
  await page.getByRole('button', { name: 'Withdraw consent' }).waitFor({ state: 'detached' });
  assert.deepEqual(world.complaints, []);
});

test('without a channel nothing can be ticked, and where to name one is said', async () => {
  world.begin({ status: () => status({ acceleration: fullAcceleration({ channel: null }) }) });
  const page = await world.open(STATUS);
  await page.getByRole('link', { name: 'Settings, Channel' }).waitFor();
  assert.equal(await page.getByRole('checkbox', { name: /NVIDIA/ }).isDisabled(), true);
  assert.equal(await page.getByRole('button', { name: /^Fetch/ }).isDisabled(), true);
});

test('data is cleared only when it was ticked and the word written; the journal only on request', async () => {
  let isBusy = true;
  world.begin({
    'data.clear': ({ what }) => {
      if (isBusy) throw new Error('"Scan library" is under way: stop it or let it end, then try again.');
      return {
        erased: what.map((it) => ({ what: it, count: 3, bytes: 1000 })),
        message: plain('Erased: 124 looks at files (17.4 MB).'),
      };
    },
  });
  const page = await world.open(STATUS);
  await page.getByRole('button', { name: 'Clear data…' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByRole('checkbox', { name: /History/ }).isChecked(), false);
  assert.equal(await dialog.getByRole('checkbox', { name: /Fetched/ }).isChecked(), false);
  await dialog.getByText('nothing that was written to Stash can be undone').waitFor();
  const clear = dialog.getByRole('button', { name: 'Clear', exact: true });
  assert.equal(await clear.isDisabled(), true);
  await dialog.getByRole('checkbox', { name: /Suggestions/ }).uncheck();
  await dialog.getByRole('textbox').fill('clear');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').filter({ hasText: '"Scan library" is under way' }).waitFor();
  isBusy = false;
  await clear.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('alert').filter({ hasText: 'Erased: 124 looks at files' }).first().waitFor();
  assert.deepEqual(world.inputs('data.clear').at(-1), { what: ['faces', 'people'] });
  assert.deepEqual(world.complaints, []);
});

test('data left in another folder are told, with the size and what can be done, also where the list is empty', async () => {
  let former: Status['data']['former'] = {
    folder: '/old/sense',
    bytes: 22_000_000,
    usedAt: Date.now() - 3 * 86_400_000,
  };
  world.begin({
    status: () =>
      status({
        data: { folder: '/data/sense', databaseBytes: 4000, cropBytes: 0, observations: 0, former },
        checks:
          former === null
            ? []
            : [{ id: 'folder', ok: false, message: message('former.found', { folder: former.folder }) }],
      }),
    'suggestions.list': () => ({ total: 0, items: [] }),
    'data.former': ({ what }) => {
      former = null;
      return {
        message: message(what === 'use' ? 'former.used' : 'former.left', { folder: '/old/sense', here: '' }),
      };
    },
  });
  const list = await world.open('/plugins/stash-sense');
  await list.getByText('learned before is still in /old/sense').waitFor();
  await list.getByRole('link', { name: 'Open Status' }).click();
  const notice = list.getByRole('alert').filter({ hasText: 'still in /old/sense' });
  await notice.getByText('22 MB, last used 3 days ago').waitFor();
  await list.getByRole('button', { name: 'Choose below' }).click();
  for (const name of ['Move the data here', 'Start anew here'])
    await notice.getByRole('button', { name }).waitFor();
  await notice.getByRole('button', { name: 'Use the old folder' }).click();
  await list.getByText('The data in /old/sense are in use again.').waitFor();
  await notice.waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('data.former'), [{ what: 'use' }]);
  assert.deepEqual(world.complaints, []);
});

test('the data moves: what is wrong with the folder is said at once, and how far it is afterwards', async () => {
  let state: 'here' | 'moving' | 'cut short' | 'there' = 'here';
  world.begin({
    status: () =>
      status({
        data: {
          folder: state === 'there' ? '/data/sense' : '/config/stash-sense',
          databaseBytes: 4_200_000,
          cropBytes: 18_000_000,
          observations: 124,
          former: null,
        },
        runs:
          state === 'moving'
            ? [
                run({
                  task: 'move-data',
                  total: 0,
                  message: message('move.isCopying', { done: 12, total: 68 }),
                }),
              ]
            : state === 'cut short'
              ? [run({ task: 'move-data', phase: 'lost' })]
              : [],
      }),
    'data.info': () => dataInfo({ movingTo: state === 'cut short' ? '/data/sense' : null }),
    'data.move': ({ folder }) => {
      if (folder !== '/data/sense')
        throw new Error(`The data cannot be moved: ${folder} holds other things: choose an empty folder.`);
      state = 'moving';
      return { jobId: '4', joined: false };
    },
    'runs.start': () => ({ jobId: '5', joined: false }),
  });
  const page = await world.open(STATUS);
  await page.getByRole('button', { name: 'Move…' }).click();
  await page.getByLabel('New folder').fill(' /media ');
  await page.keyboard.press('Enter');
  await page.getByText('/media holds other things').waitFor();
  await page.getByLabel('New folder').fill('/data/sense');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByText('Copying: 12 of 68 MB').first().waitFor();
  await page.getByRole('button', { name: 'Move…' }).waitFor({ state: 'detached' });
  state = 'cut short';
  await page.getByText('A move to /data/sense was begun and not ended.').waitFor();
  await page.getByRole('button', { name: 'give it up' }).waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  // What the move itself said may still stand there.
  await page.getByText(/Move data is in Stash's queue\./).waitFor();
  assert.deepEqual(world.inputs('runs.start'), [{ task: 'move-data' }]);
  state = 'there';
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('/data/sense', { exact: true }).waitFor();
  assert.deepEqual(world.complaints, []);
});

test('what was started is looked for until it has begun', async () => {
  let asked = 0;
  world.begin({
    status: () => {
      asked++;
      return status({
        checks: [{ id: 'people', ok: false, message: plain('Nobody is known yet.') }],
        runs:
          asked > 3 ? [run({ task: 'people', message: message('people.isLearning', { name: 'Jane' }) })] : [],
      });
    },
    'runs.start': () => ({ jobId: '5', joined: false }),
  });
  const page = await world.open(STATUS);
  await page.getByRole('button', { name: 'Update people' }).click();
  await page.getByText('Learning Jane').waitFor();
});

test('diagnostics are copied; where the page may not, they are shown to be copied', async () => {
  world.begin({ diagnostics: () => ({ text: 'Stash Sense 0.1.0\nChecks' }) });
  const page = await world.open(STATUS);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy diagnostics' }).click();
  await page.getByText('Copied. No secrets, titles or names are in it.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'Stash Sense 0.1.0\nChecks');

  // As on plain http.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.getByRole('button', { name: 'Copy diagnostics' }).click();
  const area = page.getByRole('dialog').getByRole('textbox');
  assert.equal(await area.inputValue(), 'Stash Sense 0.1.0\nChecks');
  assert.equal(await page.evaluate(() => getSelection()?.toString()), 'Stash Sense 0.1.0\nChecks');
  await page.keyboard.press('Escape');
  await area.waitFor({ state: 'detached' });
  assert.deepEqual(world.complaints, []);
});

test('a report can be copied where the status itself cannot be had', async () => {
  world.begin({
    status: () => {
      throw new Error('The store in /home/jane/.stash/stash-sense is damaged.');
    },
    diagnostics: () => {
      throw new Error('The store in /home/jane/.stash/stash-sense is damaged.');
    },
  });
  const page = await world.open(STATUS);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy diagnostics' }).click();
  await page.getByText('Copied what the page knows').waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /Stash Sense 0\.1\.0 \(the page\), Stash v0\.30\.1/);
  assert.match(text, /Why: The store in \/home\/…\/\.stash\/stash-sense is damaged\./);
});

test('what is kept is measured again when a run has ended', async () => {
  let isRunning = true;
  world.begin({
    status: () => status({ runs: isRunning ? [run()] : [] }),
    'data.info': () => dataInfo({ freeBytes: isRunning ? 210e9 : 190e9 }),
  });
  const page = await world.open(STATUS);
  await page.getByText('210 GB').waitFor();
  isRunning = false;
  await page.getByText('190 GB').waitFor();
  assert.equal(world.inputs('data.info').length, 2);
});

test('the space that is left is not called unknown while it is measured', async () => {
  const measured = createGate();
  world.begin({
    'data.info': async () => {
      await measured.opened;
      return dataInfo({ freeBytes: null });
    },
  });
  const page = await world.open(STATUS);
  await page.getByText('being measured').waitFor();
  assert.equal(await page.getByText('not known').count(), 0);
  measured.open();
  await page.getByText('not known').waitFor();
});

test("without Node the page shows the launcher's own sentence, and installs it", async () => {
  let hasNode = false;
  world.begin({
    status: () => {
      if (!hasNode)
        throw new Error(
          'Stash Sense needs Node 22.19 or newer and found none: start the task "Install Node" in Stash under Settings, Tasks; or run: apk add --no-cache nodejs, then try again.',
        );
      return status();
    },
  });
  const page = await world.open(STATUS);
  await page.getByText('Stash Sense needs Node 22.19 or newer').waitFor();
  world.stash.job = { status: 'RUNNING', progress: 0.4 };
  await page.getByRole('button', { name: 'Install Node' }).click();
  await page.getByText('Node is being fetched').waitFor();
  assert.deepEqual(world.stash.started, [{ description: 'Install Node', args: { mode: 'install-node' } }]);
  await page.getByText('40 %').waitFor();
  hasNode = true;
  world.stash.job = { status: 'FINISHED', progress: 1 };
  await page.getByRole('heading', { name: 'Everything works' }).waitFor();
  assert.deepEqual(world.complaints, []);
});

test('when Node could not be installed the page says why, and offers it again', async () => {
  let why = '';
  world.begin({
    status: () => {
      throw new Error(
        `Stash Sense needs Node 22.19 or newer and found none: start the task "Install Node", then try again.${why}`,
      );
    },
  });
  world.stash.job = { status: 'RUNNING', progress: null };
  const page = await world.open(STATUS);
  await page.getByRole('button', { name: 'Install Node' }).click();
  await page.getByText('Node is being fetched').waitFor();
  why = ' The last try to install it failed: Node was not installed: the disk is full.';
  // Stash forgets a job soon after its end.
  world.stash.job = null;
  await page.getByText('Node was not installed: the disk is full.').waitFor();
  await page.getByRole('button', { name: 'Install Node' }).waitFor();
  assert.equal(await page.getByText('Node is being fetched').count(), 0);
  // Whether a scan is due is asked by then, too.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const asked = world.inputs('status').length;
  await new Promise((resolve) => setTimeout(resolve, 6000));
  assert.equal(world.inputs('status').length, asked);
});

test('whoever opens another tab without Node is offered it there too', async () => {
  world.begin({
    'suggestions.list': hasNoNode,
    'people.info': hasNoNode,
    'journal.list': hasNoNode,
    'settings.get': hasNoNode,
    'scene.faces': hasNoNode,
  });
  world.stash.job = { status: 'RUNNING', progress: null };
  for (const tab of ['suggestions', 'people', 'history', 'settings']) {
    const page = await world.open(`/plugins/stash-sense?tab=${tab}`);
    await page.getByRole('button', { name: 'Install Node' }).waitFor();
  }
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  await page.getByRole('button', { name: 'Install Node' }).click();
  await page.getByText('Node is being fetched').waitFor();
  assert.equal(world.stash.started.length, 1);
});

test('a command to type is a block of its own, and its button copies it', async () => {
  const command = 'docker exec -u 0 0f3a9c1b2d4e apk add --no-cache nodejs';
  world.begin({
    status: () => {
      throw new Error(
        `Stash Sense needs Node 22.19 or newer and found none: run \`${command}\` where Docker runs (a new container forgets it), then try again.`,
      );
    },
  });
  const page = await world.open(STATUS);
  await page.getByText('where Docker runs').waitFor();
  assert.equal(await page.locator('.stash-sense-command code').textContent(), command);
  assert.equal(await page.getByText('`').count(), 0);
  // Without the clipboard, as on plain http, what is marked is copied.
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    document.addEventListener('copy', () => {
      document.title = getSelection()?.toString() ?? '';
    });
  });
  await page.getByRole('button', { name: 'Copy the command' }).click();
  await page.locator('.stash-sense-command').getByText('Copied.').first().waitFor();
  assert.equal(await page.title(), command);
});

test('where Node cannot be fetched there is no button for it', async () => {
  world.begin({
    status: () => {
      throw new Error(
        'Stash Sense needs Node 22.19 or newer and found none: run: apk add --no-cache nodejs, then try again.',
      );
    },
  });
  const page = await world.open('/plugins/stash-sense?tab=runs');
  await page.getByText('apk add --no-cache nodejs').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Install Node' }).count(), 0);
});

test('a task that could not even begin is told, and how the last ones ended', async () => {
  world.begin({
    status: () =>
      status({
        acceleration: acceleration(),
        lastFailure: {
          at: Date.now() - 120_000,
          task: 'people',
          message: plain('Stash did not let us in (401).'),
        },
        runs: [
          run({
            id: '3',
            state: 'failed',
            phase: 'ended',
            endedAt: Date.now(),
            message: plain('The disk is full.'),
          }),
          run({
            id: '2',
            task: 'move-data',
            state: 'finished',
            phase: 'ended',
            message: message('move.isHere', { folder: '/data' }),
          }),
          run({
            id: '1',
            task: 'people',
            phase: 'lost',
            message: message('runs.cut.stashRestarted'),
          }),
        ],
      }),
    'runs.failures': () => ({ total: 0, items: [] }),
  });
  const page = await world.open(STATUS);
  await page
    .getByText('Update people could not begin (2 minutes ago): Stash did not let us in (401).')
    .waitFor();
  await page.getByText('The disk is full.').waitFor();
  await page.getByText('Stash was restarted.').waitFor();
  await page.getByRole('link', { name: 'All runs and problems' }).click();
  await page.getByText('Update people could not begin').waitFor();
  assert.deepEqual(world.complaints, []);
});

function hasNoNode(): never {
  throw new Error(
    'Stash Sense needs Node 22.19 or newer and found none: start the task "Install Node", then try again.',
  );
}

test('a face pack is chosen, is prepared while the old one stays, and can be given up', async () => {
  let state: 'before' | 'preparing' | 'changed' = 'before';
  const about = message('packs.about.portable-2');
  world.begin({
    status: () =>
      status({
        packs: [
          packView('portable-1', { state: state === 'changed' ? 'offered' : 'used' }),
          packView('portable-2', {
            about,
            addedBytes: 10_667_852,
            license: 'MIT, Apache-2.0',
            left: state === 'preparing' ? 120 : 0,
            state: { before: 'offered', preparing: 'wanted', changed: 'used' }[state] as 'offered',
          }),
        ],
      }),
    'packs.choose': ({ pack }: Input<'packs.choose'>) => {
      state = pack === 'portable-2' ? 'preparing' : 'before';
      return { jobId: '5', joined: false };
    },
  });
  const page = await world.open(STATUS);
  const second = page.getByRole('radio', { name: /portable-2/ });
  assert.equal(await page.getByRole('radio', { name: /portable-1/ }).isChecked(), true);
  await page.getByText(/^Adds 1[01][.0-9]* M.*B, licence MIT, Apache-2\.0\./).waitFor();
  await second.click();
  await page.getByText("Update people is in Stash's queue.").waitFor();
  await page.getByText('is prepared, 120 sets of face crops left').waitFor();
  assert.equal(await second.isChecked(), true);
  await page.getByRole('button', { name: 'Keep portable-1' }).click();
  await page.getByRole('button', { name: 'Keep portable-1' }).waitFor({ state: 'detached' });
  assert.deepEqual(world.inputs('packs.choose'), [{ pack: 'portable-2' }, { pack: 'portable-1' }]);
});

test('a pack whose model is not there says so, and cannot be chosen', async () => {
  world.begin({
    status: () =>
      status({
        packs: [
          packView('portable-1', { state: 'used' }),
          packView('portable-2', { problem: plain('The model sface is missing.') }),
        ],
      }),
  });
  const page = await world.open(STATUS);
  await page.getByText('The model sface is missing.').waitFor();
  assert.equal(await page.getByRole('radio', { name: /portable-2/ }).isDisabled(), true);
});
