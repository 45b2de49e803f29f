/** What the user has confirmed as vectors, to be given to a publisher. Nothing is sent. */
import { toMachineError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { compareText } from '../../../core/reference-packs/candidate-images.ts';
import {
  headLine,
  partsOf,
  personLine,
  type ContributedReference,
  type Dimensions,
} from '../../../core/reference-packs/contributed/reference-file.ts';
import { shareableIds } from '../../../core/reference-packs/contributed/shareable-ids.ts';
import { leftOutBy } from '../../../core/reference-packs/left-out/left-out.ts';
import { replaceFile } from '../../../plugin/system/files/own-files.ts';
import type { Context } from '../../runs/task.ts';

export type ExportParts = Pick<Context, 'store' | 'library' | 'exclusions' | 'vision' | 'referencePacks'>;
type Confirmed = {
  readonly lines: readonly string[];
  readonly counts: { confirmed: number; pictures: number };
  /** Performers with references and without an id of a public stash-box. */
  readonly withoutId: number;
};

const PAGE = 200;

/**
Writes profile pictures and confirmed faces that are in use, of each performer of a public stash-box. The same library gives the
same bytes; who is excluded or opted out is left out.
@param file absolute; nothing is written where there is nobody
@throws StashSenseError `machine-trouble`
*/
export async function exportConfirmed(
  context: ExportParts,
  file: string,
): Promise<{ readonly people: number; readonly said: readonly Message[] }> {
  const dimensions: Record<string, number> = {};
  const { lines, counts, withoutId } = await readConfirmed(context, dimensions);
  const people = lines.length;
  if (people > 0) write(file, [headLine(dimensions), ...lines]);
  const said =
    people === 0
      ? [message('export.nobody')]
      : [message('export.isDone', { people, ...counts, file }), message('export.what')];
  if (withoutId > 0) said.push(message('export.withoutId', { count: withoutId }));
  return { people, said };
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
async function readConfirmed(context: ExportParts, dimensions: Record<string, number>): Promise<Confirmed> {
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
