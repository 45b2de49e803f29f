/** The channel: the folder, on any static host or on a disk, from which artifacts are fetched. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { readSmallFile } from '../system/files/regular-file.ts';

export type ChannelLocation = {
  /** Ends in a slash: the manifest's addresses are relative to it. */
  readonly base: URL;
  readonly from: 'setting' | 'package' | 'index';
};

/**
The setting, else the address built into the package, else the folder of the package index from which Stash installed the
plugin. Null when there is none of these: the plugin was copied in by hand.
@throws StashSenseError `bad-input` when the setting is not an address
*/
export async function findChannel(places: {
  readonly setting: string;
  /** Of which setting it is, for the sentence. */
  readonly settingName?: Message;
  readonly builtIn: string | null;
  readonly pluginDir: string;
}): Promise<ChannelLocation | null> {
  if (places.setting.trim() !== '') {
    const parsed = parseSetting(places.setting.trim());
    if (parsed.url === null)
      throw new StashSenseError(
        'bad-input',
        message('fetch.badChannel', {
          setting: places.settingName ?? message('settings.label.channel'),
          problem: parsed.problem,
        }),
      );
    return { base: parsed.url, from: 'setting' };
  }
  if (places.builtIn !== null) return { base: toFolder(new URL(places.builtIn)), from: 'package' };
  const index = await installedFrom(places.pluginDir);
  return index === null ? null : { base: toFolder(index), from: 'index' };
}

/** The address for display and logs, without user, password and query: these may hold a secret. */
export function shownUrl(url: URL): string {
  return url.protocol === 'file:' ? decodeURIComponent(url.pathname) : `${url.origin}${url.pathname}`;
}

/** Why this value of the setting cannot be a channel, as the end of a sentence; null: it can. */
export function whyNoChannel(setting: string): Message | null {
  return parseSetting(setting.trim()).problem;
}

function parseSetting(text: string): { url: URL; problem: null } | { url: null; problem: Message } {
  const url = path.isAbsolute(text) ? toFileUrl(text) : asUrl(text);
  if (url !== null && (url.username !== '' || url.password !== ''))
    return { url: null, problem: message('fetch.channelHoldsPassword') };
  if (url !== null && ['http:', 'https:', 'file:'].includes(url.protocol))
    return { url: toFolder(url), problem: null };
  const address = withoutPassword(text).slice(0, 100);
  return { url: null, problem: message('fetch.channelNoAddress', { address }) };
}

function toFileUrl(folder: string): URL | null {
  return folder.includes('\0') ? null : pathToFileURL(path.join(folder, path.sep));
}

/** For an address that does not parse: everything up to an `@` may be a password. */
function withoutPassword(text: string): string {
  return text.replace(/[^/\s]*@/, '…@');
}

/** `…/index.yml` and `…/channel.json` mean the folder that holds them. */
function toFolder(url: URL): URL {
  const folder = new URL(url);
  folder.search = '';
  folder.hash = '';
  if (!folder.pathname.endsWith('/'))
    folder.pathname = /\.(json|ya?ml)$/i.test(folder.pathname)
      ? folder.pathname.replace(/[^/]*$/, '')
      : `${folder.pathname}/`;
  return folder;
}

/** Stash's installer writes a YAML file `manifest` beside the plugin; only its line `source_repository` is read. */
async function installedFrom(pluginDir: string): Promise<URL | null> {
  let manifest: string;
  try {
    manifest = readSmallFile(path.join(pluginDir, 'manifest'), { links: 'follow' });
  } catch {
    return null;
  }
  const value = /^source_repository:[ \t]*(.+?)[ \t]*\r?$/m.exec(manifest)?.[1] ?? '';
  const quoted = /^'(.*)'$|^"(.*)"$/.exec(value);
  const url = asUrl(quoted ? (quoted[1]?.replaceAll("''", "'") ?? quoted[2] ?? '') : value);
  return url !== null && ['http:', 'https:', 'file:'].includes(url.protocol) ? url : null;
}

function asUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
