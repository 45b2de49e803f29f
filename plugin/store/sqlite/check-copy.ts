import { Worker } from 'node:worker_threads';
import { message, plain, type Message } from '../../../core/messages/message.ts';
import { storeUnusable } from './errors.ts';

/**
Verifies a closed copy by reading it whole, and flushes it to disk. With gigabytes either takes longer than a lease, so
both run in a worker thread.
@throws StashSenseError `store-unusable`
*/
export async function checkCopy(file: string): Promise<void> {
  const worker = new Worker(CHECK, { eval: true, workerData: { file } });
  const problem = await new Promise<Message | null>((resolve) => {
    const sqliteSaid = (text: string): void => resolve(plain(text.replace(/\s+/g, ' ')));
    worker.once('message', (answer: string) => (answer === 'ok' ? resolve(null) : sqliteSaid(answer)));
    worker.once('error', (error) => sqliteSaid(error.message));
    worker.once('exit', () => resolve(message('store.copyCheckEnded')));
  });
  if (problem !== null) throw storeUnusable(file, message('store.copyDamaged', { reason: problem }));
}

const CHECK = `
const { parentPort, workerData: { file } } = require('node:worker_threads');
const { closeSync, fsyncSync, openSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(file);
const said = database.prepare('PRAGMA quick_check(1)').get().quick_check;
database.close();
const handle = openSync(file, 'r+');
fsyncSync(handle);
closeSync(handle);
parentPort.postMessage(String(said));
`;
