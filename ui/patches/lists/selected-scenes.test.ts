import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { sceneListEntry } from './scene-list.tsx';
import { sceneCard, tickedScenes } from './selected-scenes.ts';

type Row = { readonly id: string; readonly isTicked: boolean };

/** The rows of Stash's table of scenes; null: the list shows cards. */
let table: readonly Row[] | null = null;
Object.assign(globalThis, {
  document: {
    querySelector: () => (table === null ? null : { querySelectorAll: () => table?.map(toElement) ?? [] }),
  },
  window: globalThis,
  PluginApi: { React: {}, libraries: {} },
});

function toElement({ id, isTicked }: Row): unknown {
  const parts: Record<string, unknown> = {
    'input[type="checkbox"]': { checked: isTicked },
    a: { getAttribute: () => `/scenes/${id}?qsort=date` },
  };
  return { querySelector: (selector: string) => parts[selector] ?? null };
}

function drawn(hasSelection: boolean): void {
  sceneListEntry.change({ items: 2, hasSelection, operations: [] });
}

afterEach(() => {
  table = null;
  drawn(false);
});

test('what was ticked in the table on a page that was left since is ticked', () => {
  table = [
    { id: '1', isTicked: true },
    { id: '2', isTicked: false },
  ];
  drawn(true);
  table = [{ id: '3', isTicked: true }];
  assert.deepEqual(tickedScenes(), ['1', '3']);
});

test('cards say by themselves whether they are ticked', () => {
  drawn(true);
  sceneCard.change({ scene: { id: '4' }, selected: true });
  sceneCard.change({ scene: { id: '5' }, selected: true });
  sceneCard.change({ scene: { id: '5' }, selected: false });
  // Elsewhere on the page a card cannot be ticked.
  sceneCard.change({ scene: { id: '4' } });
  assert.deepEqual(tickedScenes(), ['4']);
});
