import { AsyncLocalStorage } from 'node:async_hooks';
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { message } from '../../../core/messages/message.ts';
import { isIrregular } from '../../system/files/regular-file.ts';
import { bound } from './bound.ts';
import { isBusy, isSpuriousError, storeUnusable, toSqliteError, toStoreError } from './errors.ts';

export type Value = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, unknown>>;

/** Statements of one piece of work. All are synchronous: nothing of ours slips in between. */
export type Connection = {
  get(sql: string, ...values: Value[]): Row | undefined;
  all(sql: string, ...values: Value[]): Row[];
  /** Rows as arrays in the order of the columns: for long answers. */
  arrays(sql: string, ...values: Value[]): unknown[][];
  run(sql: string, ...values: Value[]): { changes: number; lastId: number };
  exec(sql: string): void;
};

/** Asked in the transaction of each write: what this process holds of the store is still its own (`leases.ts`). */
export type Guard = {
  /** @throws StashSenseError `busy` */
  readonly check: (sql: Connection) => void;
  readonly renew: (sql: Connection) => void;
};

/** One connection, shared by all that goes on in this process: one at a time, in the order they came. */
export type Database = {
  readonly file: string;
  read<T>(work: (sql: Connection) => T): Promise<T>;
  /**
  All or nothing, alone among all processes. Inside a transaction it is part of it, and undone alone when it throws.
  `durable`: on disk before it returns, so that it survives even a power cut. `guarded` (yes): not once another process
  has taken over what this one does.
  */
  write<T>(work: (sql: Connection) => T, options?: { durable?: boolean; guarded?: boolean }): Promise<T>;
  /** Durable. Nested calls join; when a nested one throws, nothing of the whole is kept, whoever catches it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Runs once the transaction in progress has ended either way, or at once when there is none. */
  onTransactionEnd(hook: (committed: boolean) => Promise<void>): Promise<void>;
  /** Without transaction, mutex or translation of errors: for opening and migrating. */
  readonly raw: Connection;
  /** Into an empty file, page by page, while all goes on; what is written meanwhile is in the copy. `onProgress`: 0…1. */
  copyTo(file: string, onProgress: (fraction: number) => void): Promise<void>;
  /** In its turn: what was asked before is still done. */
  close(): Promise<void>;
};

/** Another process writes for milliseconds; only a full disk or a stuck one makes us wait so long. */
const BUSY_TIMEOUT_MS = 10_000;
const SPACE_TIMEOUT_MS = 2000;
const WAL_RETRY_MS = 20;
/** 4 MiB. */
const PAGES_AT_ONCE = 1024;
const COPY_TRIES = 20;
/** Work of this database between two turns of the event loop, milliseconds. */
const TURN_AFTER_MS = 20;
/** While we write, no heartbeat can be written: after so long we renew ourselves before others can write. */
const LONG_WRITE_MS = 1000;

type OpenTransaction = {
  open: boolean;
  /** Why nothing more may be written: it was rolled back (by SQLite itself, or by us), or a nested call failed. */
  failure: { readonly error: unknown } | null;
  readonly hooks: ((committed: boolean) => Promise<void>)[];
};

/** @throws StashSenseError `store-unusable`, `busy` */
export async function openDatabase(
  file: string,
  options: { readOnly?: boolean; maxPageCount?: number; guard?: Guard } = {},
): Promise<Database> {
  // SQLite opens these without a look at what they are: a named pipe would hold it for ever.
  for (const beside of ['-journal', '-wal', '-shm'].map((ending) => file + ending))
    if (isIrregular(beside)) throw storeUnusable(file, message('store.besideIsNoFile', { file: beside }));
  try {
    const database = new DatabaseSync(file, {
      timeout: BUSY_TIMEOUT_MS,
      readOnly: options.readOnly ?? false,
    });
    try {
      // Of a face that was deleted nothing may be left in the file, also where that cannot be written anew.
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
Readers never wait for writers, and a killed process leaves nothing that is not put right by the next.
Where the file system has no shared memory SQLite stays with its rollback journal: slower, as safe.
*/
export async function useWriteAheadLog(database: Database): Promise<void> {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      // 4 MiB: after a large write the log does not stay large.
      database.raw.exec('PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304');
      return;
    } catch (error) {
      // SQLite does not wait here when two processes open a new file at once.
      if (!isBusy(error) || performance.now() > deadline) throw toStoreError(error, database.file);
      await sleep(WAL_RETRY_MS);
    }
  }
}

/**
What was deleted leaves the disk: the file is written anew, and the log, which has older pages, brought into it and cut.
False where one of the two could not be, because somebody reads or the disk is full: what was deleted is zeros then.
`renew`: no heartbeat could be written meanwhile.
*/
export function vacuum(sql: Connection, renew?: (sql: Connection) => void): boolean {
  // Nothing else of this process goes on meanwhile.
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
  let turnedAt = performance.now();
  let begunAt = 0;

  /** @throws what ended the transaction, for stragglers of one that was rolled back: their work is to be undone too */
  function joined(): OpenTransaction | null {
    const transaction = here.getStore();
    if (transaction?.failure) throw transaction.failure.error;
    return transaction?.open === true ? transaction : null;
  }

  function serialized<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = last.then(letOthersIn).then(work);
    last = turn.then(ignore, ignore);
    return turn;
  }

  /**
  SQLite answers synchronously: without this, thousands of awaited calls one after another are one series of microtasks,
  during which no timer fires and no answer of a server is read.
  */
  async function letOthersIn(): Promise<void> {
    if (performance.now() - turnedAt < TURN_AFTER_MS) return;
    await nextTurn();
    turnedAt = performance.now();
  }

  /** NORMAL loses at most the last commits in a power cut and spares spinning disks a flush each. */
  function begin(durable: boolean, guarded: boolean): void {
    const wanted = durable ? 'FULL' : 'NORMAL';
    if (synchronous !== wanted) raw.exec(`PRAGMA synchronous = ${wanted}`);
    synchronous = wanted;
    raw.exec('BEGIN IMMEDIATE');
    begunAt = performance.now();
    if (guarded) guard?.check(raw);
  }

  function commit(): void {
    if (performance.now() - begunAt > LONG_WRITE_MS) guard?.renew(raw);
    raw.exec('COMMIT');
  }

  function rollback(): void {
    if (database.isTransaction) raw.exec('ROLLBACK');
  }

  function within<T>(transaction: OpenTransaction, work: () => T): T {
    try {
      return work();
    } catch (error) {
      // A full disk ends the whole transaction: the next statement would be on its own.
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

    async transaction(work) {
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
            begin(true, true);
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
          // Its first step met a write of ours (Node then says "not an error"): from the start, a moment later.
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
