import { randomUUID } from 'node:crypto';
import type { Input } from '../../core/contract/operations.ts';
import { BY_HAND } from '../../core/suggestions/suggestion.ts';
import { scopeOfCluster } from '../matching/dismissal-scope.ts';
import { PICTURE } from '../../core/changes/picture.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { faceKey } from '../../core/people/reference-content.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { closeIfGone } from '../accepted/gone.ts';
import { takeBack } from '../accepted/take-back.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';
import { matchDue } from '../matching/match-due.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import { performerOf, questionsAbout, suggestionFor } from '../suggestions/read.ts';
import { pictureHash } from '../suggestions/picture.ts';
import { hrefOf } from '../suggestions/views/viewer.ts';
import type { Context, Operations } from '../runs/task.ts';
import { gone } from '../suggestions/write-parts.ts';
import { findElsewhere } from './elsewhere.ts';
import { bestCrop, clustersAt } from './face-at.ts';
import { nameFaces } from './name-faces.ts';
import { hide, unhide, viewHidden } from './nobody.ts';
import { findPerformer, viewPerformerFace } from './performer-face.ts';
import { stillThere } from './still-there.ts';

type Names =
  | 'faces.name'
  | 'faces.unname'
  | 'faces.elsewhere'
  | 'faces.usePicture'
  | 'faces.hide'
  | 'faces.unhide'
  | 'people.hidden'
  | 'performer.face'
  | 'performer.find';

/** Of what was found elsewhere, how much is shown with its picture. */
const SHOWN = 100;

export const namingOperations: Pick<Operations, Names> = {
  'faces.name': async (context, input) => {
    try {
      const named = await nameFaces(context, input);
      // Who was hidden is of interest from now on.
      await matchDue(context);
      return named;
    } catch (error) {
      const { faces, who } = input;
      const performer = 'performerId' in who ? [{ kind: 'performer', id: who.performerId } as const] : [];
      await closeIfGone(context, error, [...faces.map(({ entity }) => entity), ...performer]);
      throw error;
    }
  },

  'faces.unname': async (context, input) => {
    const withdrawn = await context.changes.exclusively(() => unname(context, input));
    await matchDue(context);
    return { withdrawn };
  },

  'faces.elsewhere': async (context, { performerId, ...face }) => {
    const { store, library } = context;
    const clusters = await clustersAt(context, face);
    const performer = performerId === undefined ? null : await performerOf(context, performerId, face.entity);
    const found = await findElsewhere(
      context,
      clusters.map(({ person }) => person),
      [face.entity],
      async (entity, personKey) => {
        if (performer === null) return false;
        const { contentIds } = await scopeOfCluster(store, entity, personKey);
        return await store.dismissals.isDismissed(notSeen(contentIds, performer));
      },
    );
    const first = found.slice(0, SHOWN);
    const shown = await stillThere(library, first);
    const items = await Promise.all(
      shown.map(async ({ entity, title, personKey, contentId, person }) => {
        const crop = await bestCrop(context, [{ contentId, person }]);
        return { entity, personKey, title, href: hrefOf(entity), crop: crop && toDataUrl(crop) };
      }),
    );
    return { total: found.length - first.length + shown.length, items };
  },

  'faces.hide': async (context, face) => await hide(context, face),

  'faces.unhide': async (context, input) => await unhide(context, input),

  'people.hidden': async (context, input) => await viewHidden(context, input),

  'performer.face': async (context, { performerId }) => await viewPerformerFace(context, performerId),

  'performer.find': async (context, input) => await findPerformer(context, input),

  'faces.usePicture': async (context, { entity: from, personKey, performerId }) => {
    const { library, settings } = context;
    const entity = { kind: 'performer', id: performerId } as const;
    const object = await library.object(entity);
    if (object === null) throw gone(entity);
    const name = object.title;
    if ((await library.usage('performer', performerId))?.picturePath != null)
      throw new StashSenseError('changed-since', message('naming.hasPicture', { name }));
    const picture = await bestCrop(context, await clustersAt(context, { entity: from, personKey }));
    if (picture === null) throw new StashSenseError('changed-since', message('naming.noCrop'));
    const { dryRun } = settings;
    if (dryRun) return { journalId: null, dryRun };
    const entry = await context.changes.exclusively((write) =>
      write.make({
        entity,
        identity: object.identity,
        changes: [{ op: 'set', entity, field: PICTURE, before: null, after: pictureHash(picture) }],
        picture,
        summary: message('history.setPicture', { name }),
        batchId: randomUUID(),
        by: 'person',
        suggestionId: null,
        face: null,
      }),
    );
    return { journalId: entry?.id ?? null, dryRun };
  },
};

async function unname(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'now'>,
  { entity, personKey, performerId, isNo }: Input<'faces.unname'>,
): Promise<boolean> {
  const { store, vision, now } = context;
  const clusters = await clustersAt(context, { entity, personKey });
  const performer = await performerOf(context, performerId, entity);
  const { contentIds } = await scopeOfCluster(store, entity, personKey);
  const faces = clusters.map(({ contentId, person }) => ({ contentId, personKey: person.key }));
  const keys = faces.map(faceKey);
  const no = notSeen(contentIds, performer, faces);
  return await store.transaction(async () => {
    const chosen = await suggestionFor(store, entity, performerId);
    if (chosen?.analyzer === BY_HAND) await store.suggestions.changeState(chosen.id, ['accepted'], 'stale');
    if (!isNo)
      for (const answered of [chosen, ...(await questionsAbout(store, entity, performerId, ['accepted']))])
        if (answered?.payload.seen.some((seen) => keys.includes(faceKey(seen))) === true)
          await takeBack(store, vision.seenBy, answered);
    if (isNo) await store.dismissals.dismiss(no, now());
    return await withdrawDismissed(store, vision.seenBy, no);
  });
}
