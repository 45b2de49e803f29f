import type { StashKind } from '../stash-ref.ts';
import { message, type Message } from './message.ts';

/** Names an entity without a title, such as `scene 12`. */
export function nameOfEntity({ kind, id }: { readonly kind: StashKind; readonly id: string }): Message {
  return message('stash.entity', { kind, id });
}

/** By its title or name, where it has one. */
export function nameOfObject({
  title,
  entity,
}: {
  readonly title: string;
  readonly entity: { readonly kind: StashKind; readonly id: string };
}): Message {
  return title === '' ? nameOfEntity(entity) : message('stash.titled', { title });
}
