import path from 'node:path';
import type { Check, Status } from '../../core/contract/status.ts';
import { saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message } from '../../core/messages/message.ts';
import type { FormerFolder } from '../../core/ports/store.ts';
import type { StashEnvironment, StashJob } from '../../core/ports/library.ts';
import { IDENTIFY_LIST, PEOPLE_LIST, SCAN_LIST } from '../../core/runs/tasks.ts';
import { keepScheduler } from '../schedule/background/keep.ts';
import { readPlan } from '../schedule/plan.ts';
import { startDue } from '../schedule/due.ts';
import { unreportedFailure } from '../runs/last-failure.ts';
import { packNews } from '../pack-channel/view.ts';
import { packsView } from '../packs/view.ts';
import { startRematchIfDue } from '../matching/rematch-due.ts';
import { peopleCheck, quickChecks, stashCheck } from '../setup/checks.ts';
import type { Context, Operations } from '../runs/task.ts';
import { recentRuns } from '../runs/run-views.ts';
import { accelerationView } from '../setup/view.ts';

const RUNS_SHOWN = 10;

export const statusOperation: Pick<Operations, 'status'> = {
  status: async (context) => {
    const { store, vision, version, dataFolder } = context;
    const describing = vision.describe();
    const [
      stash,
      description,
      acceleration,
      people,
      toLearn,
      scan,
      identify,
      open,
      removed,
      sizes,
      observed,
      lastVision,
    ] = await Promise.all([
      askStash(context),
      describing,
      accelerationView(context, describing),
      store.people.counts(vision.packId),
      store.work.counts(PEOPLE_LIST),
      store.work.counts(SCAN_LIST),
      store.work.counts(IDENTIFY_LIST),
      store.suggestions.list({ state: 'open' }, 'newest', 0, 0),
      store.suggestions.list({ state: 'removed' }, 'newest', 0, 0),
      store.sizes(),
      store.observations.size(),
      store.state.get('last-vision'),
    ]);
    const schedules = await startDue(context);
    await keepScheduler(context, await readPlan(context));
    if (stash.check.ok || stash.environment !== null) await startRematchIfDue(context);
    const runs = await recentRuns(context, stash.jobs, RUNS_SHOWN);
    const configDir = stash.environment?.configDir;
    const former = context.formerData.find();
    const news = await packNews(context);
    return {
      version,
      node: process.version,
      stash: stash.environment?.version ?? '',
      engine: lastVision?.engine ?? null,
      imageCodec: lastVision?.imageCodec ?? null,
      vectorIndex: lastVision?.vectorIndex ?? null,
      pack: description.pack,
      packs: await packsView(context),
      checks: [
        ...quickChecks(dataFolder, description),
        ...(former === null
          ? []
          : [{ id: 'folder', ok: false, message: message('former.found', { folder: former.folder }) }]),
        stash.check,
        peopleCheck(people, toLearn.pending),
        ...schedules.flatMap(({ problem }) =>
          problem === null ? [] : [{ id: 'schedule', ok: false, message: problem }],
        ),
        ...(await context.exclusions.problems()).map((said) => ({
          id: 'exclusions',
          ok: false,
          message: said,
        })),
        ...(await setUpChecks(context)),
        ...(news === null ? [] : [{ id: 'reference-packs', ok: true, isNews: true, message: news }]),
      ],
      people,
      scan,
      identify: { failed: identify.failed },
      suggestions: { open: open.total, removed: removed.total },
      data: { folder: dataFolder, ...sizes, observations: observed.observations, former: shown(former) },
      runs,
      schedule: schedules.flatMap(({ task, expression, nextAt, due }) =>
        expression === '' ? [] : { task, expression, nextAt, due },
      ),
      acceleration,
      lastFailure: unreportedFailure(
        // A task that failed before it read the settings used the default folder.
        [dataFolder, ...(configDir === undefined ? [] : [path.join(configDir, 'stash-sense')])],
        runs,
      ),
    };
  },
};

function shown(former: FormerFolder | null): Status['data']['former'] {
  return former && { folder: former.folder, bytes: former.bytes, usedAt: former.usedAt };
}

async function askStash({ library, log }: Pick<Context, 'library' | 'log'>): Promise<{
  environment: StashEnvironment | null;
  /** Null: Stash does not answer. */
  jobs: StashJob[] | null;
  check: Check;
}> {
  try {
    const [environment, jobs] = await Promise.all([library.environment(), library.jobs()]);
    return {
      environment,
      jobs,
      check: stashCheck(environment),
    };
  } catch (error) {
    logFault(log, error);
    return { environment: null, jobs: null, check: { id: 'stash', ok: false, message: saidOf(error) } };
  }
}

const SET_UP_CHECKS = new Set(['engine', 'self-test', 'native', 'speed']);

/** Results of the last "Set up" that cannot be checked without opening models. */
async function setUpChecks({ store }: Pick<Context, 'store'>): Promise<Check[]> {
  const last = await store.state.get('last-set-up');
  return last?.checks.filter(({ id, ok }) => SET_UP_CHECKS.has(id) || (!ok && id === 'fetch')) ?? [];
}
