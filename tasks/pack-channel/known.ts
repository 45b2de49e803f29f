/** Which reference packs are published, as of the last time that the publisher was asked, and which of them are to be fetched. */
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { ChannelPack } from '../../core/ports/reference-packs.ts';
import { toKnown, type KnownPacks, type WantedPack } from '../../core/reference-packs/known-packs.ts';
import { PACK_INDEX } from '../../core/reference-packs/pack-index.ts';
import type { Context } from '../runs/task.ts';

const CHECK_EVERY_MS = 86_400_000;

const NOTHING: KnownPacks = { address: null, checkedAt: 0, problem: null, packs: [], told: [] };

type At = Pick<Context, 'store' | 'packChannel'>;
type Parts = At & Pick<Context, 'now'>;

/** Of the publisher whom the settings name now. Null: they were never asked. */
export async function readKnown({ store, packChannel }: At): Promise<KnownPacks | null> {
  const known = await store.state.get('reference-pack-channel');
  return known !== null && known.address === (await addressOf({ packChannel })).address ? known : null;
}

/** Where packs are published, for display. `problem`: why the setting is no address; null: it is one, or there is none. */
export async function addressOf({ packChannel }: Pick<Context, 'packChannel'>): Promise<{
  readonly address: string | null;
  readonly problem: Message | null;
}> {
  try {
    return { address: await packChannel.address(), problem: null };
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    return { address: null, problem: saidOf(error) };
  }
}

/**
Asks the publisher and keeps the answer. A failure is kept too; what was known before stays.
@throws StashSenseError `fetch-failed`, `bad-input`, `machine-trouble`
*/
export async function checkChannel(context: Parts): Promise<readonly ChannelPack[]> {
  const { packChannel, now } = context;
  try {
    const known = await readKnown(context);
    const found = await packChannel.check();
    if (found === null && known !== null && known.packs.length > 0)
      throw new StashSenseError(
        'fetch-failed',
        message('referencePacks.channel.isEmpty', { address: known.address ?? '', file: PACK_INDEX }),
      );
    const offered = found ?? [];
    const packs = offered.map(({ pack, installedId }) => toKnown(pack, installedId));
    const told = new Set(known?.told);
    await changeKnown(context, {
      checkedAt: now(),
      problem: null,
      packs,
      // Of those that are not published any more nobody needs to know.
      told: packs.map(({ content }) => content).filter((content) => told.has(content)),
    });
    return offered;
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    await changeKnown(context, { checkedAt: now(), problem: saidOf(error) });
    throw error;
  }
}

/** Once a day, where a published pack is installed: nobody else's publisher is asked without being told to. */
export async function checkWhenDue(context: Parts & Pick<Context, 'log' | 'referencePacks'>): Promise<void> {
  const known = await readKnown(context);
  if (known === null || context.now() - known.checkedAt < CHECK_EVERY_MS) return;
  const installed = new Set((await context.referencePacks.describe()).map(({ id }) => id));
  if (!known.packs.some(({ id }) => installed.has(id))) return;
  try {
    await checkChannel(context);
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    context.log.warn(inEnglish(error.said));
  }
}

/** The user has been told of all that is known. */
export async function noteTold(context: At): Promise<void> {
  const known = await readKnown(context);
  if (known !== null) await changeKnown(context, { told: known.packs.map(({ content }) => content) });
}

/** The pack as it is known is to be fetched. @throws StashSenseError `not-found` */
export async function wantPack(context: At, id: string): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const pack = (await readKnown(context))?.packs.find((one) => one.id === id);
    if (pack === undefined)
      throw new StashSenseError('not-found', message('referencePacks.channel.noSuchPack', { id }));
    const others = (await readWanted(context)).filter((one) => one.id !== id);
    await store.state.set('reference-packs-to-fetch', [...others, { id, content: pack.content }]);
  });
}

export async function readWanted({ store }: Pick<Context, 'store'>): Promise<readonly WantedPack[]> {
  return (await store.state.get('reference-packs-to-fetch')) ?? [];
}

/** Of this content: another one may have been asked for meanwhile. */
export async function dropWanted(context: Pick<Context, 'store'>, wanted: WantedPack): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const left = (await readWanted(context)).filter(
      ({ id, content }) => id !== wanted.id || content !== wanted.content,
    );
    await store.state.set('reference-packs-to-fetch', left);
  });
}

async function changeKnown(context: At, change: Omit<Partial<KnownPacks>, 'address'>): Promise<void> {
  const { store } = context;
  const { address } = await addressOf(context);
  await store.transaction(async () => {
    const known = await store.state.get('reference-pack-channel');
    // What another publisher has is nothing of this one.
    const before = known?.address === address ? known : { ...NOTHING, address };
    await store.state.set('reference-pack-channel', { ...before, ...change });
    await store.state.delete('reference-pack-news');
  });
}
