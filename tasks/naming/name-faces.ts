/** The user says whose faces these are: the performer is added, made where there is none, and known by them from then on. */
import { randomUUID } from 'node:crypto';
import type { FaceAt } from '../../core/contract/naming/operations.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { message } from '../../core/messages/message.ts';
import { faceKey } from '../../core/people/reference-content.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { FaceOf, Write } from '../../core/changes/write.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { NOT_ACCEPTED } from '../../core/suggestions/suggestion.ts';
import { confirm } from '../accepted/confirm-reference.ts';
import { proposeAgain, type MatchParts } from '../matching/match.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import type { Context } from '../runs/task.ts';
import { checkNamesakes } from '../suggestions/box/namesakes.ts';
import { NameTaken } from '../suggestions/box/name-taken.ts';
import { choiceOf } from '../suggestions/choose-performer.ts';
import { adding, readAs, readEntity, readPerformer } from '../suggestions/read.ts';
import { chunksPerLock, reasonOf } from '../suggestions/write-parts.ts';
import { bestCrop, clustersAt } from './face-at.ts';
import { showNamed } from './nobody.ts';

type Answer = Output<'faces.name'>;
type Batch = { readonly batchId: string; readonly by: 'person' };
export type NamingParts = MatchParts & Pick<Context, 'settings' | 'changes' | 'sleep' | 'exclusions'>;

/** @throws StashSenseError where it holds for all of them; what holds for one is in `refused` */
export async function nameFaces(
  context: NamingParts,
  { faces, who, batchId = randomUUID() }: Input<'faces.name'>,
): Promise<Answer> {
  const { dryRun } = context.settings;
  const answer: Answer = {
    performerId: null,
    batchId,
    added: [],
    there: [],
    learnt: 0,
    refused: [],
    dryRun,
  };
  const batch: Batch = { batchId, by: 'person' };
  try {
    if (dryRun) await whoIsMeant(context, null, who, faces[0]!, batch);
    else
      for await (const chunk of chunksPerLock(context, faces))
        await context.changes.exclusively(async (write) => {
          const known = answer.performerId === null ? who : { performerId: answer.performerId };
          const performer = await whoIsMeant(context, write, known, faces[0]!, batch);
          if (performer === null) return;
          answer.performerId = performer.id;
          // Who was never learnt has no row yet that a reference could belong to.
          await context.store.people.putPerformer(performer);
          for (const face of chunk) await nameOne(context, write, { face, performer, batch }, answer);
        });
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error;
    return { ...answer, nameTaken: error.taken };
  }
  return answer;
}

/** @param write null in a dry run: nobody is made, and the answer is null @throws NameTaken */
async function whoIsMeant(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'exclusions'>,
  write: Write | null,
  who: Input<'faces.name'>['who'],
  first: FaceAt,
  batch: Batch,
): Promise<StashPerformer | null> {
  if ('performerId' in who) return await readPerformer(context, who.performerId, first.entity);
  const { name, disambiguation } = who;
  const values = { name, ...(disambiguation !== undefined && { disambiguation }) };
  const told = { stashIds: [], isTold: disambiguation !== undefined, known: '' };
  await checkNamesakes(context, '', values, told);
  if (write === null) return null;
  // Before anything is made: a face that is gone leaves no performer behind.
  const picture = await bestCrop(context, await clustersAt(context, first));
  await readEntity(context, first.entity);
  const entry = await write.create({
    kind: 'performer',
    values,
    picture,
    summary: message('history.madePerformer', { name }),
    suggestionId: null,
    ...batch,
  });
  return await readPerformer(context, entry.entity.id, first.entity);
}

type Named = { readonly face: FaceAt; readonly performer: StashPerformer; readonly batch: Batch };

async function nameOne(
  context: NamingParts,
  write: Write,
  { face: { entity, personKey }, performer, batch }: Named,
  answer: Answer,
): Promise<void> {
  const { store, vision } = context;
  try {
    const item = await readEntity(context, entity);
    const clusters = await clustersAt(context, { entity, personKey });
    const [face] = clusters;
    const named: FaceOf = {
      contentId: face.contentId,
      personKey: face.person.key,
      performerId: performer.id,
      isNamed: true,
    };
    const suggestionId = await choiceOf({ store }, { item, performer, personKey, face });
    const { contentIds } = await scopeOfCluster(store, entity, personKey);
    // Null also where somebody else has added the performer since the entity was read.
    const entry = item.performerIds.includes(performer.id)
      ? null
      : await write.make({
          ...readAs(item),
          changes: [adding(entity, 'performers', [performer.id])],
          summary: message('history.added', { name: shownName(performer) }),
          suggestionId,
          face: named,
          ...batch,
        });
    if (entry === null)
      await store.transaction(async () => {
        await store.suggestions.changeState(suggestionId, NOT_ACCEPTED, 'accepted');
        await confirm(store, vision.seenBy, named);
      });
    (entry === null ? answer.there : answer.added).push(entity);
    if (await isReference(context, named)) answer.learnt++;
    // After the write: one that Stash refuses must not delete a rejection.
    await store.dismissals.withdraw(notSeen(contentIds, performer));
    const views = clusters.map(({ person }) => person);
    const wasHidden = await showNamed(context, views, async () => {
      // What only taught is not in the journal: its undo is told by `wereHidden`.
      if (entry !== null) await store.state.set(`hidden-before:${entry.id}`, { entity, personKey });
    });
    if (wasHidden) (answer.wereHidden ??= []).push({ entity, personKey });
    await proposeAgain(context, { ...entity, title: item.title });
  } catch (error) {
    answer.refused.push({ entity, reason: reasonOf(error) });
  }
}

async function isReference({ store }: Pick<Context, 'store'>, face: FaceOf): Promise<boolean> {
  const pictures = await store.people.pictures(face.performerId);
  return pictures.some(({ sourceKey, state }) => sourceKey === faceKey(face) && state === 'used');
}
