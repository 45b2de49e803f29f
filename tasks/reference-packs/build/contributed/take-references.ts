/** What files of others have of people is stored with the pack that is asked for. */
import path from 'node:path';
import { StashSenseError } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import type { ContributedLine } from '../../../../core/ports/boxes/contributed-people.ts';
import type { Dimensions } from '../../../../core/reference-packs/contributed/reference-file.ts';
import type { Context } from '../../../runs/task.ts';
import { readIsLeftOut } from '../library-ids.ts';

/** @throws StashSenseError `bad-input` */
export async function readContributed(
  context: Pick<Context, 'vision' | 'referencePacks' | 'exclusions'>,
  files: readonly string[],
): Promise<readonly ContributedLine[]> {
  const { vision, referencePacks } = context;
  const relative = files.find((file) => !path.isAbsolute(file));
  if (relative !== undefined)
    throw new StashSenseError('bad-input', message('contributed.notWhole', { file: relative }));
  const lines = await referencePacks.readReferences(files, {
    needed: vision.seenBy.packId,
    dimensions: await knownDimensions(vision),
  });
  const isOut = await readIsLeftOut(context);
  return lines.filter(({ stashIds }) => !isOut(stashIds));
}

/** Of the embedders of all face packs, in use or not. */
export async function knownDimensions(vision: Context['vision']): Promise<Dimensions> {
  const known: Record<string, number> = { [vision.seenBy.packId]: vision.seenBy.dimensions };
  for (const id of new Set([vision.packId, ...(await vision.packs()).map((pack) => pack.id)]))
    for (const { embedder, dimensions } of (await vision.addedBy(id))?.fusion.adds ?? [])
      known[embedder] = dimensions;
  return known;
}
