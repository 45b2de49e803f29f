/** People whom several stash-boxes know: why they are one person, and who could be one and is kept apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../core/messages/message.ts';
import type { JoinEvidence } from '../../core/reference-packs/reference-pack.ts';
import { candidate, faces, person } from './samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const ONE = { endpoint: 'https://box.example/graphql', stashId: 'known-1' };
const OTHER = { endpoint: 'https://www.other.example/graphql', stashId: 'known-2' };
const JOIN: JoinEvidence = {
  one: ONE,
  other: OTHER,
  link: 'page',
  similarity: 0.714,
  facts: ['name', 'birth-part'],
};

test('a candidate of several boxes has a link for each, and says why they are one person', async () => {
  const pack = { personId: 'pack:sample/p1', disambiguation: '', stashIds: [ONE, OTHER], joins: [JOIN] };
  const one = candidate({ performerId: null, name: 'Nora Known', pack });
  world.begin({
    'scene.faces': () =>
      faces({
        persons: [person({ performerId: null, name: 'Nora Known', candidates: [one], suggestion: null })],
      }),
    'referencePacks.pictures': () => ({ pictures: {} }),
  });
  const page = await world.open('/scenes/7');
  await page.getByRole('tab', { name: 'Faces' }).click();
  const links = page.getByRole('link', { name: /\.example$/ });
  await links.first().waitFor();
  assert.deepEqual(await links.allInnerTexts(), ['box.example', 'other.example']);
  const reasons = page.getByText(
    'box.example and other.example: an address of one is the page of the other, both go by the same name, the birth dates agree as far as they are known, the faces are alike (0.71)',
  );
  assert.equal(await reasons.isVisible(), false);
  await page.getByText('Known to 2 stash-boxes').click();
  await reasons.waitFor();
  assert.deepEqual(world.complaints, []);
});

for (const width of [1400, 375])
  test(`${width} wide: who could be one person is listed with the reason and what speaks for it`, async () => {
    world.begin({
      'people.info': () => ({
        performers: 1,
        withReference: 1,
        packs: [
          {
            id: 'box-box-example',
            name: 'Box: all performers',
            version: '2',
            builtAt: '2026-01-01T00:00:00.000Z',
            people: 12,
            facePack: 'portable-2',
            embedders: ['portable-1', 'sface'],
            sources: ['box.example'],
            problem: null,
          },
        ],
        references: {},
        without: { total: 0, items: [] },
      }),
      'people.lookAlikes': () => ({ total: 0, told: 0, items: [] }),
      'referencePacks.doubtful': () => ({
        total: 1,
        items: [
          {
            one: { name: 'Nora Known', stashId: ONE, birthDate: '1990-05' },
            other: { name: 'Nora N.', stashId: OTHER, birthDate: null },
            why: message('referencePacks.doubt.no-face'),
            evidence: { ...JOIN, link: null, similarity: null, facts: ['alias'] },
          },
        ],
      }),
    });
    const page = await world.open('/plugins/stash-sense?tab=people', { width });
    await page
      .getByText(/Box: all performers, 12 people \(built .+, vectors of portable-1 \+ sface\)\./)
      .waitFor();
    await page
      .getByText('1 pair of people of different stash-boxes could be one person and is kept apart')
      .click();
    await page.getByText('Names or dates agree, and of one of them there is no good picture.').waitFor();
    await page.getByText('a name of one is an alias of the other').waitFor();
    assert.equal(
      await page.getByRole('link', { name: 'other.example' }).getAttribute('href'),
      'https://www.other.example/performers/known-2',
    );
    assert.deepEqual(world.complaints, []);
  });
