import path from 'node:path';
import { z } from 'zod';
import { message, type Message } from '../../core/messages/message.ts';
import { Artifact } from '../../core/setup/acceleration.ts';
import { readSmallFile } from '../system/files/regular-file.ts';

/**
`runtime.json` beside the bundle, made by `npm run package -- --channel`: what this very version of the plugin may fetch and run.
A package made without a channel has none.
*/
const MANIFEST_FILE = 'runtime.json';

export const Manifest = z.object({
  format: z.literal(1),
  /** Where the channel is, unless the user or the place of installation says otherwise. */
  channelUrl: z.url({ protocol: /^https?$/ }).nullable(),
  artifacts: z.array(Artifact),
});
export type Manifest = z.infer<typeof Manifest>;

/** With a `problem` the plugin then works as one that may fetch nothing. `isKnown`: it was there and could be read. */
export async function readManifest(
  pluginDir: string,
): Promise<{ manifest: Manifest; problem: Message | null; isKnown: boolean }> {
  const nothing: Manifest = { format: 1, channelUrl: null, artifacts: [] };
  const file = path.join(pluginDir, MANIFEST_FILE);
  let text: string;
  try {
    text = readSmallFile(file, { links: 'follow' });
  } catch {
    return { manifest: nothing, problem: null, isKnown: false };
  }
  try {
    return { manifest: Manifest.parse(JSON.parse(text)), problem: null, isKnown: true };
  } catch {
    return {
      manifest: nothing,
      isKnown: false,
      problem: message('setup.manifestDamaged', { file }),
    };
  }
}
