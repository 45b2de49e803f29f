/** `stash-sense export-references`: what the user has confirmed as vectors, to be given to a publisher. Nothing is sent. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StashSenseError, toMachineError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { message } from '../../../core/messages/message.ts';
import { toPrintableLine } from '../../../core/printable.ts';
import {
  headLine,
  isHead,
  partsOf,
  personLine,
  type ContributedReference,
  type Dimensions,
} from '../../../core/reference-packs/contributed/reference-file.ts';
import { shareableIds } from '../../../core/reference-packs/contributed/shareable-ids.ts';
import { compareText } from '../../../core/reference-packs/candidate-images.ts';
import { leftOutBy } from '../../../core/reference-packs/left-out/left-out.ts';
import { replaceFile } from '../../../plugin/system/files/own-files.ts';
import { isIrregular, readStart } from '../../../plugin/system/files/regular-file.ts';
import type { Context } from '../../runs/task.ts';
import { readPathOption } from '../paths.ts';

type Parts = Pick<Context, 'store' | 'library' | 'exclusions' | 'vision' | 'referencePacks'>;
type Exported = {
  readonly lines: readonly string[];
  readonly counts: { confirmed: number; pictures: number };
  /** Performers with references and without an id of a public stash-box. */
  readonly withoutId: number;
};

const PAGE = 200;
/** The first line of a file of references is shorter. */
const HEAD_BYTES = 4096;

/**
Writes profile pictures and confirmed faces that are in use, of each performer of a public stash-box. The same library gives the
same bytes; who is excluded or opted out is left out.
@throws StashSenseError `bad-input`, `machine-trouble`
*/
export async function exportReferences(
  context: Parts,
  given: string | undefined,
): Promise<{ code: number; text: string }> {
  if (given === undefined) throw new StashSenseError('bad-input', message('cli.exportNeedsOut'));
  const file = readPathOption('out', given);
  await requireWritable(file);
  const dimensions: Record<string, number> = {};
  const { lines, counts, withoutId } = await readConfirmed(context, dimensions);
  if (lines.length > 0) write(file, [headLine(dimensions), ...lines]);
  const said =
    lines.length === 0
      ? [message('cli.exportedNobody')]
      : [message('cli.exported', { people: lines.length, ...counts, file }), message('cli.exportedWhat')];
  if (withoutId > 0) said.push(message('cli.exportedWithoutId', { count: withoutId }));
  return {
    code: lines.length === 0 ? 1 : 0,
    text: said.map((one) => toPrintableLine(inEnglish(one))).join('\n'),
  };
}

/** @throws StashSenseError `bad-input` */
async function requireWritable(file: string): Promise<void> {
  const folder = await stat(path.dirname(file)).catch(() => null);
  if (folder?.isDirectory() !== true || isIrregular(file))
    throw new StashSenseError('bad-input', message('cli.exportNoFile', { file }));
  if (!(await isFreeOrReferences(file)))
    throw new StashSenseError('bad-input', message('cli.exportFileThere', { file }));
}

/** A file of references is replaced by a newer one; nothing else is. */
async function isFreeOrReferences(file: string): Promise<boolean> {
  if ((await stat(file).catch(() => null)) === null) return true;
  const [head = ''] = Buffer.from(readStart(file, HEAD_BYTES)).toString('utf8').split('\n');
  return isHead(head);
}

/** @throws StashSenseError `machine-trouble` */
function write(file: string, lines: readonly string[]): void {
  try {
    replaceFile(file, lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw toMachineError(message('machine.writingTo', { folder: file }), error);
  }
}

/** @param dimensions gets those of each embedder that there is a vector of */
async function readConfirmed(context: Parts, dimensions: Record<string, number>): Promise<Exported> {
  const { library, exclusions, referencePacks } = context;
  // `library` leaves out who is excluded; somebody else may have an id of theirs.
  const isOut = leftOutBy(await exclusions.current(), await referencePacks.optOuts());
  const lines: string[] = [];
  const counts = { confirmed: 0, pictures: 0 };
  let withoutId = 0;
  for (let after = '0'; ;) {
    const page = await library.performersAfter(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
    for (const { id, stashIds: all } of page) {
      if (isOut(all)) continue;
      const confirmed = await confirmedOf(context, id);
      if (confirmed.length === 0) continue;
      const stashIds = shareableIds(all);
      if (stashIds.length === 0) {
        withoutId++;
        continue;
      }
      lines.push(personLine({ stashIds, references: confirmed }));
      counts.pictures += confirmed.filter(({ isPicture }) => isPicture).length;
      counts.confirmed += confirmed.filter(({ isPicture }) => !isPicture).length;
      noteDimensions(confirmed, dimensions);
    }
  }
  return { lines: lines.toSorted(compareText), counts, withoutId };
}

/** In the order in which they are stored. */
async function confirmedOf(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  performerId: string,
): Promise<(ContributedReference & { readonly isPicture: boolean })[]> {
  const { packId } = vision.seenBy;
  const adds = (await vision.addedBy(vision.packId))?.fusion.adds ?? [];
  const known = await store.people.vectors(performerId, vision.packId);
  return known.flatMap(({ state, source, embedding, quality }) =>
    state === 'used' && source !== 'image' && embedding !== null
      ? [{ quality, isPicture: source === 'profile', embeddings: partsOf(embedding, { packId, adds }) }]
      : [],
  );
}

function noteDimensions(
  references: readonly ContributedReference[],
  dimensions: Record<string, Dimensions[string]>,
): void {
  for (const { embeddings } of references)
    for (const [embedder, vector] of Object.entries(embeddings)) dimensions[embedder] = vector.length;
}
