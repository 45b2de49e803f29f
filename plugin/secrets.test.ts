import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecrets } from './secrets.ts';
import { createSession } from './session.ts';

test('of the cookies that Stash renews with every answer the first and the last are blacked out, and few are kept', () => {
  const secrets = createSecrets();
  const session = createSession({ cookie: { name: 'session', value: 'the-first-one' } }, secrets);
  for (let n = 0; n < 5000; n++) session.learn({ 'set-cookie': [`session=${cookie(n)}; Path=/`] });
  for (const secret of ['the-first-one', cookie(4999), encodeURIComponent(cookie(4995))])
    assert.equal(secrets.redact(`it said ${secret} to us`), 'it said *** to us');
  assert.equal(secrets.redact(cookie(3)), cookie(3));
  assert.deepEqual(session.headers(), { Cookie: `session=${cookie(4999)}` });
});

function cookie(n: number): string {
  return `renewed=${n}=`;
}
