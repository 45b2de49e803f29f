import { rmSync } from 'node:fs';
import { hash } from 'node:crypto';
import path from 'node:path';
import { machineError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { PackChannel } from '../../../core/ports/reference-packs.ts';
import type { PublishedFile } from '../../../core/reference-packs/pack-index.ts';
import type { Store } from '../../../core/ports/store.ts';
import { findChannel, shownUrl } from '../../artifacts/channel.ts';
import { readManifest as readArtifacts } from '../../artifacts/manifest.ts';
import { makeFolderBelow, replaceFile } from '../../system/files/own-files.ts';
import { REFERENCE_PACKS } from '../../system/files/own-names.ts';
import { OPTED_OUT_CHANNEL } from '../../system/files/reference-pack-files.ts';
import { readSmallFileIfThere } from '../../system/files/regular-file.ts';
import { builderOf, idWhenInstalled } from '../builder.ts';
import { fetchPack, type FetchPackParts } from './fetch-pack.ts';
import { readIndex, textAt } from './read-index.ts';

/** A list of ids of 40 000 people; as much of it is read when packs are opened. */
const MAX_OPT_OUT_BYTES = 4e6;
/** The page waits for the answer. */
const SILENCE_MS = 15_000;

type Parts = Omit<FetchPackParts, 'base' | 'installedId' | 'onProgress' | 'signal'> & {
  readonly store: Pick<Store, 'state' | 'transaction'>;
  /** Address or folder of the packs; empty: where artifacts are fetched from. */
  readonly setting: string;
  readonly artifactsSetting: string;
  readonly pluginDir: string;
};

/** The address is looked up at each use. */
export function createPackChannel(parts: Parts): PackChannel {
  const { dataFolder, store, setting, artifactsSetting, pluginDir } = parts;

  async function find(): Promise<URL | null> {
    const { manifest } = await readArtifacts(pluginDir);
    const isOwn = setting.trim() !== '';
    const found = await findChannel({
      setting: isOwn ? setting : artifactsSetting,
      settingName: message(isOwn ? 'settings.label.packChannel' : 'settings.label.channel'),
      builtIn: manifest.channelUrl,
      pluginDir,
    });
    return found?.base ?? null;
  }

  return {
    async address() {
      const base = await find();
      return base && shownUrl(base);
    },

    async check() {
      const base = await find();
      const index = base && (await readIndex(base, { silenceMs: SILENCE_MS }));
      if (base === null || index === null) return null;
      keepOptOuts(dataFolder, index.optOuts && (await readOptOuts(base, index.optOuts)));
      const own = await builderOf(store);
      const packs = index.packs.map((pack) => ({ pack, installedId: idWhenInstalled(pack.manifest, own) }));
      // One pack is installed under an id.
      return [...new Map(packs.map((pack) => [pack.installedId, pack])).values()];
    },

    async fetch({ pack, installedId }, options) {
      const base = await find();
      if (base === null) throw new StashSenseError('bad-input', message('referencePacks.channel.none'));
      return await fetchPack({ ...parts, ...options, installedId, base }, pack);
    },
  };
}

/** @throws StashSenseError `machine-trouble` */
function keepOptOuts(dataFolder: string, text: string | null): void {
  try {
    const list = path.join(makeFolderBelow(dataFolder, REFERENCE_PACKS), OPTED_OUT_CHANNEL);
    if (text === null) rmSync(list, { force: true });
    // What has not changed keeps its time: packs are read anew after a change.
    else if (readSmallFileIfThere(list) !== text) replaceFile(list, text);
  } catch (error) {
    throw machineError(message('machine.writingTo', { folder: dataFolder }), error);
  }
}

/** @throws StashSenseError `fetch-failed` */
async function readOptOuts(base: URL, { bytes, sha256, parts }: PublishedFile): Promise<string> {
  const [part] = parts;
  if (part !== undefined && parts.length === 1 && bytes <= MAX_OPT_OUT_BYTES) {
    const text = await textAt(new URL(part.name, base), MAX_OPT_OUT_BYTES, { silenceMs: SILENCE_MS });
    if (text !== null && hash('sha256', text) === sha256) return text;
  }
  const address = shownUrl(base);
  throw new StashSenseError('fetch-failed', message('referencePacks.channel.optOutsDamaged', { address }));
}
