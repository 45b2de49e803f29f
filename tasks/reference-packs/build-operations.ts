import type { packBuildOperations as declared } from '../../core/contract/pack-build.ts';
import { message } from '../../core/messages/message.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { estimateText } from '../../core/reference-packs/build.ts';
import { packIdOf } from './build/pack-id.ts';
import { startRun } from '../runs/run-views.ts';
import type { Operations } from '../runs/task.ts';
import { boxOf, readRequests, requestPack, type BuildArgs } from './build/requests.ts';

export const packBuildOperations: Pick<Operations, keyof typeof declared> = {
  'referencePacks.boxes': async ({ stashBoxes }) => ({
    boxes: (await stashBoxes.list()).map(({ endpoint, name, hasKey }) => ({ endpoint, name, hasKey })),
  }),

  'referencePacks.measure': async (context, { scope, endpoint, ids }) => {
    const args = argsOf({ scope, endpoint, ids, estimate: true });
    const { packId } = await requestPack(context, args);
    return { packId, ...(await startRun(context, 'build-reference-pack', args)) };
  },

  'referencePacks.estimate': async (context, { scope, endpoint }) => {
    const box = await boxOf(context, endpoint);
    const packId = packIdOf(scope, box.endpoint);
    const isMeasuring = (await readRequests(context)).some(
      (it) => it.packId === packId && it.what === 'estimate' && it.isWanted,
    );
    const { state } = context.store;
    const estimate = (await state.get('reference-pack-estimates'))?.[packId];
    return {
      packId,
      isMeasuring,
      problem: (await state.get('reference-packs-unmeasured'))?.[packId] ?? null,
      estimate:
        estimate === undefined || isMeasuring
          ? null
          : { ...estimate, text: estimateText(estimate, box.name) },
    };
  },

  'referencePacks.build': async (context, { scope, endpoint, ids, keepCrops }) => {
    const args = argsOf({ scope, endpoint, ids, keep_crops: keepCrops });
    const { packId } = await requestPack(context, args);
    return { packId, ...(await startRun(context, 'build-reference-pack', args)) };
  },

  'referencePacks.doubtful': async ({ store }, { limit, offset }) => {
    const { total, items } = await store.boxPeople.doubtful(limit, offset);
    return {
      total,
      items: items.map(({ one, other, evidence, why }) => ({
        one: { name: shownName(one), stashId: evidence.one, birthDate: one.birthDate },
        other: { name: shownName(other), stashId: evidence.other, birthDate: other.birthDate },
        why: message(`referencePacks.doubt.${why}`),
        evidence,
      })),
    };
  },

  'referencePacks.learnt': async ({ store }, { packId, name, without, limit, offset }) => {
    const [{ people, usable }, { total, items }] = await Promise.all([
      store.boxPeople.counts(packId),
      store.boxPeople.find(packId, { name: name.trim(), without }, limit, offset),
    ]);
    return {
      people,
      usable,
      total,
      items: items.map(({ performer, lookedAs, pictures }) => ({
        stashId: performer.id,
        name: shownName(performer),
        isLookedAt: lookedAs !== null,
        pictures: pictures.map(({ imageId, state, face }) => ({
          imageId,
          state,
          said: message(`referencePacks.picture.${state}`),
          quality: face?.quality ?? null,
        })),
      })),
    };
  },
};

/** As the task takes them; what is absent is not handed on. */
function argsOf({
  scope,
  endpoint,
  ids,
  keep_crops = false,
  estimate = false,
}: {
  readonly scope: string;
  readonly endpoint: string | undefined;
  readonly ids: readonly string[] | undefined;
  readonly keep_crops?: boolean;
  readonly estimate?: boolean;
}): BuildArgs {
  return {
    scope,
    keep_crops,
    estimate,
    ...(endpoint !== undefined && { endpoint }),
    ...(ids !== undefined && { ids: [...ids] }),
  };
}
