/** One turn of "Move data" beside a Stash that is a file, as a process that may be killed. Arguments: the file, the new folder. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { fakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';

const [stashFile = '', to] = process.argv.slice(2);
const stash = memoryStash();
stash.settings = JSON.parse(readFileSync(stashFile, 'utf8')) as Record<string, unknown>;
stash.after = (call) => {
  if (call !== 'changeSettings') return;
  writeFileSync(`${stashFile}.part`, JSON.stringify(stash.settings));
  renameSync(`${stashFile}.part`, stashFile);
};
const context = await fakeContext({ after: () => undefined }, stash, {
  folder: String(stash.settings['dataFolder']),
});
process.stdout.write('begins\n');
const { message } = await runTask(context, findTask('move-data')!, to === undefined ? {} : { folder: to });
await context.store.close();
process.stdout.write(`${JSON.stringify({ message, goesOn: stash.started.length > 0 })}\n`);
// Leaves no half-written file behind when it is over.
if (!existsSync(stashFile)) process.exitCode = 1;
