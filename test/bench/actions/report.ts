/** `npm run bench -- --actions`: the table of `measureActions`. */
import os from 'node:os';
import path from 'node:path';
import { measureActions } from './actions.ts';

export async function reportActions(
  root: string,
  row: (...cells: (string | number)[]) => void,
): Promise<void> {
  const amounts = {
    scenes: 100_000,
    performers: 20_000,
    seen: 30_000,
    isNew: process.argv.includes('--first-run'),
  };
  const loadBefore = os.loadavg()[0]!;
  const times = await measureActions(amounts, {
    asked: 3,
    pluginDir: path.join(root, 'dist/stash-sense'),
    weightsDir: path.join(root, 'dist/stash-sense-faces'),
  });
  console.log(
    `${amounts.scenes} scenes, ${amounts.performers} performers, ${times.suggestions} suggestions; load ${loadBefore.toFixed(1)} before and ${os.loadavg()[0]!.toFixed(1)} after`,
  );
  row('health run', '', 'seconds', 'processor s', 'peak MB');
  for (const { run, seconds, cpuSeconds, peakBytes } of times.runs)
    row(
      run.padEnd(30),
      seconds.toFixed(1),
      cpuSeconds?.toFixed(1) ?? '?',
      peakBytes === null ? '?' : (peakBytes / 1e6).toFixed(0),
    );
  row('suggestions.list', '', 'least ms', 'median ms', 'cpu ms', 'bytes');
  for (const { question, least, median, cpu, answerBytes } of times.questions)
    row(question.padEnd(30), least.toFixed(0), median.toFixed(0), cpu?.toFixed(0) ?? '?', answerBytes);
}
