/** Our side of a Stash, with the double on the other side; both are gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Log } from '../../core/ports/log.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { openStash, type Stash } from '../../plugin/stash/client.ts';
import { startStashDouble, type StashDouble, type StashDoubleOptions } from '../double/stash-double.ts';

export const LOG: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
/** The beginning of one. */
export const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

type Options = Partial<StashDoubleOptions> & { as?: 'cookie' | 'key' | 'nobody' };

export async function openedStash(
  t: TestContext,
  options: Options = {},
): Promise<{ double: StashDouble; stash: Stash; folder: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-library-'));
  const double = await startStashDouble({ configDir: path.join(folder, 'config'), ...options });
  const stash = openStash({
    baseUrl: double.url,
    cookie: (options.as ?? 'cookie') === 'cookie' ? { name: 'session', value: double.createCookie() } : null,
    apiKey: options.as === 'key' ? double.credentials.apiKey : null,
    secrets: createSecrets(),
    log: LOG,
    retryDelaysMs: [1, 2, 5],
  });
  t.after(async () => {
    stash.close();
    await double.close();
    rmSync(folder, { recursive: true });
  });
  return { double, stash, folder };
}

export function addScenes({ library }: StashDouble, count: number): void {
  for (let i = 1; i <= count; i++) {
    const file = library.addFile({
      kind: 'video',
      path: `/media/${i}.mp4`,
      duration: i,
      width: 640,
      height: 360,
      size: 5e9,
    });
    library.addScene({ fileIds: [file.id] });
  }
}
