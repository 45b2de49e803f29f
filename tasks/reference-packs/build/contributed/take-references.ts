/** What files of others have of people is stored with the pack that is asked for. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { StashSenseError } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import type { ContributedLine } from '../../../../core/ports/boxes/contributed-people.ts';
import type { Dimensions } from '../../../../core/reference-packs/contributed/reference-file.ts';
import type { Context } from '../../../runs/task.ts';
import { readIsLeftOut } from '../library-ids.ts';

/** A list that was begun longer ago, and that no pack has, was left by a process that was killed. */
const STAGED_MS = 3_600_000;

/**
Reads and stores what the files have, in slices: a store that is written to for seconds keeps others waiting. No pack has it before
`contributedPeople.use`.
@returns the name of the list; null: the files have nothing
@throws StashSenseError `bad-input`
*/
export async function stageContributed(
  context: Pick<Context, 'store' | 'now' | 'vision' | 'referencePacks' | 'exclusions'>,
  packId: string,
  files: readonly string[],
): Promise<string | null> {
  const lines = await readContributed(context, files);
  if (lines.length === 0) return null;
  const list = `${packId}@${context.now()}-${randomBytes(6).toString('hex')}`;
  await context.store.contributedPeople.add(list, lines);
  return list;
}

/** Deletes what packs had of files before, and what killed processes have left. @param replaced lists that packs had */
export async function sweepContributed(
  { store, now }: Pick<Context, 'store' | 'now'>,
  replaced: readonly (string | null)[],
): Promise<void> {
  await store.contributedPeople.sweep((list) => {
    if (replaced.includes(list)) return false;
    const [, at] = list.split('@');
    // One without a time is a pack's of an older version of the plugin.
    return at === undefined || now() - Number.parseInt(at, 10) < STAGED_MS;
  });
}

/** @throws StashSenseError `bad-input` */
async function readContributed(
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
