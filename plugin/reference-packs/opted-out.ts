/** The lists of who opted out, and packs without them. */
import { createHash } from 'node:crypto';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { createPauses } from '../../core/pauses.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import {
  createOptOutsReader,
  isOptedOut,
  MAX_OPT_OUT_BYTES,
  optedOutAt,
  type OptOuts,
} from '../../core/reference-packs/left-out/opt-outs.ts';
import { withoutRows } from '../../core/reference-packs/without-rows.ts';
import { optOutLists } from '../system/files/reference-pack-files.ts';
import { readOwnText } from '../system/files/regular-file.ts';
import { stampOfOptOuts } from './folders.ts';

/** Comparisons of two embeddings that looking one id up, or reading one record, is worth. */
const COMPARISONS_PER_ID = 10;
/** The same of one line of a list. */
const COMPARISONS_PER_LINE = 4;

export async function withoutOptedOut(pack: OpenReferencePack, optOuts: OptOuts): Promise<OpenReferencePack> {
  const rows = new Set<number>();
  const pause = createPauses();
  const { size } = pack.vectors;
  // Of two long ways the shorter one: all who opted out are looked up in the pack, or all of the pack in the list.
  if (optOuts.everywhere.size + optOuts.atBoxes.size > size)
    for (let row = 0; row < size; row++) {
      if (isOptedOut(pack.person(row)?.stashIds ?? [], optOuts)) rows.add(row);
      await pause(COMPARISONS_PER_ID);
    }
  else
    for (const endpoint of pack.endpoints)
      for (const stashId of optedOutAt(endpoint, optOuts)) {
        for (const row of pack.rowsWith({ endpoint, stashId })) rows.add(row);
        await pause(COMPARISONS_PER_ID);
      }
  return withoutRows(pack, rows);
}

/** The union of the user's list and those of the publishers. `digest`: another one for other lists. */
export type ReadOptOuts = { readonly optOuts: OptOuts; readonly digest: string };

/** Reads the lists anew when one of them has changed. @throws StashSenseError `bad-input` where one is there and cannot be read */
export function createOptOutLists(dataFolder: string): () => Promise<ReadOptOuts> {
  let known: { readonly stamp: string; readonly read: Promise<ReadOptOuts> } | null = null;
  return async () => {
    const stamp = stampOfOptOuts(dataFolder);
    if (known?.stamp !== stamp) known = { stamp, read: readLists(dataFolder) };
    const { read } = known;
    try {
      return await read;
    } catch (error) {
      if (known?.read === read) known = null;
      throw error;
    }
  };
}

async function readLists(dataFolder: string): Promise<ReadOptOuts> {
  const reader = createOptOutsReader();
  const digest = createHash('sha256');
  const pause = createPauses();
  for (const file of optOutLists(dataFolder)) {
    digest.update('\0');
    try {
      for await (const text of readOwnText(file, MAX_OPT_OUT_BYTES)) {
        digest.update(text);
        await pause(COMPARISONS_PER_LINE * reader.add(text));
      }
      reader.end();
    } catch (error) {
      // It may have been replaced by none meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new StashSenseError(
        'bad-input',
        message('referencePacks.optOutsUnreadable', { file, problem: saidOf(error) }),
        { cause: error },
      );
    }
  }
  return { optOuts: reader.optOuts, digest: digest.digest('hex') };
}
