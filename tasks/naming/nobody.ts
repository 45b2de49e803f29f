/** People whom the user calls nobody of interest: hidden wherever they are seen, until that is taken back. */
import type { FaceAt } from '../../core/contract/naming/operations.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { SeenPerson } from '../../core/matching/same-person.ts';
import { message } from '../../core/messages/message.ts';
import { openHidden } from '../matching/dismissal-scope.ts';
import { proposeAgain, type MatchParts } from '../matching/match.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import type { Context } from '../runs/task.ts';
import { findElsewhere } from './elsewhere.ts';
import { clustersAt } from './face-at.ts';

type Parts = MatchParts & Pick<Context, 'settings' | 'now'>;

/**
Hides the person of this face. Who is hidden already stays as they are.
@throws StashSenseError `changed-since`: the face is gone
*/
export async function hide(context: Parts, face: FaceAt): Promise<Output<'faces.hide'>> {
  const { store, vision, now } = context;
  const clusters = await clustersAt(context, face);
  const views = clusters.map(({ person }) => person);
  const known = await (await openHidden(context)).idOf(views);
  if (known !== null) return { hiddenId: known, elsewhere: 0 };
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
  const hiddenId = await store.hiddenPeople.hide(faces.flat(), packId, now());
  return { hiddenId, elsewhere: await proposeWherever(context, views, face) };
}

/** Takes that back. */
export async function unhide(
  context: Parts,
  { hiddenId }: Input<'faces.unhide'>,
): Promise<Output<'faces.unhide'>> {
  const { store, vision } = context;
  const person = (await store.hiddenPeople.list(vision.packId)).find(({ id }) => id === hiddenId);
  if (!(await store.hiddenPeople.show(hiddenId)))
    throw new StashSenseError('changed-since', message('naming.isNotHidden'));
  if (person !== undefined)
    await proposeWherever(
      context,
      person.faces.map((face) => face.person),
      null,
    );
  return { shown: true };
}

/** Whoever is named is of interest. @param views the face that was named */
export async function showNamed(
  context: Pick<Context, 'store' | 'vision'>,
  views: readonly SeenPerson[],
): Promise<void> {
  const id = await (await openHidden(context)).idOf(views);
  if (id !== null) await context.store.hiddenPeople.show(id);
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

/** What is asked about the person changes with whether they are hidden. @returns in how many other places they were seen */
async function proposeWherever(
  context: Parts,
  views: readonly SeenPerson[],
  face: FaceAt | null,
): Promise<number> {
  const { store } = context;
  const elsewhere = await findElsewhere(context, views, face === null ? [] : [face.entity], () =>
    Promise.resolve(false),
  );
  const places = [...(face === null ? [] : [face]), ...elsewhere];
  for (const { entity, personKey } of places) {
    const persons = (await store.identifications.get(entity))?.persons ?? [];
    const isOpen = persons.some(({ key, decision }) => key === personKey && decision !== 'match');
    if (!isOpen) continue;
    const known = elsewhere.find((one) => one.entity === entity)?.title;
    await proposeAgain(context, { ...entity, title: known ?? (await titleOf(context, entity)) });
  }
  return elsewhere.length;
}

async function titleOf({ library }: Pick<Context, 'library'>, entity: FaceAt['entity']): Promise<string> {
  return (await library.object(entity))?.title ?? '';
}
