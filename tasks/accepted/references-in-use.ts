/** Takes references of performers out of use, and back into it, with all that rested on them. */
import { isEntityRef } from '../../core/content-id.ts';
import { PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { reasonWithoutReference } from '../../core/people/reason-without.ts';
import type { ReferencePicture, ReferenceState } from '../../core/ports/people.ts';
import type { Store } from '../../core/ports/store.ts';
import { useSpare } from './spare-references.ts';

/** States of references that are used, or would be in place of others. */
const IN_USE: readonly ReferenceState[] = ['used', 'outlier', 'spare'];

/** More are left to the next match of everything. */
const MAX_SUGGESTED_ONCE = 200;

/**
Called in a transaction. The suggestions that rest on these references leave the list at once, and whatever was matched with
the performer is due for another match (`matchDue`), which brings back what still holds.

@param references of one performer; those that have no usable face, or were taken out of use before, stay as they are
@returns whether one of them was used
*/
export async function takeOutOfUse(
  store: Store,
  packId: string,
  references: readonly ReferencePicture[],
  state: 'withdrawn' | 'set-aside',
): Promise<boolean> {
  const due = references.filter((reference) => IN_USE.includes(reference.state));
  const [first] = due;
  if (first === undefined) return false;
  const { performerId } = first;
  for (const { id } of due) await store.people.setReferenceState(id, state);
  for (const pack of new Set(due.map((reference) => reference.packId)))
    await useSpare(store, performerId, pack);
  const used = due.filter((reference) => reference.state === 'used').map(({ id }) => id);
  if (used.length === 0) return false;
  for (const entity of await store.suggestions.suspend({ kind: 'performer', id: performerId }, used))
    await store.observations.setMatchedWith(entity, null);
  await store.identifications.forgetMatchesWith(performerId);
  await noteWhetherKnown(store, packId, performerId);
  return true;
}

/**
Uses those of these references again that the user had set aside. Also called in a transaction: what was suggested once is due
for another match too. Whatever else shows the performer is found by the next match of everything.

@param references of one performer
*/
export async function putIntoUse(
  store: Store,
  packId: string,
  references: readonly ReferencePicture[],
): Promise<void> {
  const due = references.filter(({ state }) => state === 'set-aside');
  const [first] = due;
  if (first === undefined) return;
  const { performerId } = first;
  for (const { id } of due) await store.people.setReferenceState(id, 'used');
  const target = { kind: 'performer', id: performerId } as const;
  const { items } = await store.suggestions.list({ state: 'stale', target }, 'newest', MAX_SUGGESTED_ONCE, 0);
  for (const { entity } of items)
    if (isEntityRef(entity)) await store.observations.setMatchedWith(entity, null);
  await store.identifications.forgetMatchesWith(performerId);
  await noteWhetherKnown(store, packId, performerId);
}

/** Keeps the list of those who cannot be recognised, which is that of "Update people", as the references are now. */
export async function noteWhetherKnown(
  { people, work }: Store,
  packId: string,
  performerId: string,
): Promise<void> {
  const references = (await people.pictures(performerId)).filter((reference) => reference.packId === packId);
  await work.note(
    { list: PEOPLE_LIST, kind: 'performer', id: performerId },
    reasonWithoutReference(references, await people.performer(performerId)),
  );
}
