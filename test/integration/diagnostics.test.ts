import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { diagnostics } from '../../tasks/status/diagnostics.ts';
import { performer, proposal } from '../contract/store-samples.ts';
import { closedVision, fakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';
import { message, plain } from '../../core/messages/message.ts';

const KEY = 'eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJqYW5lIn0.c2lnbmF0dXJlb2ZrZXk';
const COOKIE = 'MTcwMDAwMDAwMHxEdi1CQkFFQ183QUFBUkFCRUFBQUtQLUJ';
const TOKEN = '9f86d081884c7d659a2feaa0c55ad015';

test('a report holds what helps, and no secret, title, name or home wherever they were planted', async (t) => {
  const stash = memoryStash();
  const planted = `api_key=${KEY} session=${COOKIE} token ${TOKEN} in ${homedir()}/films/Jane Doe goes out.mp4`;
  const context = await fakeContext(t, stash, {
    settings: {
      sliceMinutes: 5,
      scanScope: 'studio: Secret Studio',
      identifyTag: `tag ${TOKEN}`,
      schedule: '0 3 * * *',
      dataFolder: `${homedir()}/data`,
      channel: `https://me:${TOKEN}@example.org/channel?key=${TOKEN}`,
    },
    vision: {
      ...closedVision,
      describe: () =>
        Promise.resolve({
          pack: { id: 'test-1', license: 'MIT' },
          weights: { ok: false, message: plain(`The weights are not in ${homedir()}/x (${planted}).`) },
          ffmpeg: { ok: true, message: message('setup.check.ffmpeg', { file: '/usr/bin/ffmpeg' }) },
        }),
    },
  });
  const { store, owner } = context;
  Object.assign(context, {
    // The library of the context leaves out what is excluded: it is no longer the object that the Stash in memory has.
    library: {
      ...context.library,
      environment: () =>
        Promise.reject(
          new StashSenseError(
            'stash-unreachable',
            plain(`Stash at http://u:${TOKEN}@nas:9999 said ${planted}.`),
          ),
        ),
    },
    settingsProblems: [plain(`The setting "Channel" is "${planted}" and cannot be read.`)],
  });
  await store.people.putPerformer(performer(1, { name: 'Jane Doe' }));
  await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [
    proposal(1, 1, { entityTitle: 'A day out', targetName: 'Jane Doe' }),
  ]);
  for (const [state, words] of [
    ['failed', `Could not read /media/Jane Doe goes out.mp4: ${planted}`],
    ['finished', 'Looked at A day out, "Ann Example" was there.'],
  ] as const) {
    const { run } = await store.runs.begin('scan', owner, {}, 1000);
    await store.runs.end(run.id, owner, state, plain(words));
  }
  const { run } = await store.runs.begin('people', owner, {}, 600_000);
  await store.runs.heartbeat(run.id, owner, { message: plain('Looking at Cleo Test') });
  for (const id of ['5', '6']) {
    await store.work.enqueue('scan', [{ kind: 'scene', id, title: 'A day out', revision: 'a', priority: 0 }]);
    const item = await store.work.claim('scan', owner, 1000);
    assert.ok(item);
    await store.work.fail(
      item,
      owner,
      plain('ffmpeg could not read /media/Jane Doe/A day out 2.mp4: no frames.'),
      true,
    );
  }

  const text = await diagnostics(context);
  for (const secret of [
    KEY,
    COOKIE,
    TOKEN,
    homedir(),
    'Jane',
    'A day out',
    'Ann',
    'Cleo',
    'Secret Studio',
    'goes out',
    'me:',
    'u:',
  ])
    assert.equal(text.includes(secret), false, `${secret} in:\n${text}`);
  for (const line of [
    /^Stash Sense 0\.0\.0, Stash not reached, Node v\d+/,
    /NOT OK weights: The weights are not in <path>/,
    /ok ffmpeg: ffmpeg is \/usr\/bin\/ffmpeg/,
    /sliceMinutes: 5/,
    /scanScope: studio/,
    /schedule: 0 3 \* \* \*/,
    /dataFolder: ~\/data/,
    /channel: https:\/\/example\.org\/channel$/m,
    /scan failed: 0 done/,
    /people working: 0 done/,
    /2 × scene failed: ffmpeg could not read <path>: no frames\./,
  ])
    assert.match(text, line);
});
