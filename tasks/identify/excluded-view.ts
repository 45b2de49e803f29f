import type { EntityRef } from '../../core/content-id.ts';
import type { FacesView } from '../../core/contract/faces.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Context } from '../runs/task.ts';

/** Of an entity that the settings exclude. What was kept of it before is erased at once. */
export async function viewExcluded(
  { exclusions, store, vision }: Pick<Context, 'exclusions' | 'store' | 'vision'>,
  entity: EntityRef,
  why: Message,
): Promise<FacesView> {
  await exclusions.forget(entity);
  const { withReference } = await store.people.counts(vision.packId);
  return {
    state: 'excluded',
    progress: null,
    problem: why,
    lastFailure: null,
    observedAt: null,
    frameCount: 0,
    persons: [],
    peopleCount: withReference,
  };
}
