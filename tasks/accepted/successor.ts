import {
  canBeMeant,
  comparePerformers,
  performerNamed,
  remembered,
} from '../../core/people/same-performer.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../runs/task.ts';

/**
Into whom a performer was merged that Stash no longer has: who has their stash ID, or their name as name or alias. Null: nobody,
or several can be meant.
@param name where we never read the performer
*/
export async function successorOf(
  { store, library }: Pick<Context, 'store' | 'library'>,
  { kind, id }: StashRef,
  name: string,
): Promise<StashPerformer | null> {
  if (kind !== 'performer') return null;
  const before = (await store.people.performer(id)) ?? performerNamed(id, name);
  if (before.name === '') return null;
  const meant = remembered(before);
  const found = (await library.performersLike(before)).filter((performer) => performer.id !== id);
  const same = found.filter((performer) => comparePerformers(meant, performer) === 'same');
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const [alias, ...more] = found.filter((performer) => comparePerformers(meant, performer) === 'alias');
  if (alias === undefined || more.length > 0) return null;
  return found.some((other) => other.id !== alias.id && canBeMeant(meant, alias, other)) ? null : alias;
}
