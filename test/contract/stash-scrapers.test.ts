/** Scrapers of performers, asked through Stash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '../../core/errors.ts';
import { openedStash } from './opened-stash.ts';

test('a scraper that finds by name and has more is listed; whom it finds is asked for their pictures', async (t) => {
  const { double, stash } = await openedStash(t);
  const jane = {
    name: 'Jane Doe',
    urls: ['https://site.example/jane'],
    images: ['data:image/jpeg;base64,/9j/'],
  };
  const other = { name: 'Jane Doe', disambiguation: 'other', urls: ['https://site.example/other'] };
  double.config.scrapers.push(
    { id: 'site', name: 'A site', supported_scrapes: ['NAME', 'FRAGMENT', 'URL'], performers: [jane, other] },
    { id: 'links', name: 'Links alone', supported_scrapes: ['URL'], performers: [] },
    {
      id: 'broken',
      name: 'Broken',
      supported_scrapes: ['NAME', 'FRAGMENT'],
      performers: [],
      fails: 'exit status 1',
    },
  );
  const { scrapers } = stash;
  assert.deepEqual(await scrapers.list(), [
    { id: 'site', name: 'A site' },
    { id: 'broken', name: 'Broken' },
  ]);
  const found = await scrapers.find('site', 'jane doe');
  assert.deepEqual(
    found.map(({ urls, disambiguation }) => [urls, disambiguation]),
    [
      [jane.urls, null],
      [other.urls, 'other'],
    ],
  );
  assert.deepEqual(await scrapers.pictures('site', found[0]!), jane.images);
  assert.deepEqual(await scrapers.pictures('site', found[1]!), []);
  for (const id of ['broken', 'gone'])
    await assert.rejects(scrapers.find(id, 'Jane'), (error) => hasCode(error, 'stash-refused'));
});

test('of an answer of any size and length no more is taken than is needed', async (t) => {
  const { double, stash } = await openedStash(t);
  const long = 'x'.repeat(5000);
  double.config.scrapers.push({
    id: 'site',
    name: 'A site',
    supported_scrapes: ['NAME', 'FRAGMENT'],
    performers: [
      { name: long },
      ...Array.from({ length: 500 }, (_, n) => ({
        name: `x ${n}`,
        disambiguation: long,
        urls: [long, ...Array.from({ length: 90 }, (_link, m) => `https://site.example/${n}/${m}`)],
      })),
    ],
  });
  const found = await stash.scrapers.find('site', 'x');
  assert.equal(found.length, 99);
  for (const { name, disambiguation, urls } of found)
    assert.ok(name.length <= 300 && disambiguation!.length <= 300 && urls.length === 20);
});
