/** The languages besides English are complete, well formed and free of English. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { english } from '../core/messages/catalogue.ts';
import { jsonInScript, languageFor } from '../core/messages/language.ts';
import type { MessageId } from '../core/messages/message.ts';
import { languagesIn } from '../tools/esbuild/languages.ts';
import { readTemplate } from './fixtures/messages/templates.ts';

const languages = languagesIn(path.join(path.dirname(fileURLToPath(import.meta.url)), '..')).map(
  ({ locale, script }) => ({ locale, catalogue: JSON.parse(jsonInScript(script)) as Record<string, string> }),
);

test('German is one of the languages', () => {
  assert.ok(languages.some(({ locale }) => locale === 'de-DE'));
});

for (const { locale, catalogue } of languages) {
  const shared = Object.entries(catalogue).filter(([id]) => Object.hasOwn(english, id)) as [
    MessageId,
    string,
  ][];

  test(`${locale} has a text for every English message`, () => {
    const missing = Object.keys(english).filter((id) => !Object.hasOwn(catalogue, id));
    assert.deepEqual(missing, [], `core/messages/${locale}.json lacks ${missing.join(', ')}`);
  });

  test(`${locale} has no text that no English message is left of`, () => {
    const superfluous = Object.keys(catalogue).filter((id) => !Object.hasOwn(english, id));
    assert.deepEqual(superfluous, [], `core/messages/${locale}.json holds ${superfluous.join(', ')}`);
  });

  test(`each text of ${locale} is well formed, takes the values of the English one and tells the same apart`, () => {
    assert.deepEqual(
      shared.flatMap(([id, text]) => wrongIn(locale, text, english[id]).map((what) => `${id}: ${what}`)),
      [],
    );
  });

  test(`no English is left in ${locale}`, () => {
    const left = shared.filter(
      ([id, text]) => isEnglish(text, english[id]) && SAME_WORDS[locale]?.has(id) !== true,
    );
    assert.deepEqual(left, []);
  });
}

/** Names and words that the language shares with English. */
const SAME_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  'de-DE': new Set([
    'cli.status.problem',
    'page.duration.hours',
    'page.duration.minutes',
    'page.name',
    'page.tab.status',
    'suggestions.studio',
    'status.engine',
    'status.node',
    'status.reportBrowser',
    'status.stash',
    'suggestions.studios',
    'suggestions.tags',
  ]),
};

/** Words of English sentences that stand in no sentence of another language. */
const ENGLISH_WORDS =
  /(?<![\p{L}-])(?:the|of|and|is|are|with|this|from|which|that|have|has|were|been|your|not|cannot|its|they)(?![\p{L}-])/iu;

function isEnglish(text: string, original: string): boolean {
  const words = wordsIn(text);
  return /\p{L}{3,}/u.test(words) && (words === wordsIn(original) || ENGLISH_WORDS.test(words));
}

/** Without names of values, what chooses among texts, and what is quoted of others. */
function wordsIn(template: string): string {
  return template
    .replaceAll(/„[^“]*“/g, '')
    .replaceAll(/\{\w+, (?:plural|select|number)[^{}]*|\{\w+\}|(?<=\})\s*(?:=\d+|\w+) (?=\{)/g, '')
    .replaceAll(/https?:\S*|\b(?:GB|MB|KB)\b/g, '');
}

function wrongIn(locale: string, text: string, original: string): string[] {
  // The page would take it for the beginning of a tag.
  if (text.includes('<')) return ['holds a <'];
  let read: ReturnType<typeof readTemplate>;
  try {
    read = readTemplate(text);
  } catch (error) {
    return [`is not well formed (${String(error)})`];
  }
  const wanted = readTemplate(original);
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const wrong =
    read.values.join() === wanted.values.join()
      ? []
      : [`takes ${read.values.join(', ')} and not ${wanted.values.join(', ')}`];
  for (const [name, { by, keys }] of read.choices) {
    const asked = wanted.choices.get(name);
    const known = by === 'select' ? [...(asked?.keys ?? [])] : forms;
    const strange = [...keys].filter((key) => !key.startsWith('=') && !known.includes(key));
    if (strange.length > 0) wrong.push(`${name} is never ${strange.join(', ')}`);
    // Where English has one form for all, another language may need no more.
    const needed = by === 'select' ? known : asked?.keys.has('one') === true ? forms : ['other'];
    const lacking = needed.filter((key) => !keys.has(key) && !(key === 'one' && keys.has('=1')));
    if (lacking.length > 0) wrong.push(`${name} has no ${lacking.join(', ')}`);
  }
  for (const [name, { by }] of wanted.choices)
    if (by === 'select' && read.choices.get(name)?.by !== 'select') wrong.push(`${name} chooses nothing`);
  return wrong;
}

test('a language is spoken by its whole name or by the language alone', () => {
  const known = ['de-DE', 'fr-FR', 'zh-CN', 'zh-TW'];
  for (const [wanted, spoken] of [
    ['de-DE', 'de-DE'],
    ['de_DE.UTF-8', 'de-DE'],
    ['de_AT.UTF-8@euro', 'de-DE'],
    ['de', 'de-DE'],
    ['zh-TW', 'zh-TW'],
    ['en-GB', null],
    ['C', null],
    ['', null],
    ['POSIX', null],
    ['nl-NL', null],
  ] as const)
    assert.equal(languageFor(wanted, known), spoken, wanted);
});

test('what is wrong with a text is found', () => {
  const count = '{count, plural, one {# face} other {# faces}}';
  assert.deepEqual(wrongIn('de-DE', '{count, plural, one {# Gesicht} other {# Gesichter}}', count), []);
  assert.deepEqual(wrongIn('de-DE', '{count, plural, other {# Gesichter}}', count), ['count has no one']);
  assert.deepEqual(wrongIn('de-DE', '{count, plural, one {a} few {b} other {c}}', count), [
    'count is never few',
  ]);
  assert.deepEqual(wrongIn('ru-RU', count, count), ['count has no few, many']);
  assert.deepEqual(wrongIn('de-DE', '{zahl} Gesichter', count), ['takes zahl and not count']);
  assert.equal(wrongIn('de-DE', '{count, plural, one {}', count)[0]?.startsWith('is not well formed'), true);
  const kind = '{kind, select, scene {scene} other {gallery}}';
  assert.deepEqual(wrongIn('de-DE', '{kind, select, szene {Szene} other {Galerie}}', kind), [
    'kind is never szene',
    'kind has no scene',
  ]);
  assert.ok(isEnglish('Look again', 'Look again'));
  assert.ok(isEnglish('Die Datei {file} is empty.', 'The file {file} is empty.'));
  assert.ok(!isEnglish('{first}, {second}', '{first}, {second}'));
  assert.ok(!isEnglish('{name} ist leer.', '{name} is empty.'));
});
