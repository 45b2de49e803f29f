import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BoxPerformer } from '../ports/stash-box.ts';
import { compareWithBox, type ComparedPerformer } from './compare.ts';
import { boxIdOfPage, pageKey } from './pages.ts';
import { rateLinks } from './rate.ts';
import type { LinkSign } from './signs.ts';
import { aBoxPerformer } from '../../test/fakes/memory-box.ts';

const ENDPOINT = 'https://box.example/graphql';
const ID = '00000000-0000-4000-8000-000000000001';

const MINE: ComparedPerformer = {
  name: 'Ada Lovelace',
  disambiguation: '',
  aliases: [],
  urls: [],
  stashIds: [],
  birthdate: null,
  country: null,
  gender: null,
};
const THEIRS: BoxPerformer = {
  ...aBoxPerformer(1),
  name: 'Ada Lovelace',
  gender: null,
  birthDate: null,
  country: null,
  updatedAt: 0,
};

/** [what, what is mine, what is theirs, the sign and whether it speaks for it] */
const COMPARED: readonly [string, Partial<ComparedPerformer>, Partial<BoxPerformer>, string][] = [
  ['one name', {}, {}, 'name +'],
  ['in another case, with accents', { name: 'ADA LOVELACE' }, { name: 'Áda Lovelace' }, 'name +'],
  ['with a point and a hyphen', { name: 'Mary-Ann St. John' }, { name: 'Mary Ann St John' }, 'name +'],
  ['an alias of theirs', { name: 'Augusta King' }, { aliases: ['augusta king'] }, 'alias +'],
  ['an alias of mine', { aliases: ['Countess'], name: 'A' }, { name: 'Countess' }, 'alias +'],
  ['another name', { name: 'Grace' }, {}, 'name -'],
  ['one day', { birthdate: '1815-12-10' }, { birthDate: '1815-12-10' }, 'name +, birthDate +'],
  ['another day', { birthdate: '1815-12-10' }, { birthDate: '1906-12-09' }, 'name +, birthDate -'],
  ['a digit mistyped', { birthdate: '1815-12-10' }, { birthDate: '1815-12-16' }, 'name +, birthDate 0'],
  [
    'day and month exchanged',
    { birthdate: '1815-12-10' },
    { birthDate: '1815-10-12' },
    'name +, birthDate 0',
  ],
  ['a year alone', { birthdate: '1815-12-10' }, { birthDate: '1815' }, 'name +, birthYear +'],
  [
    'a year that Stash filled up',
    { birthdate: '1815-01-01' },
    { birthDate: '1815-12-10' },
    'name +, birthYear +',
  ],
  [
    'a year that the box filled up',
    { birthdate: '1815-12-10' },
    { birthDate: '1815-01-01' },
    'name +, birthYear +',
  ],
  [
    'a month that Stash filled up',
    { birthdate: '1815-12-01' },
    { birthDate: '1815-12-10' },
    'name +, birthYear +',
  ],
  [
    'another month than the one that Stash filled up',
    { birthdate: '1815-11-01' },
    { birthDate: '1815-12-10' },
    'name +, birthDate -',
  ],
  ['the first of a month', { birthdate: '1815-12-01' }, { birthDate: '1815-12-01' }, 'name +, birthDate +'],
  ['another year alone', { birthdate: '1815-12-10' }, { birthDate: '1906' }, 'name +, birthYear -'],
  ['one country', { country: 'GB' }, { country: 'GB' }, 'name +, country +'],
  ['another country', { country: 'GB' }, { country: 'US' }, 'name +, country -'],
  ['a country in words', { country: 'England' }, { country: 'GB' }, 'name +'],
  ['another gender', { gender: 'MALE' }, { gender: 'FEMALE' }, 'name +, gender -'],
  ['one gender', { gender: 'MALE' }, { gender: 'MALE' }, 'name +, gender +'],
  ['a gender described otherwise', { gender: 'FEMALE' }, { gender: 'TRANSGENDER_FEMALE' }, 'name +'],
  [
    'another disambiguation',
    { disambiguation: 'the first' },
    { disambiguation: 'the second' },
    'name +, disambiguation -',
  ],
  [
    'one page elsewhere',
    { urls: ['http://www.twitter.com/Ada/'] },
    { urls: ['https://x.com/ada'] },
    'url +, name +',
  ],
  [
    'the first page of a site',
    { urls: ['https://www.example.org/'] },
    { urls: ['https://example.org'] },
    'name +',
  ],
  ['their page', { urls: [`https://box.example/performers/${ID}`] }, {}, 'page +, name +'],
  [
    'the page of whom they were merged with',
    { urls: ['https://box.example/performers/00000000-0000-4000-8000-000000000002'] },
    { mergedIds: ['00000000-0000-4000-8000-000000000002'] },
    'page +, name +',
  ],
  [
    'the id of another box',
    { stashIds: [{ endpoint: 'https://other.example/graphql', stashId: ID }] },
    { urls: [`https://other.example/performers/${ID}`] },
    'otherBox +, name +',
  ],
];

for (const [what, mine, theirs, expected] of COMPARED)
  test(`compared: ${what}`, () => {
    const signs = compareWithBox({ ...MINE, ...mine }, { ...THEIRS, ...theirs }, ENDPOINT);
    const said = signs.map(({ sign, weight }) => `${sign} ${weight > 0 ? '+' : weight < 0 ? '-' : '0'}`);
    assert.equal(said.join(', '), expected);
  });

const sign = (name: LinkSign['sign'], weight: number): LinkSign => ({
  sign: name,
  weight,
  mine: '',
  theirs: '',
});
const FACE = sign('face', 10);
const NAME = sign('name', 11);

/** [what, the signs of each candidate, whether the first is strong] */
const RATED: readonly [string, readonly (readonly LinkSign[])[], boolean][] = [
  ['a name', [[NAME]], false],
  [
    'a name, a day, a country and a disambiguation',
    [[NAME, sign('birthDate', 7), sign('country', 2)]],
    false,
  ],
  ['a face', [[sign('face', 14)]], false],
  ['a face and a name', [[FACE, NAME]], true],
  ['a face and a day', [[FACE, sign('birthDate', 7), sign('name', -2.5)]], true],
  ['a face and a country', [[FACE, sign('country', 7)]], false],
  ['a face that hardly fits, and a name', [[sign('face', 3), NAME]], false],
  ['a page', [[sign('page', 18), NAME]], true],
  ['a page, and another face', [[sign('page', 18), NAME, sign('face', -6)]], false],
  ['a face and a name, born on another day', [[FACE, NAME, sign('birthDate', -4)]], false],
  ['one address, and other names', [[sign('url', 18.5), sign('name', -2.5)]], false],
  ['one address and a country', [[sign('url', 18.5), sign('name', -2.5), sign('country', 1.2)]], false],
  ['one address and an alias', [[sign('url', 18.5), sign('alias', 9.5)]], true],
  ['one address and a day', [[sign('url', 18.5), sign('name', -2.5), sign('birthDate', 7)]], true],
  ['one address and a face', [[sign('url', 18.5), sign('name', -2.5), FACE]], true],
  ['the id of another box', [[sign('otherBox', 20), sign('name', -2.5)]], true],
  ['the id of another box, as a pack only says', [[sign('otherBox', 12), NAME]], false],
  [
    'two of one address',
    [
      [sign('url', 17), NAME],
      [sign('url', 17), NAME],
    ],
    false,
  ],
  [
    'two of one name, of whom the face tells one',
    [
      [FACE, NAME],
      [NAME, sign('face', -5)],
    ],
    true,
  ],
  [
    'two of one name and face',
    [
      [FACE, NAME],
      [FACE, NAME],
    ],
    false,
  ],
];

for (const [what, candidates, expected] of RATED)
  test(`rated: ${what} ${expected ? 'is' : 'is not'} strong`, () => {
    const [first] = rateLinks(candidates);
    assert.equal(first?.isStrong, expected, JSON.stringify(first));
    // "Accept all" goes by the confidence.
    assert.equal((first?.confidence ?? 0) >= 0.95, expected);
  });

test('addresses of one page are one', () => {
  assert.equal(pageKey('HTTP://WWW.Example.org/People/Ada/#top'), pageKey('https://example.org/people/ada'));
  assert.notEqual(pageKey('https://example.org/p?id=1'), pageKey('https://example.org/p?id=2'));
  for (const none of ['', 'example.org/ada', 'javascript:alert(1)', 'https://example.org', 'https://'])
    assert.equal(pageKey(none), null, none);
  assert.equal(boxIdOfPage(ENDPOINT, `https://www.box.example/performers/${ID.toUpperCase()}/`), ID);
  for (const none of [`https://else.example/performers/${ID}`, `https://box.example/scenes/${ID}`, 'x'])
    assert.equal(boxIdOfPage(ENDPOINT, none), null, none);
});
