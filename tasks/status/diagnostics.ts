import { availableParallelism, homedir, totalmem } from 'node:os';
import type { Output } from '../../core/contract/operations.ts';
import type { Status } from '../../core/contract/status.ts';
import { Settings } from '../../core/settings.ts';
import { createScrub, type Scrub } from './redact-report.ts';
import { namedIn } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import { listFailures } from '../runs/run-views.ts';
import { statusOperation } from './operations.ts';
import { inEnglish } from '../../core/messages/english.ts';

/** Upper bounds of what the report reads and shows. */
const FAILURES = 15;
const FAILURES_READ = 200;
const NAMES_READ = 500;
const NOT_YET = 'not used yet';

/** Text for a bug report: everything that helps, without titles, names and paths of the library. */
export async function diagnostics(context: Context): Promise<string> {
  const { store } = context;
  const [status, failures, suggestions, measured] = await Promise.all([
    statusOperation.status(context, {}),
    listFailures(context, { limit: FAILURES_READ, offset: 0 }),
    store.suggestions.list({}, 'newest', NAMES_READ, 0),
    store.measure(),
  ]);
  const scrub = createScrub({
    home: homedir(),
    dataFolder: context.dataFolder,
    names: [
      ...failures.items.map(({ title }) => title),
      ...suggestions.items.flatMap((item) => [item.entityTitle, ...namedIn(item).map(({ name }) => name)]),
    ],
  });
  const { data, people, scan } = status;
  return [
    ...versionsOf(status, scrub),
    '',
    'Checks',
    ...status.checks.map(
      ({ id, ok, message }) => `  ${ok ? 'ok' : 'NOT OK'} ${id}: ${scrub.text(inEnglish(message))}`,
    ),
    '',
    ...accelerationOf(status, scrub),
    '',
    'Settings that were changed',
    ...(changedSettings(context, scrub) ?? ['  none']),
    '',
    `Data in ${scrub.folder(data.folder)}: ${megabytes(data.databaseBytes)} MB database, ${megabytes(data.cropBytes)} MB face pictures`,
    `  ${measured.faces.count} files looked at, ${people.withReference} of ${people.performers} people can be recognised, ${measured.decisions.count} decisions, ${measured.journal.count} entries of the journal`,
    `  scan: ${scan.done} done, ${scan.pending} to do, ${scan.skipped} skipped, ${scan.failed} failed`,
    '',
    'Runs, newest first',
    ...(status.runs.length === 0 ? ['  none'] : status.runs.map((run) => runLine(run, scrub))),
    ...(status.lastFailure === null
      ? []
      : [
          `  ${new Date(status.lastFailure.at).toISOString()} ${status.lastFailure.task} did not begin: ${scrub.text(inEnglish(status.lastFailure.message))}`,
        ]),
    '',
    'Failures of single files',
    ...failuresOf(failures, scrub),
    '',
  ].join('\n');
}

function versionsOf(status: Status, scrub: Scrub): string[] {
  const { version, stash, node, engine, imageCodec, vectorIndex, pack, acceleration } = status;
  return [
    `Stash Sense ${version}, Stash ${stash || 'not reached'}, Node ${node}, ${process.platform} ${process.arch}`,
    `${acceleration.machine}; ${availableParallelism()} processors, ${(totalmem() / 1e9).toFixed(1)} GB memory`,
    `recognition: ${scrub.text(engine ?? NOT_YET)}; pictures: ${imageCodec ?? NOT_YET}; search: ${vectorIndex === null ? NOT_YET : inEnglish(vectorIndex)}; pack: ${pack?.id ?? 'none'}`,
  ];
}

function accelerationOf({ acceleration }: Status, scrub: Scrub): string[] {
  const { channel, artifacts, consent, choice, problems } = acceleration;
  return [
    `Channel: ${channel === null ? 'none' : scrub.address(channel)}`,
    ...artifacts.map(
      (artifact) =>
        `  ${artifact.id} (${artifact.kind}): ${artifact.installed ? 'fetched' : consent?.artifacts.includes(artifact.id) ? 'agreed to, not fetched' : 'not fetched'}`,
    ),
    ...problems.map((problem) => `  problem: ${scrub.text(inEnglish(problem))}`),
    ...(choice === null
      ? ['  nothing was tried on this machine yet']
      : [
          `  chosen: ${choice.engine} ${choice.provider}, ${new Date(choice.at).toISOString()}`,
          ...choice.modules.map(
            (module) =>
              `  module ${module.name}: ${module.ok ? 'loads' : 'does not load'}: ${scrub.text(inEnglish(module.message))}`,
          ),
          ...choice.engines.map(
            (engine) =>
              `  tried ${engine.engine} ${engine.provider}: ${engine.ok ? `${engine.framesPerSecond?.toFixed(1) ?? '?'} frames a second` : 'not usable'}: ${scrub.text(inEnglish(engine.message))}`,
          ),
        ]),
  ];
}

/** Settings that differ from their defaults. Text values can name people and paths, so most are shown as "set". */
function changedSettings(
  { settings, settingsProblems }: Pick<Context, 'settings' | 'settingsProblems'>,
  scrub: Scrub,
): string[] | null {
  const usual: Readonly<Record<string, unknown>> = Settings.parse({});
  const lines = Object.entries(settings)
    .filter(([name, value]) => value !== usual[name])
    .map(
      ([name, value]) =>
        `  ${name}: ${typeof value === 'string' ? shownText(name, value, scrub) : String(value)}`,
    );
  lines.push(...settingsProblems.map((problem) => `  problem: ${scrub.text(inEnglish(problem))}`));
  return lines.length === 0 ? null : lines;
}

function shownText(name: string, value: string, scrub: Scrub): string {
  if (name === 'dataFolder') return scrub.folder(value);
  if (name === 'channel') return scrub.address(value);
  if (name === 'schedule') return /^[\d\s*/,-]+$/.test(value) ? value : 'set';
  return name === 'scanScope' ? (/^(studio|filter)\s*:/.exec(value)?.[1] ?? 'set') : 'set';
}

function runLine(run: Status['runs'][number], scrub: Scrub): string {
  const { task, state, phase, done, skipped, failed, total, itemsPerHour, startedAt, endedAt, message } = run;
  // The message of a run in progress names a scene, so it is omitted.
  const said = phase === 'ended' ? `: ${scrub.text(inEnglish(message))}` : '';
  const took = endedAt === null ? '' : `, ${Math.round((endedAt - startedAt) / 1000)} s`;
  const pace = itemsPerHour === null ? '' : `, ${Math.round(itemsPerHour)} an hour`;
  return `  ${new Date(startedAt).toISOString()} ${task} ${phase === 'ended' ? state : phase}: ${done} done, ${skipped} skipped, ${failed} failed of ${total}${pace}${took}${said}`;
}

/** Each reason once, with its count. */
function failuresOf({ items, total }: Output<'runs.failures'>, scrub: Scrub): string[] {
  const counts = new Map<string, number>();
  for (const { kind, state, error } of items) {
    const line = `${kind} ${state}: ${scrub.text(inEnglish(error))}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  if (counts.size === 0) return ['  none'];
  const lines = [...counts].toSorted((a, b) => b[1] - a[1]).map(([line, count]) => `  ${count} × ${line}`);
  return [
    ...lines.slice(0, FAILURES),
    ...(lines.length > FAILURES ? [`  and ${lines.length - FAILURES} other reasons`] : []),
    ...(total > items.length ? [`  of ${total} failures the newest ${items.length} were read`] : []),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
