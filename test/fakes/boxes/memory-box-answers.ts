/** What a stash-box in memory answers. */
import type { BoxSceneState } from '../../../core/ports/boxes/box-scenes.ts';
import type { BoxAppearance, BoxPerformer } from '../../../core/ports/stash-box.ts';
import type { MemoryBox } from '../memory-box.ts';

export function stateOf({ sceneStates, scenes, sceneProfiles }: MemoryBox, id: string): BoxSceneState | null {
  const scene = scenes.find((one) => one.id === id) ?? sceneProfiles.get(id);
  const known =
    scene === undefined
      ? null
      : {
          id,
          deleted: false,
          title: scene.title ?? '',
          date: scene.date,
          studio: scene.studio?.name ?? null,
          imageId: scene.images[0]?.id ?? null,
        };
  return sceneStates.get(id) ?? known;
}

export function appearancesIn({ casts, performers }: MemoryBox, sceneId: string): BoxAppearance[] {
  return (casts.get(sceneId) ?? []).flatMap((id) => {
    const performer = performers.get(id);
    return performer === undefined ? [] : [{ performer, as: '' }];
  });
}

export function studiosOf({ studios }: MemoryBox, performerId: string): string[] {
  return [...studios].flatMap(([id, people]) => (people.includes(performerId) ? id : []));
}

export function isFoundBy({ name, aliases, urls }: BoxPerformer, term: string): boolean {
  const wanted = term.toLowerCase();
  return (
    urls.some((url) => url.toLowerCase() === wanted) ||
    [name, ...aliases].some((text) => text.toLowerCase().includes(wanted))
  );
}

/** A word that both have. */
export function isLike(text: string, title: string): boolean {
  const words = new Set(title.toLowerCase().split(/\W+/));
  return text
    .toLowerCase()
    .split(/\W+/)
    .some((word) => word.length > 3 && words.has(word));
}
