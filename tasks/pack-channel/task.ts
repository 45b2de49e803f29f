import { joinErrors, StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import { contentOf } from '../../core/reference-packs/pack-index.ts';
import type { WantedPack } from '../../core/reference-packs/known-packs.ts';
import type { ChannelPack } from '../../core/ports/reference-packs.ts';
import { defineTask, MORE, type Context, type Slice } from '../runs/task.ts';
import { until } from '../runs/stopping/until.ts';
import { checkChannel, dropWanted, readWanted, wantPack } from './known.ts';

/** Fetches the published reference packs that the user asked for. What was fetched of one is gone on with in the next slice. */
export const fetchReferencePacks = defineTask({
  mode: 'fetch-reference-packs',

  async prepare(context, { pack }) {
    if (pack === undefined) return;
    await checkChannel(context);
    await wantPack(context, pack);
  },

  async hasMore(context) {
    return (await readWanted(context)).length > 0;
  },

  async onStopped(context) {
    for (const wanted of await readWanted(context)) await dropWanted(context, wanted);
  },

  async work(context, _args, slice) {
    const failures: StashSenseError[] = [];
    const said: Message[] = [];
    for (;;) {
      const [wanted] = await readWanted(context);
      if (wanted === undefined) break;
      try {
        const fetched = await fetchWanted(context, slice, wanted);
        if (fetched === 'yielded') return MORE;
        said.push(fetched);
      } catch (error) {
        // It would fail in the same way in each slice, and another pack may not.
        await dropWanted(context, wanted);
        if (!(error instanceof StashSenseError)) throw error;
        failures.push(error);
      }
      slice.advanced();
    }
    if (failures.length > 0) throw joinErrors(failures);
    return {
      end: 'finished',
      message: joined(said, 'joinedByLine') ?? message('referencePacks.channel.nothingAsked'),
    };
  },
});

/** Null: another content is published by now, which the user was not shown. */
function findOffered(offered: readonly ChannelPack[], wanted: WantedPack): ChannelPack | null {
  const isWanted = ({ pack, installedId }: ChannelPack): boolean =>
    installedId === wanted.id && contentOf(pack.manifest) === wanted.content;
  return offered.find(isWanted) ?? null;
}

async function fetchWanted(
  context: Pick<Context, 'store' | 'packChannel' | 'log' | 'now'>,
  slice: Slice,
  wanted: WantedPack,
): Promise<Message | 'yielded'> {
  const { packChannel, log } = context;
  const { progress } = slice;
  const offered = findOffered(await checkChannel(context), wanted);
  if (offered === null)
    throw new StashSenseError('not-found', message('referencePacks.channel.isGone', { id: wanted.id }));
  progress.say(message('referencePacks.channel.isFetching', { name: offered.pack.manifest.name }));
  const { result } = await until(
    () => slice.shouldYield(),
    async (signal) => {
      try {
        return await packChannel.fetch(offered, {
          signal,
          onProgress(doneBytes, totalBytes) {
            progress.at(totalBytes === 0 ? 0 : doneBytes / totalBytes);
            slice.advanced();
          },
        });
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      }
    },
  );
  if (result === null) return 'yielded';
  await dropWanted(context, wanted);
  const { name, version, people } = result;
  const said = message('referencePacks.channel.isFetched', { name, version, count: people });
  log.info(inEnglish(said));
  return said;
}
