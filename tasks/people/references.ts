/** The references of one performer for the People tab, and what the user says of them. */
import type { ReferencesView, ReferenceView } from '../../core/contract/people.ts';
import type { Input } from '../../core/contract/operations.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { reasonWithoutReference } from '../../core/people/reason-without.ts';
import { contentOf } from '../../core/people/reference-content.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { ReferenceState, StoredReference } from '../../core/ports/people.ts';
import { notReferences } from '../../core/suggestions/dismissal.ts';
import { noteWhetherKnown, putIntoUse, takeOutOfUse } from '../accepted/references-in-use.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import type { Context } from '../runs/task.ts';
import { imageOf } from './learn-performer.ts';
import { markOutliers } from './outliers.ts';

const ORDER: readonly ReferenceState[] = [
  'used',
  'set-aside',
  'outlier',
  'several-faces',
  'no-face',
  'drawing',
  'unreadable',
  'spare',
  'withdrawn',
];

export async function viewReferences(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  { performerId, limit, offset }: Input<'people.references'>,
): Promise<ReferencesView> {
  const references = await store.people.vectors(performerId, vision.packId);
  const shown = references
    .toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.quality - a.quality)
    .slice(offset, offset + limit);
  return {
    total: references.length,
    items: await Promise.all(shown.map((reference) => viewReference(store, reference))),
    problem:
      references.length === 0
        ? null
        : reasonWithoutReference(references, await store.people.performer(performerId)),
  };
}

async function viewReference(
  store: Context['store'],
  reference: Omit<StoredReference, 'crop'>,
): Promise<ReferenceView> {
  const { id, source, state, quality } = reference;
  const crop = (await store.people.reference(id))?.crop ?? null;
  return {
    id,
    source,
    state,
    quality,
    url: crop === null ? null : toDataUrl(crop.jpeg),
    entity: await entityOf(store, reference),
    offers: offerOf(reference),
  };
}

function offerOf({
  state,
  ...picture
}: Pick<StoredReference, 'state' | 'source' | 'sourceKey' | 'contentHash'>): ReferenceView['offers'] {
  if (contentOf(picture) === null) return null;
  if (state === 'set-aside') return 'use';
  return CAN_BE_SET_ASIDE.includes(state) ? 'set-aside' : null;
}

const CAN_BE_SET_ASIDE: readonly ReferenceState[] = ['used', 'outlier', 'spare'];

/** Where the picture comes from. */
async function entityOf(
  { observations }: Context['store'],
  reference: Pick<StoredReference, 'source' | 'sourceKey' | 'contentHash'>,
): Promise<EntityRef | null> {
  if (reference.source === 'image') return imageOf(reference);
  const contentId = reference.source === 'confirmed' ? contentOf(reference) : null;
  return contentId === null ? null : ((await observations.entitiesOf(contentId))[0] ?? null);
}

/**
Sets a picture aside for this performer, or uses it again. Remembered by what the picture holds: all references that are made of
it go along, in all packs, and so do those that are learnt later.
@throws StashSenseError `not-found`
*/
export async function chooseUse(
  context: Pick<Context, 'store' | 'vision' | 'now'>,
  { performerId, referenceId, use }: Input<'people.use'>,
): Promise<void> {
  const { store, vision, now } = context;
  await store.transaction(async () => {
    const performer = await store.people.performer(performerId);
    const pictures = await store.people.pictures(performerId);
    const meant = pictures.find(({ id }) => id === referenceId);
    const contentId = meant === undefined ? null : contentOf(meant);
    const name = performer === null ? message('stash.performer', { id: performerId }) : shownName(performer);
    if (performer === null || contentId === null)
      throw new StashSenseError('not-found', message('people.referenceGone', { name }));
    const same = pictures.filter((picture) => contentOf(picture) === contentId);
    const dismissal = notReferences([contentId], performer);
    if (use) {
      await store.dismissals.withdraw(dismissal);
      await putIntoUse(store, vision.seenBy.packId, same);
    } else {
      await store.dismissals.dismiss(dismissal, now());
      await takeOutOfUse(store, vision.seenBy.packId, same, 'set-aside');
    }
    // The others are compared without it: where it showed somebody else, they were the outliers.
    await markOutliers(context, performerId);
    await noteWhetherKnown(store, vision.seenBy.packId, performerId);
  });
}
