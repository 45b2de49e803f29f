import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import { named } from './sqlite/bound.ts';
import type { Row, Value } from './sqlite/database.ts';

/** A statement whose parameter `?1` is the time of the heartbeat (Unix milliseconds), and the values of `?2`, `?3`… */
export type Renewal = { readonly renew: string; readonly values: readonly Value[] };

export type Heartbeat = {
  /** Renewed at least every `everyMs` until it is removed. */
  add(key: number, renewal: Renewal, everyMs: number): void;
  remove(key: number): void;
  close(): Promise<void>;
};

/**
A main thread that has not turned its event loop for so long hangs, and what it holds goes to others. An index that is
built, or a database that is written anew, has held it for minutes.
*/
const HUNG_MS = 10 * 60_000;
/** Less than a lease. */
const BUSY_TIMEOUT_MS = 5000;
const CLOSE_MS = 1000;

/**
Renews from a worker thread with a connection of its own, because an inference, an index or a long statement may hold
the main thread for longer than a lease. `hear` is told the rows that each renewal gave.

The thread ends with the process and does not keep it alive. Until its first heartbeat, and where it cannot start or
breaks, the main thread renews with `renewHere`. What went wrong in it is reported once each: the next heartbeat may
succeed, and a lease that was lost shows at the next write.
*/
export function startHeartbeat({
  file,
  now,
  hear,
  renewHere,
  report,
  hungMs = HUNG_MS,
}: {
  file: string;
  now: () => number;
  hear: (key: number, rows: readonly Row[]) => void;
  renewHere: () => Promise<void>;
  report: (problem: string) => void;
  /** Milliseconds. */
  hungMs?: number;
}): Heartbeat {
  const url = pathToFileURL(file);
  // A file that was moved away is not made anew.
  url.searchParams.set('mode', 'rw');
  const shared = new SharedArrayBuffer(16);
  /** Counts turns of the event loop. */
  const turns = new Int32Array(shared, 0, 1);
  /** What our clock is ahead of the machine's, in milliseconds: nothing, but in tests. */
  const aheadMs = new Float64Array(shared, 8, 1);
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { url: url.href, turns, aheadMs, hungMs, busyTimeoutMs: BUSY_TIMEOUT_MS },
    // Neither a loader of TypeScript nor the warning that SQLite is young.
    execArgv: ['--no-warnings'],
    stdin: false,
  });
  /** The thread has renewed at least once and has not ended. */
  let isBeating = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isBeating = false;
      resolve();
    });
  });
  worker.on('error', (error) => report(messageOf(error)));
  worker.on('message', (said: Said) => {
    if ('problem' in said) return report(said.problem);
    isBeating = true;
    for (const [key, rows] of said.renewed) hear(key, rows);
  });
  // Last, for to listen to its messages holds the process.
  worker.unref();

  const send = (message: object): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- of windows; this is a thread
    worker.postMessage(message);
  };
  const turn = (): void => {
    aheadMs[0] = now() - Date.now();
    Atomics.add(turns, 0, 1);
    // Its own trouble (a full disk, say) shows at the next write.
    if (!isBeating) renewHere().catch(() => undefined);
  };
  let timer: NodeJS.Timeout | undefined;
  let shortestMs = Infinity;

  return {
    add(key, { renew, values }, everyMs) {
      aheadMs[0] = now() - Date.now();
      if (everyMs < shortestMs) {
        shortestMs = everyMs;
        clearInterval(timer);
        timer = setInterval(turn, everyMs);
        timer.unref();
      }
      send({ key, renew, values: named(values, 2), everyMs });
    },

    remove(key) {
      send({ key });
    },

    async close() {
      clearInterval(timer);
      // It may not have started yet, and a short operation does not wait for a thread to start.
      if (!isBeating) {
        void worker.terminate();
        return;
      }
      worker.ref();
      send({});
      const patience = setTimeout(() => void worker.terminate(), CLOSE_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** What the thread posts: after each heartbeat, by key, the rows it gave; a problem when it comes up for the first time. */
type Said =
  | { readonly renewed: readonly (readonly [key: number, rows: readonly Row[]])[] }
  | { readonly problem: string };

/** Plain JavaScript, so that it runs alike from the bundle and from sources. */
const THREAD = `
const { parentPort, workerData: { url, turns, aheadMs, hungMs, busyTimeoutMs } } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const held = new Map();
let database = null, timer, shortestMs = Infinity;
let seenTurns = -1, seenAt = 0;
const reported = new Set();

function beat() {
  const current = Atomics.load(turns, 0);
  if (current !== seenTurns) {
    seenTurns = current;
    seenAt = performance.now();
  }
  if (held.size === 0 || performance.now() - seenAt > hungMs) return;
  try {
    database ??= open();
    database.exec('BEGIN IMMEDIATE');
    const renewed = [];
    for (const [key, { statement, values }] of held)
      try { renewed.push([key, statement().all({ ...values, '?1': Date.now() + aheadMs[0] })]); } catch (error) {
        // A table that is frozen while the data moves must not keep the others from being renewed.
        report(error);
      }
    database.exec('COMMIT');
    parentPort.postMessage({ renewed });
  } catch (error) {
    // Another process writes, or the disk is full: the next beat tries anew.
    report(error);
    try { database?.exec('ROLLBACK'); } catch {
      // No transaction was begun, or SQLite has ended it by itself, as it does when the disk is full.
    }
  }
}

function report({ message }) {
  if (reported.has(message)) return;
  reported.add(message);
  parentPort.postMessage({ problem: message });
}

function open() {
  const opened = new DatabaseSync(new URL(url), { timeout: busyTimeoutMs });
  // The loss of a heartbeat in a power cut does no harm.
  opened.exec('PRAGMA synchronous = NORMAL');
  return opened;
}

function prepared(sql) {
  let made;
  return () => (made ??= database.prepare(sql));
}

parentPort.on('message', (message) => {
  if (message.key === undefined) {
    clearInterval(timer);
    parentPort.close();
    database?.close();
  } else if (message.renew === undefined) held.delete(message.key);
  else {
    held.set(message.key, { statement: prepared(message.renew), values: message.values });
    if (message.everyMs < shortestMs) {
      shortestMs = message.everyMs;
      clearInterval(timer);
      timer = setInterval(beat, shortestMs);
    }
    beat();
  }
});
`;
