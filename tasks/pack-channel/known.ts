/** Which reference packs are published, as of the last time that the publisher was asked, and which of them are to be fetched. */
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message } from '../../core/messages/message.ts';
import type { ChannelPack } from '../../core/ports/reference-packs.ts';
import { toKnown, type KnownPacks, type WantedPack } from '../../core/reference-packs/known-packs.ts';
import type { Context } from '../runs/task.ts';

const CHECK_EVERY_MS = 86_400_000;

const NOTHING: KnownPacks = { address: null, checkedAt: 0, problem: null, packs: [], told: [] };

type Parts = Pick<Context, 'store' | 'packChannel' | 'now'>;

/** Null: the publisher was never asked. */
export async function readKnown({ store }: Pick<Context, 'store'>): Promise<KnownPacks | null> {
  return await store.state.get('reference-pack-channel');
}

/**
Asks the publisher and keeps the answer. A failure is kept too; what was known before stays.
@throws StashSenseError `fetch-failed`, `bad-input`, `machine-trouble`
*/
export async function checkChannel(context: Parts): Promise<readonly ChannelPack[]> {
  const { packChannel, now } = context;
  try {
    const address = await packChannel.address();
    const offered = (await packChannel.check()) ?? [];
    const packs = offered.map(({ pack, installedId }) => toKnown(pack, installedId));
    const told = new Set((await readKnown(context))?.told);
    await changeKnown(context, {
      address,
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
export async function noteTold(context: Pick<Context, 'store'>): Promise<void> {
  const known = await readKnown(context);
  if (known !== null) await changeKnown(context, { told: known.packs.map(({ content }) => content) });
}

/** The pack as it is known is to be fetched. @throws StashSenseError `not-found` */
export async function wantPack(context: Pick<Context, 'store'>, id: string): Promise<void> {
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

async function changeKnown(context: Pick<Context, 'store'>, change: Partial<KnownPacks>): Promise<void> {
  const { store } = context;
  await store.transaction(async () => {
    const known = (await readKnown(context)) ?? NOTHING;
    await store.state.set('reference-pack-channel', { ...known, ...change });
  });
}
