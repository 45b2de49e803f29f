/** Which ids of a stash-box the user's Stash holds. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { idsOfBox, stashIdsOf } from '../../../core/changes/values.ts';
import { leftOutBy } from '../../../core/reference-packs/left-out/left-out.ts';
import type { Context } from '../../runs/task.ts';

/** Whether somebody of the stash-box is never to be learnt. */
export type LeftOut = (stashId: string) => boolean;

export function boxIdsOf(stashIds: readonly StashIdValue[], endpoint: string): string[] {
  return idsOfBox(stashIds, endpoint).map((id) => id.toLowerCase());
}

export async function isUsable(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  performerId: string,
): Promise<boolean> {
  return (await store.people.vectors(performerId, vision.packId)).some(({ state }) => state === 'used');
}

/**
The scenes of the stash-box, and the studios of it, that the next scenes of the user's Stash are linked to. Those that the
settings exclude are left out. Null: there are no more.
*/
export async function scenesOfMine(
  { library }: Pick<Context, 'library'>,
  endpoint: string,
  after: string,
  limit: number,
): Promise<{ last: string; sceneIds: string[]; studioIds: string[] } | null> {
  const scenes = await library.entitiesAfter('scene', after, limit);
  const last = scenes.at(-1);
  if (last === undefined) return null;
  const fields = await library.fieldsOf(
    'scene',
    scenes.map(({ id }) => id),
    ['stashIds', 'studio'],
  );
  const studios = new Set<string>();
  const sceneIds: string[] = [];
  for (const values of fields.values()) {
    sceneIds.push(...boxIdsOf(stashIdsOf(values), endpoint));
    const studio = values['studio'];
    if (typeof studio === 'string') studios.add(studio);
  }
  const ofStudios = await library.fieldsOf('studio', [...studios], ['stashIds']);
  const studioIds = [...ofStudios.values()].flatMap((values) => boxIdsOf(stashIdsOf(values), endpoint));
  return { last: last.id, sceneIds, studioIds };
}

/** As the settings and the lists of who opted out are now. */
export async function readIsLeftOut({
  exclusions,
  referencePacks,
}: Pick<Context, 'exclusions' | 'referencePacks'>): Promise<(stashIds: readonly StashIdValue[]) => boolean> {
  return leftOutBy(await exclusions.current(), await referencePacks.optOuts());
}

/** The same by the id at one stash-box. */
export async function readLeftOut(
  context: Pick<Context, 'exclusions' | 'referencePacks'>,
  endpoint: string,
): Promise<LeftOut> {
  const isOut = await readIsLeftOut(context);
  return (stashId) => isOut([{ endpoint, stashId }]);
}
