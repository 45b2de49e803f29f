import type { EntityRef } from '../../core/content-id.ts';
import { type Expected, NOBODY_EXPECTED } from '../../core/matching/expected.ts';
import type { Context } from '../runs/task.ts';

/** Whom one may expect in each of these; of scenes alone, by what was last read of them. */
export async function expectedOf(
  { credits }: Pick<Context['store'], 'credits'>,
  entities: readonly EntityRef[],
): Promise<Expected[]> {
  const found = await credits.expectedIn(entities.filter(({ kind }) => kind === 'scene').map(({ id }) => id));
  return entities.map(({ kind, id }) => (kind === 'scene' ? found.get(id) : undefined) ?? NOBODY_EXPECTED);
}
