import { Worker } from 'node:worker_threads';
import { storeUnusable } from './errors.ts';

/**
Reads a closed copy to its end and has it on the disk; of gigabytes either takes longer than a lease, so both are done
where they hold up no heartbeat.
@throws StashSenseError `store-unusable`
*/
export async function checkCopy(file: string): Promise<void> {
  const worker = new Worker(CHECK, { eval: true, workerData: { file } });
  const said = await new Promise<string>((resolve) => {
    worker.once('message', (answer: string) => resolve(answer));
    worker.once('error', (error) => resolve(error.message));
    worker.once('exit', () => resolve('the check was broken off'));
  });
  if (said !== 'ok')
    throw storeUnusable(
      file,
      `the copy is damaged (${said.replace(/\s+/g, ' ')}); check the disk and try again`,
    );
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
