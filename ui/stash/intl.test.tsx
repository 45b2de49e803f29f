import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { transform } from 'esbuild';
import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { IntlProvider } from 'react-intl';
import { english } from '../../core/messages/catalogue.ts';
import { around, Localized, say, SLOT } from './intl.tsx';
import { addCatalogue } from './languages/loaded.ts';

test('an element stands where the sentence has its value', () => {
  const drawn = around(say('runs.libraryFailures', { count: 2, link: SLOT }), <a href="#why">see why</a>);
  assert.equal(
    renderToStaticMarkup(drawn),
    '2 of the library could not be scanned: <a href="#why">see why</a>.',
  );
});

test('the page holds no text of its own: every one comes from the catalogue', async () => {
  const found: string[] = [];
  for (const file of readdirSync('ui', { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.test\.tsx?$/.test(file)) continue;
    for (const text of await textsIn(readFileSync(path.join('ui', file), 'utf8')))
      found.push(`${file}: ${text}`);
  }
  assert.deepEqual(found, []);
});

test('texts between tags, in attributes, in tables and in templates are found', async () => {
  assert.deepEqual(
    await textsIn(`
      const KEYS = [['a', 'Go on']];
      const at = \`in \${n} minutes\`;
      const a = <button aria-label="Reload" className="btn btn-link">again</button>;
      const b = <p title={open ? 'Close' : 'Open it'}>{n} of them are left</p>;
      const e = <p title={say(open ? 'page.undo' : 'page.reload')} />;
      const c = <i className={\`stash-sense-x \${n}\`} key="x">{say('page.reload')}</i>;
      console.warn('[stash-sense] The page could not be refreshed:', error);
    `),
    ['"Go on"', '`in ${n} minutes`', '"Reload"', '"again"', '"Close"', '"Open it"', '" of them are left"'],
  );
});

/** Properties whose value people read, also behind a condition. */
const READ =
  /\b(?:title|label|placeholder|alt|message|help|words|subHeading|aria-label"|children): (?:[^"`]*\? (?:"[^"]*" : )?)?$/;
/** Two words with a space between them, or one behind a value of a template. */
const WORDS = /(?:^|[ (])[A-Za-z][a-z']* (?:[a-z]{2,}|\$\{)(?!\w*-)|\} [a-z]{2,}\b(?!-)/;
/** What a log calls a part of the page, and what is looked for in the words of others. */
const NOT_SHOWN = /\bname: $|\.includes\($|console\.\w+\(.*$/;

/** Literals that people would read. esbuild has taken out comments and made calls of the tags. */
async function textsIn(source: string): Promise<string[]> {
  const { code } = await transform(source, { loader: 'tsx', jsx: 'automatic' });
  return code.split('\n').flatMap((line) =>
    [...line.matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g)].flatMap(({ 0: literal, index }) => {
      const [text, before] = [literal.slice(1, -1), line.slice(0, index)];
      const isPlain =
        /[A-Za-z]{2}/.test(text) &&
        !/^\/|stash-sense-/.test(text) &&
        !(text in english) &&
        !NOT_SHOWN.test(before);
      return isPlain && (READ.test(before) || WORDS.test(text)) ? [literal] : [];
    }),
  );
}

test('a language without a catalogue is said in English, with English plurals', () => {
  for (const [locale, many] of [
    ['ja-JP', 1],
    ['ru-RU', 21],
    ['fr-FR', 0],
  ] as const) {
    drawIn(locale);
    assert.equal(say('faces.faces', { count: many }), many === 1 ? '1 face' : `${many} faces`);
  }
});

test('a language with a catalogue is said with its plurals, and what it lacks in English', (t) => {
  t.after(addCatalogue('fr-FR', { 'faces.faces': '{count, plural, one {# visage} other {# visages}}' }));
  drawIn('fr-FR');
  assert.equal(say('faces.faces', { count: 0 }), '0 visage');
  assert.equal(say('page.ago.days', { count: 0 }), '0 days ago');
});

function drawIn(locale: string): void {
  renderToStaticMarkup(
    <IntlProvider locale={locale} onError={() => {}}>
      <Localized />
    </IntlProvider>,
  );
}
