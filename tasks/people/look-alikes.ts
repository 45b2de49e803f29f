import type { Embedding } from '../../core/faces/face.ts';
import { similarity } from '../../core/faces/embedding.ts';
import { createPauses } from '../../core/pauses.ts';
import { bestPictureOf } from '../../core/people/best-picture.ts';
import { centreOf } from '../../core/people/centre.ts';
import type { GalleryPerson } from '../../core/people/person.ts';
import type { PerformerPair } from '../../core/ports/people.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import type { Context, Slice } from '../runs/task.ts';

/** People who are compared by one search of the gallery. */
const PEOPLE_AT_ONCE = 200;
/** Of each the nearest others: one person has seldom more entries. */
const NEAREST = 8;

/**
Finds performers who look like one person, among everybody but only for those who have changed since the last time: by the
centres of their references, the nearest ones of each from one search of the gallery.
*/
export async function findLookAlikes(
  { store, vision, openPerformers }: Pick<Context, 'store' | 'vision' | 'openPerformers'>,
  slice: Slice,
): Promise<'done' | 'yielded'> {
  const gallery = await openPerformers('many probes');
  const before = await store.lookAlikes.compared();
  const gone = new Set(before.keys());
  const due: (readonly [personId: string, signature: string])[] = [];
  for (const entry of gallery.signatures()) {
    const [personId, signature] = entry;
    gone.delete(personId);
    if (before.get(personId) !== signature) due.push(entry);
  }
  if (gone.size > 0) await store.lookAlikes.forget([...gone]);
  if (due.length > 0) slice.progress.say(message('people.isComparing'));
  const { onePerson } = vision.calibration.references;
  const pause = createPauses();
  for (let from = 0; from < due.length; from += PEOPLE_AT_ONCE) {
    const some = due.slice(from, from + PEOPLE_AT_ONCE);
    const { persons } = await gallery.references(some.map(([id]) => id));
    const probes = [...persons.values()].flatMap((person) => {
      const centre = centreOf(person);
      return centre === null ? [] : [{ person, centre }];
    });
    const found = await gallery.search(
      probes.map(({ centre }) => centre),
      NEAREST + 1,
    );
    const near = await gallery.references([...new Set(found.flat().map(({ personId }) => personId))]);
    const centres = new Map<string, Embedding | null>();
    const centreOnce = (person: GalleryPerson): Embedding | null => {
      if (!centres.has(person.id)) centres.set(person.id, centreOf(person));
      return centres.get(person.id) ?? null;
    };
    const pairs = new Map<string, { pair: PerformerPair; similarity: number }>();
    for (const [n, { person, centre }] of probes.entries()) {
      for (const { personId } of found[n] ?? []) {
        const other = near.persons.get(personId);
        const pair = other && pairOf(person, other);
        const theirs = other && centreOnce(other);
        if (!pair || !theirs) continue;
        const value = similarity(centre, theirs);
        if (value >= onePerson) pairs.set(pair.join(' '), { pair, similarity: value });
      }
      await pause(NEAREST * (person.references.length + 1));
    }
    await store.lookAlikes.save(
      some.map(([id, signature]) => [id, signature, persons.get(id)?.performerId ?? null] as const),
      [...pairs.values()],
    );
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
  return 'done';
}

/** The lower id first; undefined for one person, and for who is no performer. */
function pairOf(one: GalleryPerson, other: GalleryPerson): PerformerPair | undefined {
  const [a, b] = [one.performerId, other.performerId];
  if (a === null || b === null || a === b) return undefined;
  return Number(a) < Number(b) ? [a, b] : [b, a];
}

export async function viewLookAlikes(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  { told: isTold, limit, offset }: Input<'people.lookAlikes'>,
): Promise<Output<'people.lookAlikes'>> {
  const { total, told, items } = await store.lookAlikes.list(isTold ? 'told apart' : 'open', limit, offset);
  const view = async ({ id, name, disambiguation }: StashPerformer) => {
    const best = bestPictureOf(await store.people.references(id, vision.packId));
    return { performerId: id, name, disambiguation, url: best?.crop ? toDataUrl(best.crop.jpeg) : null };
  };
  return {
    total,
    told,
    items: await Promise.all(
      items.map(async ({ performers: [one, other], similarity: value }) => ({
        one: await view(one),
        other: await view(other),
        similarity: value,
      })),
    ),
  };
}

/** The user says that two performers are two people, or withdraws that. */
export async function tellApart(
  { store, now }: Pick<Context, 'store' | 'now'>,
  { performerIds, undo }: Input<'people.tellApart'>,
): Promise<void> {
  const [one, other] = await Promise.all(performerIds.map((id) => store.people.performer(id)));
  if (!one || !other) throw new StashSenseError('not-found', message('people.pairIsGone'));
  if (undo) await store.lookAlikes.untell([one, other]);
  else await store.lookAlikes.tellApart([one, other], now());
}
