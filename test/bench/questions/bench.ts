/** `npm run bench:questions`: how long questions of the page take, each in a process of its own. `-- 40` asks each 40 times. */
import os from 'node:os';
import path from 'node:path';
import { measureQuestions } from './questions.ts';

const root = path.join(import.meta.dirname, '../../..');
const scenes = 1580;
const runs = Number(process.argv[2] ?? 25);

const row = (...cells: readonly unknown[]): void =>
  console.log(cells.map((cell) => String(cell).padEnd(17)).join(' '));
const loadBefore = os.loadavg()[0]!;
const times = await measureQuestions({
  scenes,
  runs,
  pluginDir: path.join(root, 'dist/stash-sense'),
  weightsDir: path.join(root, 'dist/stash-sense-faces'),
});
console.log(
  `${scenes} scenes, each question ${runs} times, ${os.cpus().length} cores, load ${loadBefore.toFixed(1)} before and ${os.loadavg()[0]!.toFixed(1)} after`,
);
row('question', 'least ms', 'median ms', 'processor ms', 'requests', 'answer bytes');
for (const { question, least, median, cpu, requests, answerBytes } of times)
  row(question, least.toFixed(0), median.toFixed(0), cpu?.toFixed(0) ?? '?', requests, answerBytes);
