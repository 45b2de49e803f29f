/** What a performer is made with who is known from a reference pack. */
import type { FieldValues, StashIdValue } from '../../../core/changes/change.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { StashBox } from '../../../core/ports/stash-box.ts';
import { valuesOfBoxPerformer, valuesOfPackPerson } from '../../../core/reference-packs/profile.ts';
import { parsePackPersonId, type PackPerson } from '../../../core/reference-packs/reference-pack.ts';
import type { Context } from '../../runs/task.ts';
import { askForPerformer, bestImageId, fetchPicture } from './box-performer.ts';
import { idsAt } from './namesakes.ts';

export type PackProfile = {
  readonly values: FieldValues;
  /** Of the person at the stash-box that told of them, with those that were merged into it. */
  readonly stashIds: readonly StashIdValue[];
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
    stashIds: person.stashIds,
    picture: null,
    note: message('packPeople.madeFromPack', { name: person.name, reason: why }),
  };
}

/** @throws StashSenseError */
async function fromBox(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  boxes: readonly StashBox[],
  stashId: StashIdValue,
  person: PackPerson,
): Promise<PackProfile> {
  const { endpoint } = stashId;
  const { client, performer } = await askForPerformer({ stashBoxes }, boxes, stashId, person.name);
  const values = valuesOfBoxPerformer(performer, endpoint, person.stashIds);
  // The one that shows them best as far as the pack knows.
  const wanted = person.picture?.endpoint === endpoint ? person.picture.imageId : null;
  const { picture, note } = await fetchPicture(client, performer, bestImageId(performer, wanted));
  return { values, stashIds: idsAt(endpoint, performer), picture, note };
}
