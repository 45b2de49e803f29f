/** Stash's one queue: one job at a time, first in first out; keeps the last ten ended jobs (Stash: pkg/job). */
import type { StashLog } from './stash-log.ts';

export type Job = {
  readonly id: string;
  readonly description: string;
  status: 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';
  progress: number;
  error: string | null;
  readonly addTime: string;
  startTime: string | null;
  endTime: string | null;
};

/** "stop" aborts `signal`, and the queue does not wait for the work to end. A job that throws becomes FAILED. */
export type Work = (job: Job, signal: AbortSignal) => Promise<void>;

export type Jobs = {
  add(description: string, work: Work): string;
  /** Null, not empty, when there are none. */
  queue(): Job[] | null;
  find(id: string): Job | null;
  /** Of an unknown id: nothing happens. */
  stop(id: string): void;
  stopAll(): void;
  /** As after a restart of Stash: removes all jobs, and ids begin at 1. Does not stop running work. */
  forget(): void;
  /** Resolves when nothing is queued or runs. */
  idle(): Promise<void>;
};

const GRAVEYARD = 10;
type Entry = { job: Job; work: Work; controller: AbortController };

export function createJobs(log: StashLog, now: () => number): Jobs {
  let lastId = 0;
  let entries: Entry[] = [];
  let graveyard: Job[] = [];
  let running: Entry | null = null;
  let waiters: (() => void)[] = [];
  const time = (): string => new Date(now()).toISOString();

  const end = (entry: Entry, status: Job['status'], error: string | null = null): void => {
    if (!entries.includes(entry)) return;
    Object.assign(entry.job, { status, error, endTime: time() });
    entries = entries.filter((candidate) => candidate !== entry);
    graveyard = [...graveyard, entry.job].slice(-GRAVEYARD);
    if (running === entry) running = null;
    next();
  };

  const next = (): void => {
    if (running) return;
    const [entry] = entries;
    if (!entry) {
      for (const wake of waiters.splice(0)) wake();
      return;
    }
    running = entry;
    // The caller gets the id before the job begins.
    setImmediate(() => {
      if (running !== entry) return;
      Object.assign(entry.job, { status: 'RUNNING', startTime: time() });
      entry.work(entry.job, entry.controller.signal).then(
        () => end(entry, entry.controller.signal.aborted ? 'CANCELLED' : 'FINISHED'),
        (error: Error) => {
          log.write('Error', `task failed due to error: ${error.message}`);
          end(entry, entry.controller.signal.aborted ? 'CANCELLED' : 'FAILED', error.message);
        },
      );
    });
  };

  const stop = (entry: Entry): void => {
    entry.controller.abort();
    end(entry, 'CANCELLED');
  };

  return {
    add(description, work) {
      const job: Job = {
        id: String(++lastId),
        description,
        status: 'READY',
        progress: 0,
        error: null,
        addTime: time(),
        startTime: null,
        endTime: null,
      };
      entries.push({ job, work, controller: new AbortController() });
      next();
      return job.id;
    },
    queue: () => (entries.length > 0 ? entries.map((entry) => entry.job) : null),
    find: (id) =>
      entries.find((candidate) => candidate.job.id === id)?.job ??
      graveyard.find((candidate) => candidate.id === id) ??
      null,
    stop(id) {
      const entry = entries.find((candidate) => candidate.job.id === id);
      if (entry) stop(entry);
    },
    stopAll() {
      for (const entry of entries.toReversed()) stop(entry);
    },
    forget() {
      entries = [];
      graveyard = [];
      running = null;
      lastId = 0;
      next();
    },
    idle: () =>
      new Promise((resolve) => {
        if (entries.length === 0) resolve();
        else waiters.push(resolve);
      }),
  };
}
