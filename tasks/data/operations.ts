import { DataKind } from '../../core/contract/data.ts';
import { type Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { DataMeasure, ErasableData } from '../../core/ports/store.ts';
import { freeBytes, isOurNode, measureFetched, removeFetched } from './data-folder.ts';
import { dropReferencePacks, measureReferencePacks } from '../../plugin/system/files/reference-pack-files.ts';
import { INFERENCE } from '../runs/inference-lock.ts';
import { deleteFailure } from '../runs/last-failure.ts';
import { tryLocks, type Locks } from '../runs/locks.ts';
import { checkSetting } from './folder-setting.ts';
import { decideFormer } from './former-folder.ts';
import { markTarget, planMove } from './move-plan.ts';
import { type TaskMode } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import type { Context, Operations } from '../runs/task.ts';
import { WRITE } from '../suggestions/write.ts';
import { diagnostics } from '../status/diagnostics.ts';
import { deleteListings } from '../runs/enqueued.ts';
import { recentRuns, startRun } from '../runs/run-views.ts';
import { message, type Message } from '../../core/messages/message.ts';

type Names = 'data.info' | 'data.clear' | 'data.move' | 'data.former' | 'diagnostics';
type Erased = Output<'data.clear'>['erased'];

const STAYED_SHOWN = 5;

const LOCKS = [INFERENCE, WRITE] as const;

export const dataOperations: Pick<Operations, Names> = {
  'data.info': async ({ store, dataFolder }) => {
    const [stored, fetched, free, movingTo, movedFrom] = await Promise.all([
      store.measure(),
      measureFetched(dataFolder),
      freeBytes(dataFolder),
      store.state.get('move-to'),
      store.state.get('move-left-behind'),
    ]);
    const packs = measureReferencePacks(dataFolder);
    const measures: Record<DataKind, DataMeasure> = { ...stored, 'reference-packs': packs, fetched };
    return {
      folder: dataFolder,
      freeBytes: free,
      kept: DataKind.options.map((what) => ({ what, ...measures[what] })),
      // In the new store it names the current folder.
      movingTo: movedFrom === null ? movingTo : null,
      leftBehind: movedFrom?.folder ?? null,
    };
  },

  'data.clear': async (context, { what }) => {
    const locks = await refuseWhileWorking(context);
    const { store, dataFolder } = context;
    try {
      const wanted = new Set(what);
      const before = await store.sizes();
      const kinds = DataKind.options.filter(
        (kind): kind is ErasableData => kind !== 'fetched' && kind !== 'reference-packs' && wanted.has(kind),
      );
      const erased: Erased = [];
      let shrunk = true;
      if (kinds.length > 0) {
        // The lists are erased too, so a lost run must list Stash anew when it continues.
        for (const run of await store.runs.running()) await deleteListings(context, run.id);
        const done = await store.erase(kinds);
        shrunk = done.shrunk;
        erased.push(...kinds.map((kind) => ({ what: kind, ...done.erased[kind] })));
      }
      if (wanted.has('reference-packs')) {
        const measured = measureReferencePacks(dataFolder);
        dropReferencePacks(dataFolder);
        erased.push({ what: 'reference-packs', ...measured });
      }
      let [keptNode, stayed]: [boolean, readonly string[]] = [false, []];
      // The stored failure may name a file.
      if (wanted.has('faces')) deleteFailure(dataFolder);
      if (wanted.has('fetched')) {
        await deleteArtifactState(context);
        await locks.check();
        const removed = await removeFetched(dataFolder);
        ({ keptNode, stayed } = removed);
        erased.push({ what: 'fetched', count: removed.count, bytes: removed.bytes });
      }
      const after = await store.sizes();
      return {
        erased,
        message: erasedText(erased, {
          dataFolder,
          keptNode,
          stayed,
          shrunk: shrunk ? sizeOf(before) - sizeOf(after) : null,
          isAll: wanted.size === DataKind.options.length,
        }),
      };
    } finally {
      await locks.release();
    }
  },

  'data.move': async (context, { folder }) => {
    const { store } = context;
    const locks = await refuseWhileWorking(context, 'move-data');
    await locks.release();
    await checkSetting(context);
    const plan = await planMove(context, folder);
    await markTarget(plan);
    await store.state.set('move-to', plan.to);
    return await startRun(context, 'move-data');
  },

  'data.former': async (context, input) => {
    const locks = await refuseWhileWorking(context);
    try {
      return { message: await decideFormer(context, input) };
    } finally {
      await locks.release();
    }
  },

  diagnostics: async (context) => ({ text: await diagnostics(context) }),
};

/** Refuses while a task runs or waits, and holds the locks that inference and writes need. */
async function refuseWhileWorking(
  context: Pick<Context, 'store' | 'library' | 'owner' | 'limits' | 'now'>,
  except?: TaskMode,
): Promise<Locks> {
  const { library } = context;
  // Limit 0: only running runs, waiting jobs and the newest run of each task.
  const runs = await recentRuns(context, await library.jobs(), 0);
  const busy = runs.find(
    ({ task, phase }) =>
      task !== except && (phase === 'working' || phase === 'waiting' || phase === 'stopping'),
  );
  if (busy) throw new StashSenseError('busy', message('runs.isUnderWay', { task: saidTask(busy.task) }));
  const locks = await tryLocks(context, LOCKS);
  if (locks === null) throw new StashSenseError('busy', message('runs.locksBusy'));
  return locks;
}

/** Deletes the consent and the results of "Set up" for the artifacts that are about to be deleted. */
async function deleteArtifactState({ store }: Pick<Context, 'store'>): Promise<void> {
  for (const key of ['artifact-consent', 'last-set-up', 'last-vision'] as const)
    await store.state.delete(key);
}

function erasedText(
  erased: Erased,
  {
    dataFolder,
    keptNode,
    stayed,
    shrunk,
    isAll,
  }: {
    dataFolder: string;
    keptNode: boolean;
    stayed: readonly string[];
    shrunk: number | null;
    isAll: boolean;
  },
): Message {
  const list = erased
    .map(({ what, count, bytes }) => message(`data.erased.${what}`, { count, megabytes: bytes / 1e6 }))
    .reduce((first, second) => message('data.listed', { first, second }));
  const parts = [message('data.erased', { list })];
  if (shrunk === null) parts.push(message('data.notShrunk'));
  else if (shrunk >= 50_000) parts.push(message('data.shrunk', { megabytes: shrunk / 1e6 }));
  if (keptNode) parts.push(message('data.keptNode'));
  if (stayed.length > 0) {
    const names = stayed.slice(0, STAYED_SHOWN).join(', ');
    const more = Math.max(0, stayed.length - STAYED_SHOWN);
    parts.push(message('data.stays', { folder: dataFolder, names, more }));
  }
  if (isAll)
    parts.push(message('data.uninstall', { folder: dataFolder, hasNode: String(isOurNode(dataFolder)) }));
  return parts.reduce((first, second) => message('joined', { first, second }));
}

function sizeOf({ databaseBytes, cropBytes }: { databaseBytes: number; cropBytes: number }): number {
  return databaseBytes + cropBytes;
}
