import { nullIfExcluded } from '../../core/errors.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { Context } from '../runs/task.ts';

/** Requests at once. */
const AT_ONCE = 10;

/** These scenes in the order of the ids, each by a request of its own; those that Stash does not have, or that are excluded, are left out. */
export async function readScenes(
  library: Pick<Context['library'], 'item'>,
  ids: readonly string[],
): Promise<StashEntity[]> {
  const scenes: StashEntity[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const read = some.map((id) => library.item({ kind: 'scene', id }).catch(nullIfExcluded));
    scenes.push(...(await Promise.all(read)).filter((one) => one !== null));
  }
  return scenes;
}
