import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecrets } from './redactor.ts';
import { createSession } from '../stash/session.ts';

test('of the cookies that Stash renews with every answer the first and the last are blacked out, and few are kept', () => {
  const secrets = createSecrets();
  const session = createSession({ cookie: { name: 'session', value: 'the-first-one' } }, secrets);
  for (let n = 0; n < 5000; n++) session.learn({ 'set-cookie': [`session=${cookie(n)}; Path=/`] });
  for (const secret of ['the-first-one', cookie(4999), encodeURIComponent(cookie(4995))])
    assert.equal(secrets.redact(`it said ${secret} to us`), 'it said *** to us');
  assert.equal(secrets.redact(cookie(3)), cookie(3));
  assert.deepEqual(session.headers(), { Cookie: `session=${cookie(4999)}` });
});

const SECRET = 'a/key+of="mine\\&<it>\'s!';
const FORMS: Readonly<Record<string, string>> = {
  'as it is': SECRET,
  'in an address': encodeURIComponent(SECRET),
  'in an address, as Go writes it': encodeURIComponent(SECRET).replaceAll("'", '%27').replaceAll('!', '%21'),
  'in an address, small letters': encodeURIComponent(SECRET).replace(/%../g, (it) => it.toLowerCase()),
  'in an address in an address': encodeURIComponent(encodeURIComponent(SECRET)),
  'in JSON': JSON.stringify(SECRET).slice(1, -1),
  'in JSON, as Go writes it': JSON.stringify(SECRET)
    .slice(1, -1)
    .replace('&', '\\u0026')
    .replace('<', '\\u003c')
    .replace('>', '\\u003e'),
  'in JSON in JSON': JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1),
  'in HTML': 'a/key+of=&#34;mine\\&amp;&lt;it&gt;&#39;s!',
};

test('a secret is hidden in each way that a server may write it', () => {
  const secrets = createSecrets();
  secrets.add(SECRET);
  for (const [what, form] of Object.entries(FORMS))
    assert.equal(secrets.redact(`it said ${form} to us`), 'it said *** to us', what);
  for (const before of ['', 'a', 'ab', 'user:'])
    for (const encoding of ['base64', 'base64url'] as const) {
      const clean = secrets.redact(Buffer.from(`${before}${SECRET}`).toString(encoding));
      assert.match(clean, /^.{0,8}\*\*\*.{0,4}$/, `${encoding} behind "${before}"`);
    }
});

test('in a whole answer every text is looked through, and what holds no secret stays the same thing', () => {
  const secrets = createSecrets();
  secrets.add(SECRET);
  const bytes = new Uint8Array(3);
  const clean = { list: [{ name: 'nothing' }], bytes, none: null, number: 1 };
  assert.equal(secrets.redactAll(clean), clean);
  assert.deepEqual(secrets.redactAll({ clean, [SECRET]: [SECRET, new Set([SECRET])], bytes }), {
    clean,
    '***': ['***', new Set(['***'])],
    bytes,
  });
  // Pictures are not looked through: only ours are of this form.
  const picture = `data:image/jpeg;base64,${SECRET}`;
  assert.equal(secrets.redactAll({ picture }).picture, picture);
  // A name that was seen before its secret was known.
  assert.deepEqual(secrets.redactAll({ 'later-known': 1 }), { 'later-known': 1 });
  secrets.add('later-known');
  assert.deepEqual(secrets.redactAll({ 'later-known': 1 }), { '***': 1 });
});

function cookie(n: number): string {
  return `renewed=${n}=`;
}
