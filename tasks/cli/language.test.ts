import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../core/messages/message.ts';
import { StashSenseError } from '../../core/errors.ts';
import { help } from './help.ts';
import { usage } from './identify-options.ts';
import { say, speakAs, wordedError } from './language.ts';

const BUNDLE = new URL('../main.ts', import.meta.url).href;

test('the command line speaks the language of the environment, of three variables the first that is set', (t) => {
  t.after(() => speakAs({}, BUNDLE));
  for (const [env, said] of [
    [{ LANG: 'de_DE.UTF-8' }, 'niemand'],
    [{ LANG: 'de_AT' }, 'niemand'],
    [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'de_DE' }, 'niemand'],
    [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'de_DE', LC_ALL: 'C' }, 'nobody'],
    [{ LC_ALL: '', LANG: 'de' }, 'niemand'],
    [{ LANG: 'ja_JP.UTF-8' }, 'nobody'],
    [{}, 'nobody'],
  ] as const) {
    speakAs(env, BUNDLE);
    assert.equal(say('cli.nobody'), said, JSON.stringify(env));
  }
});

test('help, errors and numbers are in that language', (t) => {
  t.after(() => speakAs({}, BUNDLE));
  speakAs({ LANG: 'de_DE.UTF-8' }, BUNDLE);
  assert.match(help(), /^Stash Sense .*erkennt am Gesicht/);
  assert.match(usage(), /^Aufruf: stash-sense identify/);
  assert.equal(
    wordedError(new StashSenseError('bad-input', message('cli.noCommand', { command: 'scann' }))),
    'Den Befehl „scann“ gibt es nicht.',
  );
  assert.equal(say('cli.seconds', { seconds: 2.5 }), '2,5 s');
});

test('where there is no catalogue, English is spoken', (t) => {
  t.after(() => speakAs({}, BUNDLE));
  speakAs({ LANG: 'de_DE.UTF-8' }, new URL('nowhere/below/main.mjs', BUNDLE).href);
  assert.equal(say('cli.nobody'), 'nobody');
});
