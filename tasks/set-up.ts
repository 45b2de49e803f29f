import { z } from 'zod';
import { messageOf } from '../core/errors.ts';
import { LAST_SET_UP, peopleCheck, quickChecks } from './operations/status.ts';
import { TASK_NAMES } from './queue.ts';
import { defineTask, type Sight } from './task.ts';

/** Looks at everything that the other tasks need, and says what is missing. Changes nothing. */
export const setUp = defineTask({
  mode: 'set-up',
  name: TASK_NAMES['set-up'],
  args: z.object({}),

  async work(context, _args, { progress }) {
    const { store, sight, dataFolder, log, now, version } = context;
    progress.say('Looking at runtime, weights and ffmpeg');
    log.info(`Stash Sense ${version} on Node ${process.version}, ${process.platform} ${process.arch}.`);
    const checks = await quickChecks(dataFolder, await sight.describe());
    progress.say('Trying the models');
    log.progress(0.3);
    checks.push(...(await tryModels(sight)));
    checks.push(peopleCheck(await store.people.counts(sight.packId)));
    await store.state.set(LAST_SET_UP, { at: now(), checks });
    for (const { id, ok, message } of checks)
      if (ok || id === 'people') log.info(`${id}: ${message}`);
      else log.warn(`${id}: ${message}`);
    // Nobody to recognise yet is how every library begins.
    const wrong = checks.filter(({ ok, id }) => !ok && id !== 'people');
    return {
      end: 'finished',
      message:
        wrong.length === 0
          ? 'All is there and works.'
          : `Not ready: ${wrong.map(({ message }) => message).join(' ')}`,
    };
  },
});

type Check = { id: string; ok: boolean; message: string };

async function tryModels(sight: Sight): Promise<Check[]> {
  try {
    const { analyzer, codec } = await sight.open();
    return [
      {
        id: 'engine',
        ok: true,
        message: `Faces are found with ${analyzer.engine}, pictures read with ${codec.name}.`,
      },
      { id: 'self-test', ...(await sight.selfTest()) },
    ];
  } catch (error) {
    return [{ id: 'engine', ok: false, message: messageOf(error) }];
  }
}
