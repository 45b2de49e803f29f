/** A slice that a test gives to a part of a task. */
import type { Run } from '../../core/ports/runs.ts';
import { createProgress } from '../../tasks/runs/progress.ts';
import type { Slice } from '../../tasks/runs/task.ts';
import { plain } from '../../core/messages/message.ts';

/** A run of "Scan library" that has just begun. */
export const NEW_RUN: Run = {
  id: '3',
  task: 'scan',
  wanted: 'run',
  state: 'running',
  args: {},
  owner: null,
  heartbeatAt: 0,
  startedAt: 0,
  endedAt: null,
  slices: 1,
  done: 0,
  skipped: 0,
  failed: 0,
  total: 0,
  itemsPerHour: null,
  secondsLeft: null,
  message: plain(''),
  step: plain(''),
  fraction: 0,
  job: null,
  interruption: null,
};

export type FakeSlice = Slice & { readonly advances: number };

/** @param isOver result of `shouldYield`, given the number of calls of `advanced` */
export function aSlice({
  run = {},
  isOver = () => false,
}: { run?: Partial<Run>; isOver?: (advances: number) => boolean } = {}): FakeSlice {
  let advances = 0;
  return {
    run: { ...NEW_RUN, ...run },
    progress: createProgress(NEW_RUN, 'scan'),
    renewsLeaseOf: () => undefined,
    advanced: () => void advances++,
    publish: () => Promise.resolve(),
    shouldYield: () => Promise.resolve(isOver(advances)),
    othersWait: () => Promise.resolve(false),
    stopped: () => Promise.resolve(false),
    get advances() {
      return advances;
    },
  };
}
