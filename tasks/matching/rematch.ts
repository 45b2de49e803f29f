import type { EntityRef } from '../../core/content-id.ts';
import { findGalleryDiff, saveGallerySnapshot, type GalleryDiff } from './gallery-diff.ts';
import { matchEntities } from './match.ts';
import type { EntityToMatch } from './proposals.ts';
import { openRecognizer, currentMatcherVersion, type RecognizerParts } from './recognizer.ts';
import type { Context, Slice } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

const BATCH = 500;

/**
Matches all stored observations anew whose matcher version is not the current one. Reads no media file.

One pass over all entities, over any number of slices. A later slice continues after the last entity with the gallery of
its own time: restarting whenever a face is confirmed could keep a long pass from ending. When the gallery changes during a
pass, its first entities are due for the next call after its end.
*/
export async function rematchAll(
  context: RecognizerParts & Pick<Context, 'library'>,
  slice: Slice,
): Promise<'done' | 'yielded'> {
  const { store, vision } = context;
  const matcherVersion = await currentMatcherVersion(context);
  if ((await store.state.get('all-matched-with')) === matcherVersion) return 'done';
  slice.progress.step(message('runs.step.matching'));
  slice.progress.say(message('identify.isMatchingAgain'));
  const recognizer = await openRecognizer(context);
  const { gallery } = recognizer;
  const changed = await findGalleryDiff(context, gallery, recognizer.matcherVersion);
  const pass = await store.state.get('rematch-at');
  const earlier = pass?.run === slice.run.id ? pass : null;
  const firstVersion = earlier?.matcherVersion ?? recognizer.matcherVersion;
  for (let after: EntityRef | null = earlier?.after ?? null; ;) {
    const page: { entity: EntityRef; title: string }[] = await store.observations.entitiesAfter(
      vision.packId,
      after,
      BATCH,
    );
    const last = page.at(-1);
    if (last === undefined) break;
    const due = await findDue(context, recognizer.matcherVersion, changed, page);
    if (due.length > 0) await matchEntities(context, recognizer, due);
    after = last.entity;
    slice.advanced();
    if (await slice.shouldYield()) {
      const { kind, id } = after;
      await store.state.set('rematch-at', {
        run: slice.run.id,
        matcherVersion: firstVersion,
        after: { kind, id },
      });
      return 'yielded';
    }
  }
  await store.transaction(async () => {
    if (firstVersion === recognizer.matcherVersion) {
      await saveGallerySnapshot(context, gallery, recognizer.matcherVersion);
      await store.state.set('all-matched-with', recognizer.matcherVersion);
    }
    await store.state.delete('rematch-at');
  });
  return 'done';
}

/** The entities to rematch; those that the gallery diff does not affect only get the new matcher version. */
async function findDue(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  matcherVersion: string,
  changed: GalleryDiff | null,
  page: readonly { entity: EntityRef; title: string }[],
): Promise<EntityToMatch[]> {
  const due: EntityToMatch[] = [];
  const maybe: EntityToMatch[] = [];
  for (const { entity, title } of page) {
    const matchedWith = await store.observations.matchedWith(entity);
    if (matchedWith === matcherVersion) continue;
    (changed?.appliesTo(matchedWith) === true ? maybe : due).push({ ...entity, title });
  }
  if (changed === null || maybe.length === 0) return due;
  const contents = await store.observations.contentOfMany(maybe);
  const observations = await store.observations.getMany([...contents.values()].flat(), vision.packId);
  const affects = await changed.affects(maybe, contents, observations);
  due.push(...maybe.filter((_, n) => affects[n]));
  await store.transaction(async () => {
    for (const [n, entity] of maybe.entries())
      if (affects[n] !== true) await store.observations.setMatchedWith(entity, matcherVersion);
  });
  return due;
}
