import { findOutliers } from '../../core/people/reference.ts';
import type { Context } from '../runs/task.ts';

/** Marks outliers, and unmarks references that are none any more: in one transaction, since the user may set one aside meanwhile. */
export async function markOutliers(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  performerId: string,
): Promise<void> {
  await store.transaction(async () => {
    const candidates = (await store.people.vectors(performerId, vision.seenBy.packId)).flatMap((reference) =>
      (reference.state === 'used' || reference.state === 'outlier') && reference.embedding !== null
        ? [{ ...reference, embedding: reference.embedding }]
        : [],
    );
    const outliers = findOutliers(candidates, vision.seenBy.calibration.references);
    for (const reference of candidates) {
      const state = outliers.has(reference.id) ? 'outlier' : 'used';
      if (reference.state !== state) await store.people.setReferenceState(reference.id, state);
    }
  });
}
