import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readTemplate } from '../../test/fixtures/messages/templates.ts';
import { english, wordMessage } from './catalogue.ts';
import { inEnglish, say } from './english.ts';
import { joined, message, plain, type MessageId } from './message.ts';
import { Message, messageFromText, messageToText } from './schema.ts';

test('every message is well formed', () => {
  for (const [id, template] of Object.entries(english)) {
    // react-intl would take it for the beginning of a tag.
    assert.ok(!template.includes('<'), id);
    assert.doesNotThrow(() => readTemplate(template), id);
  }
});

const CALL = /\b(?:say|message)\(\s*'([\w.-]+)'\s*(?:,\s*\{([^{}]*)\})?/g;

test('every message that the code says is in the catalogue, with the values it is given', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles())
    for (const [, id = '', given] of readFileSync(file, 'utf8').matchAll(CALL)) {
      const template = english[id as MessageId];
      if (template === undefined) wrong.push(`${file}: ${id} is not in the catalogue`);
      else if (given !== undefined && !given.includes('...')) {
        const named = new Set(
          [...given.matchAll(/(?:^|[,{\s])(\w+)\s*(?=[:,]|\s*$)/g)].map(([, name]) => name),
        );
        for (const value of readTemplate(template).values)
          if (!named.has(value)) wrong.push(`${file}: ${id} is not given ${value}`);
      } else if (given === undefined && readTemplate(template).values.length > 0)
        wrong.push(`${file}: ${id} is given no values`);
    }
  assert.deepEqual(wrong, []);
});

test('no message is left that nobody says', () => {
  const code = sourceFiles()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  // Of ids that are put together, the fixed part stands in a template.
  const prefixes = [...code.matchAll(/`([\w-]+(?:\.[\w-]+)*\.)\$\{/g)].map(([, prefix = '']) => prefix);
  const unsaid = Object.keys(english).filter(
    (id) => !code.includes(`'${id}'`) && !prefixes.some((prefix) => id.startsWith(prefix)),
  );
  assert.deepEqual(unsaid, []);
});

/** The words of others are data, so that no letter of theirs stands in the code. */
test('no sentence of ours is said as the words of others, past the catalogue', () => {
  const untranslated = sourceFiles().flatMap((file) =>
    argumentsOf('plain', readFileSync(file, 'utf8'))
      .filter((given) => literalsIn(given).some((text) => /\p{L}/u.test(text)))
      .map((given) => `${file}: ${given}`),
  );
  assert.deepEqual(untranslated, []);
});

test('words that stand in the code are found, however they are given', () => {
  const given = argumentsOf(
    'plain',
    "a(plain('Gone.')); b(plain(`${x}: ${y('z')}`), plain(n ? 'A' : word(`b`)))",
  );
  assert.deepEqual(given.map(literalsIn), [['Gone.'], [': ', 'z'], ['b', 'A']]);
});

test('a message among the values is worded first, and others’ words stay as they are', () => {
  assert.equal(inEnglish(plain('{no} <template>')), '{no} <template>');
  assert.equal(
    inEnglish(message('error.fault', { problem: plain('x is {undefined}') })),
    "Stash Sense has a fault (x is {undefined}): Stash's log has the details, please report them.",
  );
  assert.equal(inEnglish(joined([plain('One.'), plain('Two.'), plain('Three.')])!), 'One. Two. Three.');
  assert.equal(joined([]), null);
});

test('a message survives the store as text, and a sentence of an older version is one too', () => {
  const said = message('error.fault', { problem: message('page.partNotDrawn', { problem: 'x' }) });
  assert.deepEqual(messageFromText(messageToText(said)), said);
  assert.deepEqual(messageFromText('Stopped.'), plain('Stopped.'));
  assert.deepEqual(messageFromText('{"id": 3}'), plain('{"id": 3}'));
  assert.deepEqual(messageFromText('{"id": "'), plain('{"id": "'));
});

test('what a page of another version does not know still says its values', () => {
  const foreign = Message.parse({ id: 'of.another-version', values: { name: 'Jane', count: 2 } });
  assert.equal(inEnglish(foreign), 'of.another-version Jane 2');
  const half = { 'error.fault': 'Fehler ({problem})' };
  assert.equal(wordMessage(message('error.fault', { problem: 'x' }), half, fill), 'Fehler ({problem}) x');
});

test('a value that is missing leaves the sentence standing', () => {
  assert.equal(say('error.fault', {}), english['error.fault']);
});

function fill(_: string, template: string, values: object): string {
  return `${template} ${Object.values(values).join()}`;
}

/** What the calls of a function are given, as it stands in the code. */
function argumentsOf(name: string, code: string): string[] {
  const calls = code.matchAll(new RegExp(`(?<![.\\w]|function )${name}\\(`, 'g'));
  return [...calls].map(({ index, 0: { length } }) => {
    const start = index + length;
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < code.length; end++) {
      if (code[end] === '(') depth++;
      if (code[end] === ')') depth--;
    }
    return code.slice(start, end - 1);
  });
}

/** The text of the literals in a piece of code; of a template what stands between its values. */
function literalsIn(code: string): string[] {
  const templates = [...code.matchAll(/`([^`]*)`/g)].map(([, text = '']) => text);
  const quoted = [...code.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, one, other]) => one ?? other ?? '');
  return [...templates.map((text) => text.replaceAll(/\$\{[^{}]*\}/g, '')), ...quoted];
}

function sourceFiles(): string[] {
  return ['core', 'models', 'plugin', 'tasks', 'ui']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));
}
