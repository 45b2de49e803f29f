/** People whom the user calls nobody of interest: hidden wherever they are seen, until that is taken back. */
import type { FaceAt } from '../../core/contract/naming/operations.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { message } from '../../core/messages/message.ts';
import type { SeenPerson } from '../../core/matching/same-person.ts';
import type { HiddenPerson } from '../../core/ports/people.ts';
import { openHidden } from '../matching/dismissal-scope.ts';
import { matchDue } from '../matching/match-due.ts';
import { proposeAgain, type MatchParts } from '../matching/match.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import type { Context } from '../runs/task.ts';
import { findElsewhere } from './elsewhere.ts';
import { clustersAt } from './face-at.ts';

export type HidingParts = MatchParts & Parameters<typeof matchDue>[0] & Pick<Context, 'now'>;

/** Where the gallery is too large to be opened for a click: how many entities are suggested anew at once. */
const MAX_AT_ONCE = 50;

type Place = { readonly entity: EntityRef; readonly title: string };

/**
Hides the person of this face. Who is hidden already stays as they are.

Wherever they were seen is due for another match in the same transaction, and `matchDue` matches as much of it as is fast: what
is left, or was cut off, the next list of suggestions and the next rematch do.
@throws StashSenseError `changed-since`: the face is gone
*/
export async function hide(context: HidingParts, face: FaceAt): Promise<Output<'faces.hide'>> {
  const { store, vision, now } = context;
  const clusters = await clustersAt(context, face);
  const views = clusters.map(({ person }) => person);
  const known = await (await openHidden(context)).idOf(views);
  if (known !== null) {
    await matchDue(context);
    return { hiddenId: known, elsewhere: 0 };
  }
  const { packId } = vision.seenBy;
  const contentIds = clusters.map(({ contentId }) => contentId);
  const observations = await store.observations.getMany(contentIds, packId);
  const faces = await Promise.all(
    clusters.map(async ({ contentId, person: { key } }) => {
      // As the pack that saw it has it: of a fused one the crops bring the rest along.
      const person = observations.get(contentId)?.persons.find((one) => one.key === key);
      const crops = (await store.observations.crops(contentId, packId)).filter(
        ({ personKey }) => personKey === key,
      );
      return person === undefined ? [] : [{ contentId, person, crops }];
    }),
  );
  const elsewhere = await findElsewhere(context, views, [face.entity], neverDenied);
  const places: Place[] = [{ entity: face.entity, title: await titleOf(context, face.entity) }, ...elsewhere];
  const hiddenId = await store.transaction(async () => {
    await makeDue(context, places);
    return await store.hiddenPeople.hide(faces.flat(), packId, now());
  });
  await suggestAgain(context, places);
  return { hiddenId, elsewhere: elsewhere.length };
}

/** Takes that back, with the same care. */
export async function unhide(
  context: HidingParts,
  { hiddenId }: Input<'faces.unhide'>,
): Promise<Output<'faces.unhide'>> {
  const places = await show(context, hiddenId);
  await suggestAgain(context, places ?? []);
  if (places === null) throw new StashSenseError('changed-since', message('naming.isNotHidden'));
  return { shown: true };
}

/**
Whoever is named is of interest. The others of their faces are due (`matchDue`).
@param views the face that was named
@param along what is stored in the transaction where they were hidden
@returns whether they were
*/
export async function showNamed(
  context: Pick<Context, 'store' | 'vision'>,
  views: readonly SeenPerson[],
  along: () => Promise<void>,
): Promise<boolean> {
  const id = await (await openHidden(context)).idOf(views);
  return id !== null && (await show(context, id, along)) !== null;
}

/** @returns where the person was seen, which is due for another match; null: is not hidden */
async function show(
  context: Pick<Context, 'store' | 'vision'>,
  hiddenId: string,
  along: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly Place[] | null> {
  const { store, vision } = context;
  const isThem = ({ id }: HiddenPerson): boolean => id === hiddenId;
  const person = (await store.hiddenPeople.list(vision.packId)).find(isThem);
  const views = (person?.faces ?? []).map((face) => face.person);
  const places = views.length === 0 ? [] : await findElsewhere(context, views, [], neverDenied);
  return await store.transaction(async () => {
    await makeDue(context, places);
    if (!(await store.hiddenPeople.show(hiddenId))) return null;
    await along();
    return places;
  });
}

export async function viewHidden(
  { store }: Pick<Context, 'store'>,
  { limit, offset }: Input<'people.hidden'>,
): Promise<Output<'people.hidden'>> {
  const [total, items] = await Promise.all([
    store.hiddenPeople.count(),
    store.hiddenPeople.pictures(limit, offset),
  ]);
  return {
    total,
    items: items.map(({ id, at, jpeg }) => ({ hiddenId: id, at, crop: jpeg && toDataUrl(jpeg) })),
  };
}

/** In a transaction: what is asked about the person there changes with whether they are hidden. */
async function makeDue({ store }: Pick<Context, 'store'>, places: readonly Place[]): Promise<void> {
  for (const { entity } of places) await store.observations.setMatchedWith(entity, null);
}

/** As far as that is fast. The first of these places is done in any case. */
async function suggestAgain(context: HidingParts, places: readonly Place[]): Promise<void> {
  await matchDue(context);
  for (const { entity, title } of places.slice(0, MAX_AT_ONCE))
    if ((await context.store.observations.matchedWith(entity)) === null)
      await proposeAgain(context, { ...entity, title });
}

const neverDenied = (): Promise<boolean> => Promise.resolve(false);

async function titleOf({ library }: Pick<Context, 'library'>, entity: EntityRef): Promise<string> {
  return (await library.object(entity))?.title ?? '';
}
