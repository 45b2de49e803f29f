/** Published packs, compared with those that are installed. */
import type { ChannelView, PublishedPackView } from '../../core/contract/reference-packs/channel.ts';
import { StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import {
  fetchingTakes,
  type Changes,
  type KnownPack,
  type KnownPacks,
  type PackNews,
} from '../../core/reference-packs/known-packs.ts';
import { contentOf } from '../../core/reference-packs/pack-index.ts';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import type { Context } from '../runs/task.ts';
import { addressOf, readKnown } from './known.ts';

type Parts = Pick<Context, 'store' | 'referencePacks' | 'vision' | 'packChannel' | 'log'>;

export async function viewChannel(context: Parts): Promise<ChannelView> {
  const known = await readKnown(context);
  const compared = await comparePacks(context, known);
  const { address, problem } = await addressOf(context);
  const told = new Set(known?.told);
  return {
    address,
    checkedAt: known?.checkedAt ?? null,
    problem: problem ?? known?.problem ?? null,
    packs: compared.map(({ view }) => view),
    untold: compared.flatMap(({ pack, view }) => (told.has(pack.content) ? [] : newsOf(view))),
  };
}

/**
Which installed packs are published in a newer version; null: none. Asks nobody, and compares only what is other than at the last
call, of any process: the page asks every few seconds.
*/
export async function packNews(context: Parts): Promise<Message | null> {
  const { store, referencePacks, vision } = context;
  const { address } = await addressOf(context);
  const of = JSON.stringify([address, vision.packId, await referencePacks.stamp()]);
  const kept = await store.state.get('reference-pack-news');
  if (kept?.of === of) return kept.news;
  const known = await readKnown(context);
  if (known === null) return null;
  const news = joined((await comparePacks(context, known)).flatMap(({ view }) => newsOf(view)));
  await keepNews(context, known, { of, news });
  return news;
}

/** Unless the publisher was asked meanwhile. What cannot be kept, as on a full disk, is compared once more. */
async function keepNews(
  { store, log }: Pick<Context, 'store' | 'log'>,
  { checkedAt }: KnownPacks,
  news: PackNews,
): Promise<void> {
  try {
    await store.transaction(async () => {
      const known = await store.state.get('reference-pack-channel');
      if (known?.checkedAt === checkedAt) await store.state.set('reference-pack-news', news);
    });
  } catch (error) {
    if (!(error instanceof StashSenseError)) throw error;
    log.debug(inEnglish(error.said));
  }
}

async function comparePacks(
  context: Pick<Context, 'referencePacks' | 'vision'>,
  known: KnownPacks | null,
): Promise<{ readonly pack: KnownPack; readonly view: PublishedPackView }[]> {
  if (known === null || known.packs.length === 0) return [];
  const described = await context.referencePacks.describe();
  const installed = new Map(described.map(({ id, manifest }) => [id, manifest]));
  return known.packs.map((pack) => ({
    pack,
    view: viewPack(pack, installed.get(pack.id) ?? null, context.vision.packId),
  }));
}

function viewPack(
  pack: KnownPack,
  installed: ReferencePackManifest | null,
  facePack: string,
): PublishedPackView {
  const { id, name, version, builtAt, people, licenseNote } = pack;
  const own = installed === null ? null : contentOf(installed);
  const { bytes, changes } = fetchingTakes(pack, own);
  const isOther = pack.facePack !== facePack;
  return {
    id,
    name,
    version,
    builtAt,
    people,
    licenseNote,
    state:
      installed === null
        ? 'new'
        : own === pack.content
          ? 'current'
          : installed.builtAt <= builtAt
            ? 'newer'
            : 'older',
    bytes,
    news: changes && toNews(changes),
    problem: isOther
      ? message('referencePacks.channel.otherFacePack', { name, pack: pack.facePack, inUse: facePack })
      : null,
  };
}

function toNews({ added, changed, removed }: Changes): Message {
  return message('referencePacks.channel.changes', { added, changed, removed });
}

function newsOf({ state, name, version, problem }: PublishedPackView): Message[] {
  if (state !== 'newer' || problem !== null) return [];
  return [message('referencePacks.channel.isNewer', { name, version })];
}
