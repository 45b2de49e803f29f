/**
How often a stash-box is asked about a large library, counted at the box, and how long that takes: scenes with the fingerprints that
Stash has, of which one in ten is there. The time is without the pauses that the limit of a real box asks for.

    node --import tsx test/bench/scene-links/requests.ts [SCENES]
*/
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import { fakeContext, tempFolder } from '../../fakes/context.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';
import { openStore } from '../../../plugin/store/store.ts';

const count = Number(process.argv[2] ?? 20_000);
const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown) => void ends.push(end) } as never;
const stash = memoryStash();
const double = await startedBox(t);
for (let n = 1; n <= count; n++) {
  const [oshash, phash] = [n, 0xa116_edcb + n * 7919].map((value) => value.toString(16).padStart(16, '0'));
  const files = [aFile(n, { fingerprints: { oshash: oshash!, phash: phash! } })];
  stash.items.set(`scene:${n}`, anItem(n, { files }));
  if (n % 10 === 0)
    double.data.addScene({
      title: `Theirs ${n}`,
      fingerprints: [{ algorithm: 'OSHASH', hash: oshash!, duration: 60, submissions: 1, reports: 0 }],
    });
}
const store = await openStore({ folder: tempFolder(t) });
ends.push(() => store.close());
// The double is in this process, and may be kept from answering by other work of the machine.
const limits = { silenceMs: 60_000, withinMs: 600_000 };
const { boxes } = boxesOf(t, { double, store, limits });
const context = await fakeContext(t, stash, { stashBoxes: boxes });
const begun = performance.now();
const cpu = process.cpuUsage();
const { message } = await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse({}), {});
const { user, system } = process.cpuUsage(cpu);
console.log(inEnglish(message));
console.log(
  `${count} scenes: ${double.requests.length} requests at the box, ${Math.round((performance.now() - begun) / 1000)} s, ` +
    `of it ${Math.round((user + system) / 1e6)} s of processor time (the double included)`,
);
for (const end of ends.toReversed()) await end();
