import path from 'node:path';
import { z } from 'zod';
import { message, type Message } from '../../core/messages/message.ts';
import { Artifact } from '../../core/setup/acceleration.ts';
import { readSmallFile } from '../system/files/regular-file.ts';

/**
`runtime.json` beside the bundle, written by `npm run package -- --channel`: the artifacts that exactly this version of the
plugin may fetch and run. A package built without a channel has no such file.
*/
const MANIFEST_FILE = 'runtime.json';

export const Manifest = z.object({
  format: z.literal(1),
  /** Address of the channel; the setting "Channel" overrides it. */
  channelUrl: z.url({ protocol: /^https?$/ }).nullable(),
  artifacts: z.array(Artifact),
});
export type Manifest = z.infer<typeof Manifest>;

/** A missing or damaged file gives an empty manifest: nothing can be fetched. `isKnown`: the file exists and is valid. */
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
