/** Fingerprints of a scene, given to a stash-box through Stash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../core/errors.ts';
import { openedStash } from './opened-stash.ts';

const BOX = 'https://box.example/graphql';

test('Stash is told the scene and the stash-box; what it refuses, or has no such box for, is an error', async (t) => {
  const { double, stash } = await openedStash(t);
  await assert.rejects(
    async () => await stash.fingerprints.submit('7', BOX),
    (error) => hasCode(error, 'stash-refused'),
  );
  double.config.stashBoxes.push({ endpoint: BOX, name: 'Box', api_key: 'k', max_requests_per_minute: 240 });
  await stash.fingerprints.submit('7', BOX);
  assert.deepEqual(double.config.submissions, [{ endpoint: BOX, sceneIds: ['7'] }]);
  double.config.refusesSubmissions = 'not authorized';
  await assert.rejects(
    async () => await stash.fingerprints.submit('8', BOX),
    (error) => hasCode(error, 'stash-refused') && /not authorized/.test(String(error)),
  );
  assert.equal(double.config.submissions.length, 1, 'it is not sent twice');
});
