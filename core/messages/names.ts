import type { EntityKind } from '../content-id.ts';
import { message, type Message } from './message.ts';

/** Names an entity without a title, such as `scene 12`. */
export function nameOfEntity({
  kind,
  id,
}: {
  readonly kind: EntityKind | 'performer';
  readonly id: string;
}): Message {
  return message('stash.entity', { kind, id });
}
