import type { Output } from '../../core/contract/operations.ts';
import { toPrintableLine } from '../../core/printable.ts';
import { inEnglish, say } from '../../core/messages/english.ts';
import { Message } from '../../core/messages/schema.ts';

/** The status for a person at a terminal. */
export function statusText(status: Output<'status'>): string {
  const { scan, people, suggestions, data } = status;
  const notYet = say('status.notUsedYet');
  return [
    `Stash Sense ${status.version} on Node ${status.node}, Stash ${status.stash || 'not reached'}`,
    `engine: ${status.engine ?? notYet}; pictures: ${status.imageCodec ?? notYet}; search: ${status.vectorIndex === null ? notYet : inEnglish(status.vectorIndex)}; pack: ${status.pack?.id ?? say('status.none')}`,
    ...status.checks.map(
      ({ id, ok, isNews, message }) =>
        `${isNews === true ? 'new    ' : ok ? 'ok     ' : 'PROBLEM'} ${id}: ${inEnglish(message)}`,
    ),
    `people: ${people.withReference} of ${people.performers} can be recognised`,
    `scan: ${scan.done} done, ${scan.pending} to do, ${scan.failed} failed, ${scan.skipped} skipped`,
    say('cli.suggestions', { count: suggestions.open }),
    `data: ${data.folder}, ${megabytes(data.databaseBytes)} MB and ${megabytes(data.cropBytes)} MB of face crops`,
    ...status.runs.map(runText),
    ...(status.schedule.nextAt === null
      ? []
      : [`next scheduled scan: ${new Date(status.schedule.nextAt).toLocaleString()}`]),
  ]
    .map(toPrintableLine)
    .join('\n');
}

function runText(run: Output<'status'>['runs'][number]): string {
  const pace = run.itemsPerHour === null ? '' : `, ${run.itemsPerHour} an hour`;
  const left = run.secondsLeft === null ? '' : `, about ${Math.ceil(run.secondsLeft / 60)} min left`;
  const phase = run.phase === 'ended' ? run.state : run.phase;
  return `run ${run.id} ${run.task} (${phase}): ${run.done + run.skipped + run.failed} of ${run.total}${pace}${left}: ${inEnglish(run.message)}`;
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
        `  ${imageId}: ${inEnglish(said)}${quality === null ? '' : ` (${quality.toFixed(2)})`}`,
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

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
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
