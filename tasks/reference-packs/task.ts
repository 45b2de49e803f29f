import { joinErrors, saidOf, type StashSenseError } from '../../core/errors.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import { defineTask, MORE, type Slice } from '../runs/task.ts';
import { writeJoined } from './build/join-boxes.ts';
import { patiently } from './build/patience.ts';
import { dropEstimate, readRequests, requestPack, setAside } from './build/requests.ts';
import { isOfBox, workOn, type Fetched } from './build/work-on.ts';

/** Lists whom a stash-box knows, learns their faces from its pictures, and writes them as a reference pack. */
export const buildReferencePack = defineTask({
  mode: 'build-reference-pack',

  async prepare(context, args) {
    await requestPack(context, args);
  },

  async hasMore(context, hasFailed) {
    // What has failed stays in the list, for the next start.
    return !hasFailed && (await readRequests(context)).some(({ isWanted }) => isWanted);
  },

  async onStopped(context) {
    await setAside(context);
  },

  async work(context, _args, slice) {
    const failures: StashSenseError[] = [];
    const failed = new Set<string>();
    const said: Message[] = [];
    for (;;) {
      const request = (await readRequests(context)).find(
        (it) => it.isWanted && !failed.has(it.packId + it.what),
      );
      if (request === undefined) break;
      // What was fetched outlasts the pauses.
      const fetched: Fetched = { downloads: null };
      try {
        const work = (noting: Slice): ReturnType<typeof workOn> => workOn(context, noting, request, fetched);
        const ended = request.what === 'estimate' ? await work(slice) : await patiently(context, slice, work);
        if (ended === 'yielded') {
          if (await slice.stopped()) await setAside(context);
          return MORE;
        }
        said.push(ended);
      } catch (error) {
        // Somebody waits for it, and asks once more if it is still wanted.
        if (request.what === 'estimate') await dropEstimate(context, request, saidOf(error));
        // One stash-box that does not answer must not keep the others waiting.
        if (!isOfBox(error)) throw error;
        failed.add(request.packId + request.what);
        failures.push(error);
      }
    }
    await writeJoined(context, slice);
    if (failures.length > 0) throw joinErrors(failures);
    return {
      end: 'finished',
      message: joined(said, 'joinedByLine') ?? message('referencePacks.build.nothingAsked'),
    };
  },
});
