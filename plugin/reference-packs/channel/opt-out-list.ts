/** The list of who opted out at a publisher, kept beside those of others: whoever is in one of them is found in no pack. */
import { createHash } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import path from 'node:path';
import { machineError, SaidError, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import {
  createOptOutsReader,
  MAX_OPT_OUT_BYTES,
  TooManyOptOuts,
} from '../../../core/reference-packs/left-out/opt-outs.ts';
import type { PublishedFile } from '../../../core/reference-packs/pack-index.ts';
import { shownUrl } from '../../artifacts/channel.ts';
import { sha256OfFile } from '../../system/files/hash-file.ts';
import { makeFolderBelow, replaceFileBy } from '../../system/files/own-files.ts';
import { REFERENCE_PACKS } from '../../system/files/own-names.ts';
import { optOutListOf, optOutLists } from '../../system/files/reference-pack-files.ts';
import { readOwnText } from '../../system/files/regular-file.ts';
import { readAt } from './read-index.ts';

/** A longer list is waited for longer than a text of a few lines. */
const MIN_BYTES_PER_MS = 100;

/**
@param base where the packs are published: each address has a list of its own
@param published null: nobody opted out there
@throws StashSenseError `fetch-failed`, `machine-trouble`; the list that was kept stays
*/
export async function keepOptOuts(
  dataFolder: string,
  base: URL,
  published: PublishedFile | null,
  { silenceMs }: { readonly silenceMs: number },
): Promise<void> {
  try {
    const list = path.join(makeFolderBelow(dataFolder, REFERENCE_PACKS), optOutListOf(shownUrl(base)));
    if (published === null) rmSync(list, { force: true });
    // What has not changed keeps its time: packs are read anew after a change.
    else if (!(await holds(list, published)))
      await replaceFileBy(list, (write) => {
        const others = optOutLists(dataFolder).filter((it) => it !== list);
        return fetchList(base, published, { silenceMs, others }, write);
      });
  } catch (error) {
    if (error instanceof StashSenseError) throw error;
    const problem = error instanceof TooManyOptOuts || error instanceof BadList ? error.said : null;
    if (problem === null) throw machineError(message('machine.writingTo', { folder: dataFolder }), error);
    throw new StashSenseError(
      'fetch-failed',
      message('referencePacks.channel.optOutsDamaged', { address: shownUrl(base), problem }),
      { cause: error },
    );
  }
}

class BadList extends SaidError {
  override name = 'BadList' as const;
}

async function holds(list: string, { bytes, sha256 }: PublishedFile): Promise<boolean> {
  const found = lstatSync(list, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === bytes && (await sha256OfFile(list)) === sha256;
}

async function fetchList(
  base: URL,
  { bytes, sha256, parts }: PublishedFile,
  { silenceMs, others }: { readonly silenceMs: number; readonly others: readonly string[] },
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  if (bytes > MAX_OPT_OUT_BYTES)
    throw new BadList(message('file.tooLarge', { megabytes: MAX_OPT_OUT_BYTES / 1e6 }));
  const reader = createOptOutsReader();
  // All lists have to be readable together, or no pack is used any more.
  for (const other of others) {
    for await (const text of readOwnText(other, MAX_OPT_OUT_BYTES)) reader.add(text);
    reader.end();
  }
  const decoder = new TextDecoder();
  const checksum = createHash('sha256');
  for (const { name, bytes: expected } of parts) {
    const withinMs = 60_000 + Math.ceil(expected / MIN_BYTES_PER_MS);
    const isThere = await readAt(new URL(name, base), expected, { silenceMs, withinMs }, async (chunk) => {
      checksum.update(chunk);
      // So that a list that could not be read when packs are opened is never kept.
      reader.add(decoder.decode(chunk, { stream: true }));
      await write(chunk);
    });
    if (!isThere) throw new BadList(message('fetch.notThere'));
  }
  if (checksum.digest('hex') !== sha256) throw new BadList(message('referencePacks.channel.otherOptOuts'));
}
