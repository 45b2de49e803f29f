import type { Check } from '../../core/contract/status.ts';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { joined, message, plain, type Message } from '../../core/messages/message.ts';
import { messageToText } from '../../core/messages/schema.ts';
import type { Log } from '../../core/ports/log.ts';
import { FETCH_SHARE, fetchArtifacts } from './fetch-artifacts.ts';
import { type InferenceParts, withInference } from '../runs/inference-lock.ts';
import { until } from '../runs/stopping/until.ts';
import { PEOPLE_LIST } from '../../core/runs/tasks.ts';
import { peopleCheck, quickChecks, stashCheck } from './checks.ts';
import { type Context, defineTask, MORE, STOPPED, type Vision, type Slice } from '../runs/task.ts';

/**
Checks everything that the other tasks need and reports what is missing. Fetches the artifacts that the user agreed to on the
Status tab, and no others. Tries which native packages and engine are the fastest.
*/
export const setUp = defineTask({
  mode: 'set-up',

  async work(context, _args, slice) {
    const { store, vision, library, dataFolder, log, now, version } = context;
    const { progress } = slice;
    progress.at(0);
    progress.say(message('setup.isLooking'));
    log.info(`Stash Sense ${version} on Node ${process.version}, ${process.platform} ${process.arch}.`);
    const description = await vision.describe();
    const checks: Check[] = quickChecks(dataFolder, description);
    checks.push(stashCheck(await library.environment()));
    const weightsAreThere = description.weights.ok;
    const fetching = await until(
      () => slice.shouldYield(),
      (signal) => fetchArtifacts(context, { weightsAreThere, slice, signal }),
    );
    // Called in any case: it throws when another process has taken over.
    if ((await slice.shouldYield()) || fetching.isAborted) return MORE;
    checks.push(...fetching.result);
    // The fetched artifacts may be the weights.
    const weights = weightsAreThere ? description.weights : (await vision.describe()).weights;
    checks.splice(0, 1, { id: 'weights', ...weights });
    // Does not yield: the next slice would start an interrupted trial from the beginning.
    if (weights.ok) {
      const trying = await until(
        () => slice.stopped(),
        (signal) => tryMachine(context, slice, signal),
      );
      checks.push(...trying.result);
    }
    if (await slice.stopped()) return { end: 'finished', message: STOPPED };
    progress.say(message('setup.isTryingModels'));
    progress.at(0.95);
    checks.push(...(await tryModels(vision, log)));
    const toLearn = await store.work.counts(PEOPLE_LIST);
    checks.push(peopleCheck(await store.people.counts(vision.packId), toLearn.pending));
    await store.state.set('last-set-up', { at: now(), checks });
    for (const check of checks) {
      const line = `${check.id}: ${inEnglish(check.message)}`;
      if (check.ok || check.id === 'people') log.info(line);
      else log.warn(line);
    }
    return { end: 'finished', message: summaryOf(checks) };
  },
});

/** Checks whose failure does not prevent the tasks: a new library has no people yet, and the portable twins work everywhere. */
const HARMLESS = new Set(['people', 'fetch', 'native', 'stash']);

function summaryOf(checks: readonly Check[]): Message {
  const wrong = checks.filter(({ ok }) => !ok);
  const missing = wrong.filter(({ id }) => !HARMLESS.has(id));
  const pities = wrong.filter(({ id }) => HARMLESS.has(id) && id !== 'people');
  const speed = checks.find(({ id }) => id === 'speed');
  const problems = joined(onceEach(missing.map((check) => check.message)));
  const said = [
    problems !== null
      ? message('setup.notReady', { problems })
      : message(pities.length === 0 ? 'setup.allIsThere' : 'setup.everythingWorks'),
    ...(problems === null && speed ? [speed.message] : []),
    ...pities.map((check) => check.message),
  ];
  return said.reduce((first, second) => message('joined', { first, second }));
}

function onceEach(messages: readonly Message[]): Message[] {
  return [...new Map(messages.map((entry) => [messageToText(entry), entry])).values()];
}

/** Tries engines in processes of their own, while no other process runs inference, which would distort the rates. */
async function tryMachine(
  context: InferenceParts & Pick<Context, 'acceleration'>,
  { progress }: Slice,
  signal: AbortSignal,
): Promise<Check[]> {
  if (signal.aborted) return [];
  progress.say(message('setup.waitsForPause'));
  try {
    const { choice, engines, failures } = await withInference(context, 'for a person', () =>
      context.acceleration.tryOut({
        say(said, fraction) {
          progress.say(said);
          progress.at(FETCH_SHARE + (0.95 - FETCH_SHARE) * fraction);
        },
        signal,
      }),
    );
    const failed = joined(failures);
    const speeds = (choice === null ? engines : engines.filter(({ ok }) => ok)).map((entry) => entry.message);
    return [
      ...(failed === null ? [] : [{ id: 'native', ok: false, message: failed }]),
      { id: 'speed', ok: choice !== null, message: joined(speeds) ?? plain('') },
    ];
  } catch (error) {
    if (signal.aborted) return [];
    if (!(error instanceof StashSenseError)) throw error;
    return [{ id: 'native', ok: false, message: error.said }];
  }
}

async function tryModels(vision: Vision, log: Log): Promise<Check[]> {
  try {
    const { analyzer, codec } = await vision.open();
    const tested = await vision.selfTest();
    return [
      {
        id: 'engine',
        ok: true,
        message: message('setup.check.engine', { engine: analyzer.engine, codec: codec.name }),
      },
      { id: 'self-test', ok: tested.ok, message: tested.message },
    ];
  } catch (error) {
    logFault(log, error);
    return [{ id: 'engine', ok: false, message: saidOf(error) }];
  }
}
