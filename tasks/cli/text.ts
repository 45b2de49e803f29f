import type { Output } from '../../core/contract/operations.ts';
import { toPrintableLine } from '../../core/printable.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message } from '../../core/messages/message.ts';
import { Message } from '../../core/messages/schema.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { say, spokenLocale, worded } from './language.ts';

/** The status for a person at a terminal. */
export function statusText(status: Output<'status'>): string {
  const { scan, people, suggestions, data, version, node } = status;
  const notYet = message('status.notUsedYet');
  const words = {
    news: say('cli.status.news'),
    ok: say('cli.status.ok'),
    problem: say('cli.status.problem'),
  };
  const width = Math.max(...Object.values(words).map(({ length }) => length));
  return [
    say('cli.status.versions', { version, node, stash: status.stash || message('status.notReached') }),
    say('cli.status.engine', {
      engine: status.engine ?? notYet,
      codec: status.imageCodec ?? notYet,
      search: status.vectorIndex ?? notYet,
      pack: status.pack?.id ?? message('status.none'),
    }),
    ...status.checks.map(
      ({ id, ok, isNews, message: said }) =>
        `${words[isNews === true ? 'news' : ok ? 'ok' : 'problem'].padEnd(width)} ${id}: ${worded(said)}`,
    ),
    say('cli.status.people', { withReference: people.withReference, performers: people.performers }),
    say('cli.status.scan', {
      done: scan.done,
      pending: scan.pending,
      failed: scan.failed,
      skipped: scan.skipped,
    }),
    say('cli.suggestions', { count: suggestions.open }),
    say('cli.status.data', {
      folder: data.folder,
      database: data.databaseBytes / 1e6,
      crops: data.cropBytes / 1e6,
    }),
    ...status.runs.map(runText),
    ...status.schedule.flatMap(({ task, nextAt }) =>
      nextAt === null
        ? []
        : say('cli.status.next', {
            task: saidTask(task),
            time: new Date(nextAt).toLocaleString(spokenLocale()),
          }),
    ),
  ]
    .map(toPrintableLine)
    .join('\n');
}

function runText(run: Output<'status'>['runs'][number]): string {
  const { id, total, itemsPerHour, secondsLeft } = run;
  const details = [
    ...(itemsPerHour === null ? [] : [say('cli.status.perHour', { count: itemsPerHour })]),
    ...(secondsLeft === null
      ? []
      : [say('cli.status.minutesLeft', { minutes: Math.ceil(secondsLeft / 60) })]),
  ].join('');
  const phase = message(run.phase === 'ended' ? `runs.state.${run.state}` : `runs.phase.${run.phase}`);
  const gone = run.done + run.skipped + run.failed;
  return say('cli.status.run', {
    id,
    task: saidTask(run.task),
    phase,
    gone,
    total,
    details,
    message: run.message,
  });
}

export function undoText({ undone, refused }: Output<'journal.undo'>): string {
  return [
    say('cli.undone', { count: undone.length }),
    ...refused.map(({ id, reason }) => say('cli.notUndone', { id, reason })),
  ]
    .map(toPrintableLine)
    .join('\n');
}

export function stopText({ stopping }: Output<'stop'>): string {
  return stopping.length === 0
    ? say('cli.nothingRunning')
    : say('cli.stopping', { tasks: stopping.join(', ') });
}

/** What became of the pictures of the people of a reference pack. */
export function picturesText({ people, usable, total, items }: Output<'referencePacks.learnt'>): string {
  const lines = items.flatMap(({ stashId, name, isLookedAt, pictures }) => [
    `${name} (${stashId})${isLookedAt ? '' : `: ${say('cli.notLookedAt')}`}`,
    ...pictures.map(
      ({ imageId, said, quality }) =>
        `  ${imageId}: ${worded(said)}${quality === null ? '' : ` (${quality.toFixed(2)})`}`,
    ),
  ]);
  return [
    say('cli.packPeople', { usable, people }),
    ...lines,
    ...(total > items.length ? [say('cli.morePeople', { count: total - items.length })] : []),
  ]
    .map(toPrintableLine)
    .join('\n');
}

/** For `--json`: each message with its English words beside its id and values. */
export function withTexts(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withTexts);
  if (typeof answer !== 'object' || answer === null) return answer;
  const said = Object.keys(answer).every((key) => key === 'id' || key === 'values')
    ? Message.safeParse(answer)
    : null;
  if (said?.success) return { ...said.data, text: inEnglish(said.data) };
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, withTexts(value)]));
}
