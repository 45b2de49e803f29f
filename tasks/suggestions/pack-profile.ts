/** What a performer is made with who is known from a reference pack. */
import type { FieldValues, StashIdValue } from '../../core/changes/change.ts';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { BoxImage, BoxPerformer, StashBox, StashBoxClient } from '../../core/ports/stash-box.ts';
import { boxHost } from '../../core/reference-packs/box-address.ts';
import { valuesOfBoxPerformer, valuesOfPackPerson } from '../../core/reference-packs/profile.ts';
import { parsePackPersonId, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import type { Context } from '../runs/task.ts';

export type PackProfile = {
  readonly values: FieldValues;
  readonly picture: Uint8Array | null;
  /** Why it is less than a stash-box publishes; null: it is all. */
  readonly note: Message | null;
};

/** Null: the pack is not there any more, or the person is opted out. */
export async function findPackPerson(
  { referencePacks }: Pick<Context, 'referencePacks'>,
  personId: string,
): Promise<PackPerson | null> {
  const ids = parsePackPersonId(personId);
  return ids === null ? null : await referencePacks.person(ids.packId, ids.personId);
}

/** As the first stash-box publishes it that knows the person and has a key; else what the pack holds. */
export async function fetchProfile(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  person: PackPerson,
): Promise<PackProfile> {
  let note: Message | null = null;
  const boxes = await stashBoxes.list();
  for (const stashId of person.stashIds) {
    try {
      return await fromBox({ stashBoxes }, boxes, stashId, person);
    } catch (error) {
      if (!(error instanceof StashSenseError)) throw error;
      note ??= error.said;
    }
  }
  const why = note ?? message('packPeople.noStashId', { name: person.name });
  return {
    values: valuesOfPackPerson(person),
    picture: null,
    note: message('packPeople.madeFromPack', { name: person.name, reason: why }),
  };
}

/** @throws StashSenseError */
async function fromBox(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  boxes: readonly StashBox[],
  { endpoint, stashId }: StashIdValue,
  person: PackPerson,
): Promise<PackProfile> {
  const box = boxHost(endpoint) ?? endpoint;
  if (!boxes.some((one) => one.endpoint === endpoint && one.hasKey))
    throw new StashSenseError('not-found', message('packPeople.noKey', { box }));
  const client = await stashBoxes.open(endpoint, { isAwaited: true });
  const performer = await followMerges(client, stashId);
  if (performer === null)
    throw new StashSenseError('not-found', message('packPeople.notInBox', { box, name: person.name }));
  const values = valuesOfBoxPerformer(performer, endpoint, person.stashIds);
  const { picture, note } = await pictureOf(client, performer, person);
  return { values, picture, note };
}

/** Entries of a box that were merged into one another. */
const MAX_MERGES = 8;

async function followMerges(client: StashBoxClient, id: string): Promise<BoxPerformer | null> {
  const seen = new Set<string>();
  for (let next: string | null = id; next !== null && seen.size < MAX_MERGES && !seen.has(next);) {
    seen.add(next);
    const performer: BoxPerformer | null = await client.performer(next);
    if (performer === null || (performer.deleted && performer.mergedIntoId === null)) return null;
    if (performer.mergedIntoId === null) return performer;
    next = performer.mergedIntoId;
  }
  return null;
}

/** The one that shows them best as far as the pack knows, else the box's first, which is the one that Stash takes. */
async function pictureOf(
  client: StashBoxClient,
  { images, name }: BoxPerformer,
  { picture }: PackPerson,
): Promise<Pick<PackProfile, 'picture' | 'note'>> {
  const best: BoxImage | undefined =
    images.find(({ id }) => picture?.endpoint === client.endpoint && id === picture.imageId) ?? images[0];
  if (best === undefined) return { picture: null, note: null };
  try {
    return { picture: await client.picture(best, 'full'), note: null };
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    return {
      picture: null,
      note: message('packPeople.withoutPicture', { name, reason: saidOf(error) }),
    };
  }
}
