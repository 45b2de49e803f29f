import type { PropsPatch } from '../../stash/patch.tsx';

type SceneCardProps = { readonly scene: { readonly id: string }; readonly selected: boolean };

/** Scenes that are ticked in the list, also on those of its pages that were left since. */
const ticked = new Set<string>();

/** Notes which cards are drawn as ticked: Stash tells plugins of no list of them. */
export const sceneCard: PropsPatch<SceneCardProps> = {
  component: 'SceneCard',
  change({ scene, selected }) {
    if (scene?.id !== undefined && selected !== undefined) note(scene.id, selected);
    return {};
  },
};

/** A list in which nothing is ticked, such as another one that was opened. */
export function forgetTicked(): void {
  ticked.clear();
}

/** Notes the ticks of the table, which has no cards, as it stands on the page: before another page of the list takes its place too. */
export function noteTable(): void {
  for (const row of document.querySelector('.scene-table')?.querySelectorAll('tr') ?? []) {
    const box = row.querySelector<HTMLInputElement>('input[type="checkbox"]');
    const [, id] = /\/scenes\/(\d+)/.exec(row.querySelector('a')?.getAttribute('href') ?? '') ?? [];
    if (box !== null && id !== undefined) note(id, box.checked);
  }
}

/** Ids of the ticked scenes; empty where nothing tells of them. */
export function tickedScenes(): readonly string[] {
  noteTable();
  return [...ticked];
}

function note(id: string, isTicked: boolean): void {
  if (isTicked) ticked.add(id);
  else ticked.delete(id);
}
