import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBoxId } from '../../core/stash-box/box-id.ts';
import { parseEndpoint } from './endpoint.ts';

const ID = '01a20a66-bf38-7d89-86c2-8552c7a767b5';

for (const [endpoint, picture] of [
  ['https://box.example/graphql', `https://box.example/images/${ID}`],
  ['https://box.example/graphql/', `https://box.example/images/${ID}`],
  ['https://box.example/below/graphql', `https://box.example/below/images/${ID}`],
  ['https://box.example/graphql?x=1#y', `https://box.example/images/${ID}`],
  ['http://127.0.0.1:9998/graphql', `http://127.0.0.1:9998/images/${ID}`],
] as const)
  test(`the pictures of ${endpoint} are beside it`, () => {
    assert.equal(parseEndpoint(endpoint, 'box').picture(ID).href, picture);
  });

for (const endpoint of ['', 'stashdb.org', '/graphql', 'ftp://box.example/graphql', 'file:///etc/passwd'])
  test(`"${endpoint}" is no endpoint`, () => {
    assert.throws(() => parseEndpoint(endpoint, 'box'), { code: 'bad-input' });
  });

test('an endpoint that holds a password is refused without saying it', () => {
  assert.throws(() => parseEndpoint('https://me:hidden-password@box.example/graphql', 'box'), {
    code: 'bad-input',
    message: /^(?!.*hidden-password)/,
  });
});

for (const [written, id] of [
  [ID, ID],
  [ID.toUpperCase(), ID],
  [ID.replaceAll('-', ''), ID],
  [`{${ID}}`, null],
  ['not-a-uuid', null],
  ['', null],
  [`${ID}" }) { id } evil: me { name`, null],
] as const)
  test(`the id "${written}" is ${id === null ? 'none' : 'the same in any form'}`, () => {
    assert.equal(toBoxId(written), id);
  });
