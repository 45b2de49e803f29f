import { AsyncLocalStorage } from 'node:async_hooks';
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { message } from '../../../core/messages/message.ts';
import { isIrregular } from '../../system/files/regular-file.ts';
import { bound } from './bound.ts';
import { isBusy, isSpuriousError, storeUnusable, toSqliteError, toStoreError } from './errors.ts';

export type Value = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

/** Statements of one callback. They are synchronous, so no other work of this process runs between them. */
export type Connection = {
  get(sql: string, ...values: Value[]): Row | undefined;
  all(sql: string, ...values: Value[]): Row[];
  /** Rows as arrays in column order: faster for large results. */
  arrays(sql: string, ...values: Value[]): unknown[][];
  run(sql: string, ...values: Value[]): { changes: number; lastId: number };
  exec(sql: string): void;
};

/** Checked in the transaction of each write: this process still owns its locks and runs (`leases.ts`). */
export type Guard = {
  /** @throws StashSenseError `busy` */
  readonly check: (sql: Connection) => void;
  readonly renew: (sql: Connection) => void;
};

/** One connection for the whole process; calls are serialised in their order. */
export type Database = {
  readonly file: string;
  read<T>(work: (sql: Connection) => T): Promise<T>;
  /**
  A write transaction, exclusive among all processes. Inside a `transaction` it is a savepoint, rolled back alone when it
  throws. `durable`: flushed to disk before it returns, so that it survives a power cut. `guarded` (default true): refused
  once another process has taken over from this one.
  */
  write<T>(work: (sql: Connection) => T, options?: { durable?: boolean; guarded?: boolean }): Promise<T>;
  /**
  `durable` as for `write`, by default true. Nested calls join, whatever they say of it; when a nested one throws, the whole is
  rolled back, even if the error is caught.
  */
  transaction<T>(work: () => Promise<T>, options?: { durable?: boolean }): Promise<T>;
  /** Runs the hook after the current transaction has committed or rolled back, or at once when there is none. */
  onTransactionEnd(hook: (committed: boolean) => Promise<void>): Promise<void>;
  /** Without transaction, queue and conversion of errors: for opening and migrating. */
  readonly raw: Connection;
  /** Online backup to an empty file; concurrent writes are in the copy. `onProgress`: fraction 0…1. */
  copyTo(file: string, onProgress: (fraction: number) => void): Promise<void>;
  /** Closes after all earlier calls have ended. */
  close(): Promise<void>;
};

/** Other processes write for milliseconds; only with a full or blocked disk the wait becomes this long. */
const BUSY_TIMEOUT_MS = 10_000;
const SPACE_TIMEOUT_MS = 2000;
const WAL_RETRY_MS = 20;
/** 4 MiB. */
const PAGES_AT_ONCE = 1024;
const COPY_TRIES = 20;
/** Database work between two turns of the event loop, milliseconds. */
const TURN_AFTER_MS = 20;
/** No heartbeat can be written during a write: after a write of this length the leases are renewed before others can write, milliseconds. */
const LONG_WRITE_MS = 1000;

type OpenTransaction = {
  open: boolean;
  /** Set when the transaction was rolled back (by SQLite or here) or a nested call failed: further writes are refused. */
  failure: { readonly error: unknown } | null;
  readonly hooks: ((committed: boolean) => Promise<void>)[];
};

/** Not `performance.now()`: naming it loads Node's perf_hooks, and each click on the page opens a database. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Whether this Node has SQLite: before 22.13 it has not, and the command line can do without. */
export function hasSqlite(): boolean {
  return (process.getBuiltinModule('node:sqlite') as unknown) !== undefined;
}

/** @throws StashSenseError `store-unusable`, `busy` */
export async function openDatabase(
  file: string,
  options: { readOnly?: boolean; maxPageCount?: number; guard?: Guard } = {},
): Promise<Database> {
  // SQLite opens these files without checking their type: a named pipe would block it for ever.
  for (const beside of ['-journal', '-wal', '-shm'].map((ending) => file + ending))
    if (isIrregular(beside)) throw storeUnusable(file, message('store.besideIsNoFile', { file: beside }));
  try {
    const database = new DatabaseSync(file, {
      timeout: BUSY_TIMEOUT_MS,
      readOnly: options.readOnly ?? false,
    });
    try {
      // Overwrites deleted faces with zeros, also when the file cannot be vacuumed.
      if (options.readOnly !== true) database.exec('PRAGMA secure_delete = ON');
      if (options.maxPageCount !== undefined)
        database.exec(`PRAGMA max_page_count = ${Math.trunc(options.maxPageCount)}`);
      return createDatabase(file, database, options.guard);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw toStoreError(error, file);
  }
}

/**
In WAL mode readers never wait for writers, and the next process recovers what a killed one left. On a file system without
shared memory SQLite stays in rollback-journal mode: slower, equally safe.
*/
export async function useWriteAheadLog(database: Database): Promise<void> {
  const deadline = monotonicMs() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      // 4 MiB: the log is truncated to this size after a large write.
      database.raw.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304');
      return;
    } catch (error) {
      // SQLite's busy timeout does not apply here when two processes open a new file at once.
      if (!isBusy(error) || monotonicMs() > deadline) throw toStoreError(error, database.file);
      await sleep(WAL_RETRY_MS);
    }
  }
}

/**
Removes deleted data from the disk: vacuums the file, checkpoints the log and truncates it, since it has older pages.
@param renew renews the leases afterwards, since no heartbeat can be written meanwhile
@returns false when a reader or a full disk prevents it: the deleted data are zeros then
*/
export function vacuum(sql: Connection, renew?: (sql: Connection) => void): boolean {
  // This blocks the whole process.
  sql.exec(`PRAGMA busy_timeout = ${SPACE_TIMEOUT_MS}`);
  const smaller = works(() => (sql.exec('VACUUM'), true));
  works(() => (renew?.(sql), true));
  const truncated = works(() => sql.get('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy'] === 0);
  works(() => (renew?.(sql), true));
  sql.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return smaller && truncated;
}

function works(step: () => boolean): boolean {
  try {
    return step();
  } catch {
    return false;
  }
}

function createDatabase(file: string, database: DatabaseSync, guard?: Guard): Database {
  const raw = createConnection(database);
  const here = new AsyncLocalStorage<OpenTransaction>();
  let last: Promise<void> = Promise.resolve();
  let synchronous: 'FULL' | 'NORMAL' | null = null;
  let turnedAt = monotonicMs();
  let begunAt = 0;

  /** @throws the error that ended the transaction, for late calls within one that was rolled back */
  function joined(): OpenTransaction | null {
    const transaction = here.getStore();
    if (transaction?.failure) throw transaction.failure.error;
    return transaction?.open === true ? transaction : null;
  }

  function serialized<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = last.then(yieldToEventLoop).then(work);
    last = turn.then(ignore, ignore);
    return turn;
  }

  /**
  Yields to the event loop. SQLite is synchronous, so thousands of awaited calls are one series of microtasks, during which
  no timer fires and no network answer is read.
  */
  async function yieldToEventLoop(): Promise<void> {
    if (monotonicMs() - turnedAt < TURN_AFTER_MS) return;
    await nextTurn();
    turnedAt = monotonicMs();
  }

  /** `synchronous = NORMAL` can lose the last commits in a power cut and saves a flush per commit. */
  function begin(durable: boolean, guarded: boolean): void {
    const wanted = durable ? 'FULL' : 'NORMAL';
    if (synchronous !== wanted) raw.exec(`PRAGMA synchronous = ${wanted}`);
    synchronous = wanted;
    raw.exec('BEGIN IMMEDIATE');
    begunAt = monotonicMs();
    if (guarded) guard?.check(raw);
  }

  function commit(): void {
    if (monotonicMs() - begunAt > LONG_WRITE_MS) guard?.renew(raw);
    raw.exec('COMMIT');
  }

  function rollback(): void {
    if (database.isTransaction) raw.exec('ROLLBACK');
  }

  function within<T>(transaction: OpenTransaction, work: () => T): T {
    try {
      return work();
    } catch (error) {
      // With a full disk SQLite rolls back the whole transaction: the next statement would run outside of it.
      if (!database.isTransaction) transaction.failure = { error: toStoreError(error, file) };
      throw toStoreError(error, file);
    }
  }

  return {
    file,
    raw,

    async read(work) {
      const transaction = joined();
      if (transaction) return within(transaction, () => work(raw));
      return serialized(() => {
        try {
          return work(raw);
        } catch (error) {
          throw toStoreError(error, file);
        }
      });
    },

    async write(work, { durable = false, guarded = true } = {}) {
      const transaction = joined();
      if (transaction)
        return within(transaction, () => {
          raw.exec('SAVEPOINT piece');
          try {
            const result = work(raw);
            raw.exec('RELEASE piece');
            return result;
          } catch (error) {
            if (database.isTransaction) raw.exec('ROLLBACK TO piece; RELEASE piece');
            throw error;
          }
        });
      return serialized(() => {
        try {
          begin(durable, guarded);
          const result = work(raw);
          commit();
          return result;
        } catch (error) {
          rollback();
          throw toStoreError(error, file);
        }
      });
    },

    async transaction(work, { durable = true } = {}) {
      const outer = joined();
      if (outer) {
        try {
          return await work();
        } catch (error) {
          outer.failure ??= { error };
          throw error;
        }
      }
      const transaction: OpenTransaction = { open: true, failure: null, hooks: [] };
      let committed = false;
      try {
        return await serialized(async () => {
          try {
            begin(durable, true);
            const result = await here.run(transaction, work);
            if (transaction.failure) throw transaction.failure.error;
            commit();
            committed = true;
            return result;
          } catch (error) {
            rollback();
            transaction.failure = { error: toSqliteError(error, file) };
            throw transaction.failure.error;
          } finally {
            transaction.open = false;
          }
        });
      } finally {
        for (const hook of transaction.hooks) await hook(committed);
      }
    },

    async onTransactionEnd(hook) {
      const transaction = here.getStore();
      if (transaction?.open === true) transaction.hooks.push(hook);
      else await hook(true);
    },

    async copyTo(target, onProgress) {
      for (let tries = 1; ; tries++) {
        try {
          await backup(database, target, {
            rate: PAGES_AT_ONCE,
            progress: ({ totalPages, remainingPages }) =>
              onProgress(totalPages === 0 ? 1 : 1 - remainingPages / totalPages),
          });
          return;
        } catch (error) {
          // The first step met a write of this process (Node then reports "not an error"): retry from the start after a moment.
          if (tries === COPY_TRIES || !(isBusy(error) || isSpuriousError(error)))
            throw toStoreError(error, target);
          await sleep(WAL_RETRY_MS * tries);
        }
      }
    },

    close: () =>
      serialized(() => {
        if (database.isOpen) database.close();
      }),
  };
}

function ignore(): void {}

function createConnection(database: DatabaseSync): Connection {
  const statement = preparedOnce(database, () => undefined);
  const arrayStatement = preparedOnce(database, (made) => made.setReturnArrays(true));

  return {
    get: (sql, ...values) => statement(sql).get(...bound(sql, values)),
    all: (sql, ...values) => statement(sql).all(...bound(sql, values)),
    arrays: (sql, ...values) => arrayStatement(sql).all(...bound(sql, values)) as unknown as unknown[][],
    run(sql, ...values) {
      const { changes, lastInsertRowid } = statement(sql).run(...bound(sql, values));
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    },
    exec: (sql) => database.exec(sql),
  };
}

function preparedOnce(
  database: DatabaseSync,
  adjust: (statement: StatementSync) => void,
): (sql: string) => StatementSync {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      adjust(statement);
      prepared.set(sql, statement);
    }
    return statement;
  };
}
