/** Offers what a stash-box knows of a performer beside what Stash has, and takes over what the user ticked of it. */
import type { FieldChange, FieldValues, StashIdValue, StashObject } from '../../../core/changes/change.ts';
import { PICTURE } from '../../../core/changes/picture.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { joined, message, type Message } from '../../../core/messages/message.ts';
import type { BoxPerformer } from '../../../core/ports/stash-box.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { valuesOfBoxPerformer } from '../../../core/reference-packs/profile.ts';
import { offersForNew, offersOf, takingOver, type Offer } from '../../../core/stash-box/offers.ts';
import type { Taken } from '../../../core/stash-box/taken.ts';
import type { Context } from '../../runs/task.ts';
import { pictureHash } from '../picture.ts';
import { askForPerformer, bestImageId, fetchPicture } from './box-performer.ts';
import { revisionOfShown } from './revision.ts';

/** `revision`: of both sides of the offer. */
export type RevisedOffer = Offer & { readonly revision: string };

/** What was asked of the stash-box before the write lock is taken. */
export type FetchedProfile = {
  readonly performer: BoxPerformer;
  readonly picture: Uint8Array | null;
  /** Why the picture is not there. */
  readonly note: Message | null;
};

/** What is written of it. */
export type TakenOver = {
  readonly changes: readonly FieldChange[];
  readonly picture: Uint8Array | null;
  readonly note: Message | null;
};

export type Wanted = {
  readonly stashId: StashIdValue;
  /** The picture there that shows them best; null: it is not known. */
  readonly imageId: string | null;
};

/** @throws StashSenseError */
export async function fetchTaken(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  { stashId, imageId }: Wanted,
  name: string,
  taken: Taken,
): Promise<FetchedProfile> {
  const { client, performer } = await askForPerformer({ stashBoxes }, await stashBoxes.list(), stashId, name);
  if (taken.picture === undefined) return { performer, picture: null, note: null };
  return { performer, ...(await fetchPicture(client, performer, bestImageId(performer, imageId))) };
}

export async function readOffers(
  { library }: Pick<Context, 'library'>,
  { entity, values }: StashObject,
  { stashId: { endpoint }, imageId }: Wanted,
  performer: BoxPerformer,
): Promise<RevisedOffer[]> {
  const hasPicture = (await library.usage('performer', entity.id))?.picturePath != null;
  return [
    ...(hasPicture ? [] : pictureOffer(performer, imageId)),
    ...offersOf(values, valuesOfBoxPerformer(performer, endpoint)),
  ].map(revised);
}

/** For somebody who is to be made a performer. */
export function readOffersForNew(
  { stashId: { endpoint }, imageId }: Wanted,
  performer: BoxPerformer,
): RevisedOffer[] {
  const values = valuesOfBoxPerformer(performer, endpoint);
  return [...pictureOffer(performer, imageId), ...offersForNew(values)].map(revised);
}

function pictureOffer(performer: BoxPerformer, imageId: string | null): Offer[] {
  const best = bestImageId(performer, imageId);
  return best === null ? [] : [{ field: PICTURE, mine: null, theirs: best, isProposed: true }];
}

/**
With their name and stash ID, whatever else was ticked. The picture is none of them.
@throws StashSenseError `changed-since`: what was ticked is not what is in the stash-box now
*/
export function valuesForNew(wanted: Wanted, { performer }: FetchedProfile, taken: Taken): FieldValues {
  const { endpoint } = wanted.stashId;
  const values = valuesOfBoxPerformer(performer, endpoint);
  const kept = tickedOf(readOffersForNew(wanted, performer), taken, performer.name, shownBox(endpoint));
  return Object.fromEntries([
    ...(['name', 'stashIds'] as const).map((field) => [field, values[field] ?? null]),
    ...kept.flatMap(({ field, theirs }) => (field === PICTURE ? [] : [[field, theirs]])),
  ]) as FieldValues;
}

/** @throws StashSenseError `changed-since`: what was ticked is not what is there or in the stash-box now */
export async function planTaken(
  { library }: Pick<Context, 'library'>,
  object: StashObject,
  wanted: Wanted,
  { performer, picture, note }: FetchedProfile,
  taken: Taken,
): Promise<TakenOver> {
  const { entity, title: name } = object;
  const box = shownBox(wanted.stashId.endpoint);
  const offers = await readOffers({ library }, object, wanted, performer);
  const changes = takingOver(entity, tickedOf(offers, taken, name, box));
  await checkName({ library }, object, changes);
  if (picture === null) return { changes, picture, note };
  const ofPicture = { op: 'set', entity, field: PICTURE, before: null, after: pictureHash(picture) } as const;
  return { changes: [...changes, ofPicture], picture, note };
}

/** @throws StashSenseError `changed-since` */
function tickedOf(
  offers: readonly RevisedOffer[],
  taken: Taken,
  name: string,
  box: string,
): readonly RevisedOffer[] {
  const ticked = offers.filter(({ field, revision }) => taken[field] === revision);
  if (ticked.length === Object.keys(taken).length) return ticked;
  const same = new Set<string>(ticked.map(({ field }) => field));
  const others = Object.keys(taken).filter((field) => !same.has(field));
  const fields = joined(
    others.map((field) => message('changes.field', { field })),
    'joinedByComma',
  );
  throw new StashSenseError(
    'changed-since',
    message('boxOffers.changed', { name, box, fields: fields ?? '' }),
  );
}

/** @throws StashSenseError `changed-since`: somebody else is called so */
async function checkName(
  { library }: Pick<Context, 'library'>,
  { entity, title, values }: StashObject,
  changes: readonly FieldChange[],
): Promise<void> {
  const given = Object.fromEntries(
    changes.flatMap((change) => (change.op === 'set' ? [[change.field, change.after]] : [])),
  );
  if (given['name'] === undefined && given['disambiguation'] === undefined) return;
  const id = await library.findNamed('performer', { ...values, ...given });
  if (id === null || id === entity.id) return;
  const taken = String(given['name'] ?? title);
  throw new StashSenseError('changed-since', message('boxOffers.nameTaken', { name: title, taken }));
}

function revised(offer: Offer): RevisedOffer {
  const { field, mine, theirs } = offer;
  return { ...offer, revision: revisionOfShown([field, mine, theirs]) };
}
