import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import { named } from './sqlite/bound.ts';
import type { Row, Value } from './sqlite/database.ts';

/** A statement whose parameter `?1` is the time of the heartbeat (Unix milliseconds), and the values of `?2`, `?3`… */
export type Renewal = { readonly renew: string; readonly values: readonly Value[] };

export type Heartbeat = {
  /** Runs the renewal at least every `everyMs` until it is removed. */
  add(key: number, renewal: Renewal, everyMs: number): void;
  remove(key: number): void;
  close(): Promise<void>;
};

/**
A main thread whose event loop has not turned for this long hangs, and its leases expire. Building an index or a VACUUM can
block it for minutes.
*/
const HUNG_MS = 10 * 60_000;
/** Shorter than a lease. */
const BUSY_TIMEOUT_MS = 5000;
const CLOSE_MS = 1000;

/**
Renews leases from a worker thread with its own connection, because inference, building an index or a long statement can
block the main thread for longer than a lease. `onRows` receives the rows that each renewal returned.

The thread does not keep the process alive. Until its first heartbeat, and when it cannot start or fails, the main thread
renews with `renewHere`. Each distinct problem is reported once: the next heartbeat can succeed, and a lost lease is found
at the next write.
*/
export function startHeartbeat({
  file,
  now,
  onRows,
  renewHere,
  report,
  hungMs = HUNG_MS,
}: {
  file: string;
  now: () => number;
  onRows: (key: number, rows: readonly Row[]) => void;
  renewHere: () => Promise<void>;
  report: (problem: string) => void;
  /** Milliseconds. */
  hungMs?: number;
}): Heartbeat {
  const url = pathToFileURL(file);
  // Does not create the file when it was moved away.
  url.searchParams.set('mode', 'rw');
  const shared = new SharedArrayBuffer(16);
  /** Counts turns of the event loop. */
  const turns = new Int32Array(shared, 0, 1);
  /** Offset of `now` from the system clock, milliseconds: 0 except in tests. */
  const aheadMs = new Float64Array(shared, 8, 1);
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { url: url.href, turns, aheadMs, hungMs, busyTimeoutMs: BUSY_TIMEOUT_MS },
    // Without the TypeScript loader of this process and without the warning that SQLite is experimental.
    execArgv: ['--no-warnings'],
    stdin: false,
  });
  /** Whether the thread has renewed at least once and has not ended. */
  let hasRenewed = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hasRenewed = false;
      resolve();
    });
  });
  worker.on('error', (error) => report(messageOf(error)));
  worker.on('message', (said: ThreadMessage) => {
    if ('problem' in said) return report(said.problem);
    hasRenewed = true;
    for (const [key, rows] of said.renewed) onRows(key, rows);
  });
  // Last, because adding a message listener refs the worker.
  worker.unref();

  const send = (message: object): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- applies to windows, this is a thread
    worker.postMessage(message);
  };
  const turn = (): void => {
    aheadMs[0] = now() - Date.now();
    Atomics.add(turns, 0, 1);
    // A failure (such as a full disk) is found at the next write.
    if (!hasRenewed) renewHere().catch(() => undefined);
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
      // The thread may not have started yet, and a short operation does not wait for it.
      if (!hasRenewed) {
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

/** Messages of the thread: after each heartbeat the rows by key; each distinct problem once. */
type ThreadMessage =
  | { readonly renewed: readonly (readonly [key: number, rows: readonly Row[]])[] }
  | { readonly problem: string };

/** Plain JavaScript, so that it runs the same from the bundle and from the sources. */
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
        // A frozen table must not prevent the other renewals.
        report(error);
      }
    database.exec('COMMIT');
    parentPort.postMessage({ renewed });
  } catch (error) {
    // Another process writes, or the disk is full: the next heartbeat tries anew.
    report(error);
    try { database?.exec('ROLLBACK'); } catch {
      // No transaction was begun, or SQLite has rolled it back, as with a full disk.
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
  // Losing a heartbeat in a power cut is harmless.
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
    // What is added was renewed when it was taken: it has time until the next beat. A beat for each lock of each picture costs more than the picture's writes.
    if (message.everyMs >= shortestMs) return;
    shortestMs = message.everyMs;
    clearInterval(timer);
    timer = setInterval(beat, shortestMs);
    beat();
  }
});
`;
