/** The list of who opted out, and packs without them. */
import path from 'node:path';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import {
  allOptOuts,
  NO_OPT_OUTS,
  optedOutAt,
  parseOptOuts,
  type OptOuts,
} from '../../core/reference-packs/opt-outs.ts';
import { withoutRows } from '../../core/reference-packs/without-rows.ts';
import { OPT_OUT_LISTS } from '../system/files/reference-pack-files.ts';
import { readSmallFile } from '../system/files/regular-file.ts';
import { packsFolder } from './folders.ts';

export function withoutOptedOut(pack: OpenReferencePack, optOuts: OptOuts): OpenReferencePack {
  const rows = new Set<number>();
  for (const endpoint of pack.endpoints)
    for (const stashId of optedOutAt(endpoint, optOuts))
      for (const row of pack.rowsWith({ endpoint, stashId })) rows.add(row);
  return withoutRows(pack, rows);
}

/** Of the user's list and the one of the channel. @throws StashSenseError `bad-input` where one is there and cannot be read */
export function readOptOuts(dataFolder: string): OptOuts {
  return allOptOuts(OPT_OUT_LISTS.map((name) => readList(path.join(packsFolder(dataFolder), name))));
}

/** @throws StashSenseError `bad-input` */
function readList(file: string): OptOuts {
  try {
    return parseOptOuts(readSmallFile(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_OPT_OUTS;
    throw new StashSenseError(
      'bad-input',
      message('referencePacks.optOutsUnreadable', { file, problem: saidOf(error) }),
      { cause: error },
    );
  }
}
