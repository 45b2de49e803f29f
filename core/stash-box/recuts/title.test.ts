import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasTitle, searchTextOf } from './title.ts';

const TEXTS: readonly (readonly [title: string, text: string | null])[] = [
  ['Notes on the Engine', 'notes on the engine'],
  [
    'Reels.22.03.04.Ada.Byron.Notes.On.The.Engine.XXX.1080p.MP4-GRP.mp4',
    'reels 22 03 04 ada byron notes on the engine grp',
  ],
  ['IMG_20240101_1234.mov', null],
  ['Engine', null],
  ['Über die Maschine', 'über die maschine'],
];

for (const [title, text] of TEXTS)
  test(`${title} is looked for as ${text}`, () => assert.equal(searchTextOf(title), text));

test('a title is in a text whole, and one that says too little is in none', () => {
  const text = searchTextOf('Reels 22.03.04 Notes On The Engine 720p')!;
  assert.equal(hasTitle(text, 'Notes on the Engine!'), true);
  assert.equal(hasTitle(text, 'Notes on the Engines'), false);
  assert.equal(hasTitle(text, 'The Engine'), false);
  assert.equal(hasTitle(text, 'Notes'), false);
});
