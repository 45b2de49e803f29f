/** What a Stash in memory answers of its objects to the write path, and to the check whether a write still stands. */
import type { FieldValues, StashObject } from '../../core/changes/change.ts';
import { identityOfMedia } from '../../core/changes/identity.ts';
import { scalarOf } from '../../core/changes/values.ts';
import type { StashKind, StashRef } from '../../core/stash-ref.ts';
import type { LinkedScene, PlacedScene } from '../../core/ports/boxes/linked-scenes.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { MemoryStash } from './memory-stash.ts';
import { tagObject } from './memory-tags.ts';

type Tables = Pick<
  MemoryStash,
  'sceneFields' | 'studios' | 'items' | 'performers' | 'performerFields' | 'sceneStashIds' | 'tags'
>;

/** Scenes, images and galleries, with their performers and tags; performers and tags. */
export function objectOf(
  { items, performers, performerFields, sceneFields, sceneStashIds, studios, tags }: Tables,
  entity: StashRef,
): StashObject | null {
  if (entity.kind === 'tag') return tagObject(tags, entity);
  const studio = entity.kind === 'studio' ? studios.get(entity.id) : undefined;
  if (studio) {
    const { name, stashIds } = studio;
    const identity = { contents: [], name, disambiguation: '', stashIds };
    return { entity, title: name, identity, values: { name } };
  }
  const performer = entity.kind === 'performer' ? performers.get(entity.id) : undefined;
  if (performer) {
    const { name, disambiguation, stashIds, aliases } = performer;
    const identity = { contents: [], name, disambiguation, stashIds };
    const values = { ...performerFields.get(entity.id), name, disambiguation, aliases, stashIds };
    return { entity, title: name, identity, values };
  }
  const item = items.get(`${entity.kind}:${entity.id}`);
  if (!item) return null;
  return {
    entity,
    title: item.title,
    identity: identityOfMedia(item.title, item.files),
    values: {
      performers: item.performerIds,
      tags: item.tagIds,
      ...(entity.kind === 'scene' && sceneFields.get(entity.id)),
      ...(entity.kind === 'scene' && { stashIds: sceneStashIds.get(entity.id) ?? [] }),
    },
  };
}

export function fieldsOf(
  tables: Tables,
  kind: StashKind,
  ids: readonly string[],
  fields: readonly string[],
): ReadonlyMap<string, FieldValues> {
  const found = new Map<string, FieldValues>();
  for (const id of ids) {
    const object = objectOf(tables, { kind, id });
    if (object === null) continue;
    found.set(
      id,
      Object.fromEntries(Object.entries(object.values).filter(([name]) => fields.includes(name))),
    );
  }
  return found;
}

export function performersLike(
  { performers }: Tables,
  { name, stashIds }: Pick<StashPerformer, 'name' | 'stashIds'>,
): StashPerformer[] {
  const isCalled = (text: string): boolean => text.toLowerCase() === name.toLowerCase();
  return [...performers.values()].filter(
    (performer) =>
      isCalled(performer.name) ||
      performer.aliases.some(isCalled) ||
      performer.stashIds.some((a) =>
        stashIds.some((b) => a.endpoint === b.endpoint && a.stashId === b.stashId),
      ),
  );
}

/** Ids at this stash-box of the studios of the performer's scenes. */
export function studioIdsOf(
  { items, sceneFields, studios }: Pick<MemoryStash, 'items' | 'sceneFields' | 'studios'>,
  performerId: string,
  endpoint: string,
  isLeftOut: (scene: PlacedScene) => boolean = () => false,
): string[] {
  return [...items.values()]
    .filter(({ kind, performerIds }) => kind === 'scene' && performerIds.includes(performerId))
    .filter((scene) => !isLeftOut(scene))
    .flatMap(({ id }) => studios.get(String(scalarOf(sceneFields.get(id) ?? {}, 'studio')))?.stashIds ?? [])
    .flatMap((one) => (one.endpoint === endpoint ? one.stashId : []));
}

export function scenesOfBox(
  { items, sceneStashIds }: Pick<MemoryStash, 'items' | 'sceneStashIds'>,
  endpoint: string,
  stashId?: string,
): { id: string; stashIds: string[] }[] {
  return [...sceneStashIds].flatMap(([id, known]) => {
    const stashIds = known.flatMap((one) => (one.endpoint === endpoint ? [one.stashId] : []));
    const isOne = stashId === undefined ? stashIds.length > 0 : stashIds.includes(stashId);
    return isOne && items.has(`scene:${id}`) ? [{ id, stashIds }] : [];
  });
}

export function linkedScenes(
  { items, performers, sceneStashIds }: Pick<MemoryStash, 'items' | 'performers' | 'sceneStashIds'>,
  performerId: string,
  endpoint: string,
  most: number,
  isLeftOut: (scene: PlacedScene) => boolean = () => false,
): LinkedScene[] {
  return [...items.values()]
    .filter(({ kind, performerIds }) => kind === 'scene' && performerIds.includes(performerId))
    .filter((scene) => !isLeftOut(scene))
    .toSorted((a, b) => a.performerIds.length - b.performerIds.length)
    .flatMap(({ id, performerIds }) => {
      const own = sceneStashIds.get(id)?.find((one) => one.endpoint === endpoint);
      const known = performerIds.flatMap((one) => performers.get(one) ?? []);
      return own === undefined ? [] : [{ stashId: own.stashId, performers: known }];
    })
    .slice(0, most);
}

export function imagesWith({ items }: Pick<MemoryStash, 'items'>, performerId: string): number {
  return [...items.values()].filter(
    (item) => item.kind === 'image' && item.performerIds.includes(performerId),
  ).length;
}
