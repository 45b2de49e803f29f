/** Offers what a stash-box knows of a scene beside what Stash has, and takes over what the user ticked of it. */
import type { FieldChange, StashIdValue, StashObject } from '../../../../core/changes/change.ts';
import { StashSenseError } from '../../../../core/errors.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import type { BoxSceneProfile } from '../../../../core/ports/boxes/box-scenes.ts';
import { shownBox } from '../../../../core/reference-packs/box-address.ts';
import { sceneOffersOf, takenNames, takingOverScene } from '../../../../core/stash-box/scene-offers.ts';
import {
  performerKey,
  tagKey,
  type SceneOffer,
  type SceneTaken,
} from '../../../../core/stash-box/scene/offer.ts';
import type { Context } from '../../../runs/task.ts';
import type { AcceptPlan } from '../../planners/planner.ts';
import { bestImageId, fetchPicture } from '../box-performer.ts';
import { revisionOfShown } from '../revision.ts';
import { askForScene } from './box-scene.ts';
import { coverChange, fetchCover, readCovers } from './cover.ts';
import { readCast, type Cast } from './cast.ts';
import { makingOf } from './make.ts';

export type OfferParts = Pick<Context, 'library' | 'store' | 'vision'>;

/** `revision`: of both sides of the offer. */
export type RevisedSceneOffer = SceneOffer & { readonly revision: string };

/** `nameTaken`: also of the studio and of tags. */
export type ReadSceneOffers = Pick<Cast, 'undecided' | 'nameTaken' | 'notListed'> & {
  readonly offers: readonly RevisedSceneOffer[];
};

/** What was asked of the stash-box before the write lock is taken. */
export type FetchedScene = {
  readonly profile: BoxSceneProfile;
  /** Null: none was ticked, or the stash-box does not give it. */
  readonly cover: Uint8Array | null;
  /** Of performers who are to be made, by their ids there. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
  /** Why a picture is not there. */
  readonly note: Message | null;
};

/** What is written of it. */
export type SceneTakenOver = {
  readonly changes: readonly FieldChange[];
  /** The file of the cover that one of them sets. */
  readonly picture: Uint8Array | null;
  readonly make: AcceptPlan['make'] | null;
  readonly note: Message | null;
};

export async function readSceneOffers(
  parts: OfferParts,
  object: StashObject,
  { endpoint }: StashIdValue,
  profile: BoxSceneProfile,
): Promise<ReadSceneOffers> {
  const { library } = parts;
  const [studios, tags, cast] = await Promise.all([
    profile.studio === null ? [] : library.named('studio'),
    profile.tags.length === 0 ? [] : library.named('tag'),
    readCast(parts, object, endpoint, profile.cast),
  ]);
  const cover = await readCovers(parts, object, profile);
  const here = { values: object.values, endpoint, studios, tags, cast: cast.members, cover };
  const offers = sceneOffersOf(here, profile).map((offer) => ({ ...offer, revision: revisionOf(offer) }));
  const { undecided, notListed } = cast;
  return { offers, undecided, nameTaken: [...takenNames(here, profile), ...cast.nameTaken], notListed };
}

/** @throws StashSenseError */
export async function fetchSceneTaken(
  parts: OfferParts & Pick<Context, 'stashBoxes'>,
  object: StashObject,
  stashId: StashIdValue,
  taken: SceneTaken,
): Promise<FetchedScene> {
  const { client, profile: whole } = await askForScene(parts, stashId, object.title);
  const profile = onlyTicked(whole, taken);
  const { offers } = await readSceneOffers(parts, object, stashId, profile);
  const pictures = new Map<string, Uint8Array>();
  let note: Message | null = null;
  let cover: Uint8Array | null = null;
  for (const { take } of ticked(offers, taken)) {
    if (take.op === 'cover') {
      const { picture, note: why } = await fetchCover(client, take.imageId, object.title);
      [cover, note] = [picture, note ?? why];
    }
    if (take.op !== 'make' || take.kind !== 'performer') continue;
    const { performer } = take;
    const fetched = await fetchPicture(client, performer, bestImageId(performer, null));
    if (fetched.picture !== null) pictures.set(performer.id, fetched.picture);
    note ??= fetched.note;
  }
  return { profile, cover, pictures, note };
}

/** @throws StashSenseError `changed-since`: what was ticked is not what is there or in the stash-box now */
export async function planSceneTaken(
  parts: OfferParts,
  object: StashObject,
  stashId: StashIdValue,
  { profile, cover, pictures, note }: FetchedScene,
  taken: SceneTaken,
): Promise<SceneTakenOver> {
  const { offers } = await readSceneOffers(parts, object, stashId, profile);
  const wanted = ticked(offers, taken);
  if (wanted.length < Object.keys(taken).length) {
    const box = shownBox(stashId.endpoint);
    const count = Object.keys(taken).length - wanted.length;
    throw new StashSenseError(
      'changed-since',
      message('sceneOffers.changed', { name: object.title, box, count }),
    );
  }
  return {
    changes: [
      ...takingOverScene(object.entity, wanted),
      ...(await coverChange(parts, object.entity, wanted, cover)),
    ],
    picture: cover,
    make: makingOf(object.entity, stashId.endpoint, wanted, pictures),
    note,
  };
}

/** Without the cover, people and tags of whom nothing is taken: under the write lock nothing else is looked up. */
function onlyTicked(profile: BoxSceneProfile, taken: SceneTaken): BoxSceneProfile {
  return {
    ...profile,
    images: Object.hasOwn(taken, 'cover') ? profile.images : [],
    cast: profile.cast.filter(
      ({ performer }) => performer !== null && Object.hasOwn(taken, performerKey(performer.id)),
    ),
    tags: profile.tags.filter(({ id }) => Object.hasOwn(taken, tagKey(id))),
  };
}

function ticked<Offer extends RevisedSceneOffer>(offers: readonly Offer[], taken: SceneTaken): Offer[] {
  return offers.filter(({ key, revision }) => Object.hasOwn(taken, key) && taken[key] === revision);
}

/** Whether something has to be made is left out: what was made, and was cut short there, is what was shown. */
function revisionOf({ key, mine, theirs, meant, take }: SceneOffer): string {
  const before = take.op === 'add' ? null : mine;
  const after = take.op === 'make' && take.kind === 'studio' ? take.studio.name : theirs;
  return revisionOfShown([key, before, after, meant]);
}
