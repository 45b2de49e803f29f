import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Status } from '../../core/contract.ts';
import { messageOf } from '../../core/errors.ts';
import type { StashEnvironment, StashJob } from '../../core/ports.ts';
import { startIfDue } from '../due.ts';
import { untoldFailure } from '../last-failure.ts';
import { startRematchIfDue } from '../rematch-due.ts';
import type { Context, Operations, SightDescription } from '../task.ts';
import { recentRuns } from './runs.ts';
import { runtimeView } from './runtime.ts';

const RUNS_SHOWN = 10;
/** What is chosen at the first use. */
const NOT_YET = 'not used yet';
/** Below this a scan of a large library could fill the disk: 60 MB for 1 000 scenes. */
const LOW_SPACE_BYTES = 500e6;

type Check = Status['checks'][number];

/** Kept at each opening of the models, for who must not open them. */
export const LastSight = z.object({ engine: z.string(), imageCodec: z.string(), vectorIndex: z.string() });
export const LAST_SIGHT = 'last-sight';
/** What "Set up" found. */
export const LastSetUp = z.object({
  at: z.number(),
  checks: z.array(z.object({ id: z.string(), ok: z.boolean(), message: z.string() })),
});
export const LAST_SET_UP = 'last-set-up';

export const statusOperation: Pick<Operations, 'status'> = {
  status: async (context) => {
    const { store, sight, library, version, dataFolder } = context;
    const describing = sight.describe();
    const [stash, description, runtime, people, scan, open, sizes, observed, lastSight] = await Promise.all([
      askStash(library),
      describing,
      runtimeView(context, describing),
      store.people.counts(sight.packId),
      store.work.counts('scan'),
      store.suggestions.list({ state: 'open' }, 'newest', 1, 0),
      store.sizes(),
      store.observations.size(),
      store.state.get(LAST_SIGHT),
    ]);
    const schedule = await startIfDue(context);
    if (stash.check.ok || stash.environment !== null) await startRematchIfDue(context);
    const seen = LastSight.safeParse(lastSight);
    const runs = await recentRuns(context, stash.jobs, RUNS_SHOWN);
    const configDir = stash.environment?.configDir;
    return {
      version,
      node: process.version,
      stash: stash.environment?.version ?? '',
      engine: seen.success ? seen.data.engine : null,
      imageCodec: seen.success ? seen.data.imageCodec : NOT_YET,
      vectorIndex: seen.success ? seen.data.vectorIndex : NOT_YET,
      pack: description.pack,
      checks: [
        ...(await quickChecks(dataFolder, description)),
        stash.check,
        peopleCheck(people),
        ...(schedule.problem === null ? [] : [{ id: 'schedule', ok: false, message: schedule.problem }]),
        ...(await setUpChecks(context)),
      ],
      people,
      scan,
      suggestions: { open: open.total },
      data: { folder: dataFolder, ...sizes, observations: observed.observations },
      runs,
      schedule: { expression: schedule.expression, nextAt: schedule.nextAt, due: schedule.due },
      runtime,
      lastFailure: untoldFailure(
        // The setting may not have been known.
        [dataFolder, ...(configDir === undefined ? [] : [path.join(configDir, 'stash-sense')])],
        runs,
      ),
    };
  },
};

/** What can be seen without opening a model. */
export async function quickChecks(dataFolder: string, description: SightDescription): Promise<Check[]> {
  return [
    { id: 'weights', ...description.weights },
    { id: 'ffmpeg', ...description.ffmpeg },
    await spaceCheck(dataFolder),
    { id: 'store', ok: true, message: `The data is in ${dataFolder}.` },
  ];
}

async function spaceCheck(folder: string): Promise<Check> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const ok = free >= LOW_SPACE_BYTES;
    return {
      id: 'space',
      ok,
      message: `${(free / 1e9).toFixed(1)} GB free for ${folder}${ok ? '' : ': less than the 0.5 GB a scan wants; make room or choose another data folder in the settings'}.`,
    };
  } catch (error) {
    return {
      id: 'space',
      ok: false,
      message: `The space left for ${folder} is not known: ${messageOf(error)}.`,
    };
  }
}

async function askStash(
  library: Context['library'],
): Promise<{ environment: StashEnvironment | null; jobs: StashJob[]; check: Check }> {
  try {
    const [environment, jobs] = await Promise.all([library.environment(), library.jobs()]);
    return {
      environment,
      jobs,
      check: stashCheck(environment),
    };
  } catch (error) {
    return { environment: null, jobs: [], check: { id: 'stash', ok: false, message: messageOf(error) } };
  }
}

export function stashCheck({ version, versionNote }: StashEnvironment): Check {
  return { id: 'stash', ok: versionNote === undefined, message: versionNote ?? `Stash ${version} answers.` };
}

export function peopleCheck({ performers, withReference }: Status['people']): Check {
  if (withReference > 0)
    return {
      id: 'people',
      ok: true,
      message: `${withReference} of ${performers} performers can be recognised.`,
    };
  return {
    id: 'people',
    ok: false,
    message:
      performers === 0
        ? 'Nobody is known yet: give your performers pictures in Stash, then run "Update people" (or "Scan library", which does it first).'
        : `None of ${performers} performers can be recognised: give them pictures with one clear face, then run "Update people".`,
  };
}

const SET_UP_CHECKS = new Set(['engine', 'self-test', 'native', 'speed']);

/** Of the last "Set up": what it found and cannot be seen at a glance. */
async function setUpChecks({ store }: Context): Promise<Check[]> {
  const last = LastSetUp.safeParse(await store.state.get(LAST_SET_UP));
  return last.success
    ? last.data.checks.filter(({ id, ok }) => SET_UP_CHECKS.has(id) || (!ok && id === 'fetch'))
    : [];
}
