import path from 'node:path';
import { z } from 'zod';
import { Part } from '../../core/setup/acceleration.ts';
import { readSmallFile } from '../system/regular-file.ts';

/**
`runtime.json` beside the bundle, made by `npm run package -- --channel`: what this very version of the plugin may fetch and run.
A package made without a channel has none.
*/
export const BAKED_FILE = 'runtime.json';

export const Baked = z.object({
  format: z.literal(1),
  /** Where the channel is, unless the user or the place of installation says otherwise. */
  channelUrl: z.url({ protocol: /^https?$/ }).nullable(),
  parts: z.array(Part),
});
export type Baked = z.infer<typeof Baked>;

/** `problem`: one sentence; the plugin then works as one that may fetch nothing. `isKnown`: it was there and could be read. */
export async function readBaked(
  pluginDir: string,
): Promise<{ baked: Baked; problem: string | null; isKnown: boolean }> {
  const nothing: Baked = { format: 1, channelUrl: null, parts: [] };
  const file = path.join(pluginDir, BAKED_FILE);
  let text: string;
  try {
    text = readSmallFile(file, { links: 'follow' });
  } catch {
    return { baked: nothing, problem: null, isKnown: false };
  }
  try {
    return { baked: Baked.parse(JSON.parse(text)), problem: null, isKnown: true };
  } catch {
    return {
      baked: nothing,
      isKnown: false,
      problem: `${file} is damaged, so nothing more can be fetched: install the plugin again.`,
    };
  }
}
