import { z } from 'zod';
import { messageOf, StashSenseError } from '../../core/errors.ts';
import { Part } from '../../core/runtime.ts';
import { type ChannelLocation, shownUrl } from './location.ts';
import { readText, type SourceOptions } from './source.ts';

export const CHANNEL_FILE = 'channel.json';
export const CHANNEL_FORMAT = 1;

/** `channel.json`: what else there is beside the packages. */
export type Channel = {
  readonly base: URL;
  /** Of the plugin it was made with. */
  readonly version: string;
  readonly parts: readonly Part[];
  /** Entries that this version of the plugin cannot read. */
  readonly unknown: number;
};

const ChannelFile = z.object({
  format: z.literal(CHANNEL_FORMAT),
  version: z.string().max(100),
  parts: z.array(z.unknown()).max(5000),
});

const MAX_BYTES = 4 << 20;

/** @throws StashSenseError `fetch-failed` */
export async function readChannel(location: ChannelLocation, options: SourceOptions = {}): Promise<Channel> {
  const url = new URL(CHANNEL_FILE, location.base);
  let text: string;
  try {
    text = await readText(url, MAX_BYTES, options);
  } catch (error) {
    if (options.signal?.aborted) throw new StashSenseError('stopped', 'Reading the channel was stopped.');
    throw new StashSenseError(
      'fetch-failed',
      `The channel ${shownUrl(url)} could not be read: ${messageOf(error)}; ${MEND[location.from]} Everything works without it, only slower.`,
      { cause: error },
    );
  }
  return { base: location.base, ...parseChannel(text, shownUrl(url)) };
}

/** `where` is named in errors. @throws StashSenseError `fetch-failed` */
export function parseChannel(text: string, where: string): Omit<Channel, 'base'> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw unusable(where, 'it is no JSON', cause);
  }
  const file = ChannelFile.safeParse(raw);
  if (!file.success) {
    const [issue] = file.error.issues;
    const format = (raw as { format?: unknown } | null)?.format;
    throw unusable(
      where,
      typeof format === 'number' && format > CHANNEL_FORMAT
        ? `it has format ${format} and this plugin knows ${CHANNEL_FORMAT}: update the plugin`
        : `${issue?.path.join('.') || 'the whole'} is not as it must be (${issue?.message ?? ''})`,
      file.error,
    );
  }
  const parts: Part[] = [];
  const ids = new Set<string>();
  for (const entry of file.data.parts) {
    const part = Part.safeParse(entry);
    if (!part.success || ids.has(part.data.id)) continue;
    ids.add(part.data.id);
    parts.push(part.data);
  }
  return { version: file.data.version, parts, unknown: file.data.parts.length - parts.length };
}

function unusable(where: string, what: string, cause: unknown): StashSenseError {
  return new StashSenseError(
    'fetch-failed',
    `${where} is no channel of Stash Sense: ${what}. Everything works without it, only slower.`,
    { cause },
  );
}

const MEND: Record<'setting' | 'package' | 'index', string> = {
  setting: 'see the setting "Channel".',
  package: 'name another one in the setting "Channel" if it has moved.',
  index:
    'the place the plugin was installed from offers none, or is away; the setting "Channel" can name another.',
};
