import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { PackChannel } from '../../../core/ports/reference-packs.ts';
import type { Store } from '../../../core/ports/store.ts';
import { findChannel, shownUrl } from '../../artifacts/channel.ts';
import { readManifest as readArtifacts } from '../../artifacts/manifest.ts';
import { builderOf, idWhenInstalled } from '../builder.ts';
import { fetchPack, type FetchPackParts } from './fetch-pack.ts';
import { keepOptOuts } from './opt-out-list.ts';
import { readIndex } from './read-index.ts';

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
      if (base !== null && index === null) requireFolder(base);
      if (base === null || index === null) return null;
      await keepOptOuts(dataFolder, base, index.optOuts, { silenceMs: SILENCE_MS });
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

/** @throws StashSenseError `fetch-failed` where a folder of this machine is not there: it is misspelt, or its disk is not mounted */
function requireFolder(base: URL): void {
  if (base.protocol !== 'file:' || isFolder(fileURLToPath(base))) return;
  throw new StashSenseError(
    'fetch-failed',
    message('referencePacks.channel.noFolder', { folder: shownUrl(base) }),
  );
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
