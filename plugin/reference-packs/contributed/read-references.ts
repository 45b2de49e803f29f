/** Files of references that others have exported: read line by line, each checked, and none used that is wrong in any. */
import { createHash } from 'node:crypto';
import { SaidError, StashSenseError } from '../../../core/errors.ts';
import { message, plain, type Message } from '../../../core/messages/message.ts';
import { messageOf } from '../../../core/message-of.ts';
import type { ContributedLine } from '../../../core/ports/boxes/contributed-people.ts';
import { compareText } from '../../../core/reference-packs/candidate-images.ts';
import { uniqueStashIds } from '../../../core/reference-packs/unique-stash-ids.ts';
import {
  MAX_LINE,
  parseHead,
  parsePerson,
  personLine,
  type Dimensions,
} from '../../../core/reference-packs/contributed/reference-file.ts';
import { openRegularFile } from '../../system/files/regular-file.ts';

/** Of all files together, which are held and stored in one piece; a person takes about 10 000. */
const MAX_BYTES = 128e6;
const MAX_PEOPLE = 200_000;
const CHUNK_BYTES = 1 << 20;

export type KnownEmbedders = {
  /** Which a file must have. */
  readonly needed: string;
  readonly dimensions: Dimensions;
};

/**
The same lines for the same files in any order.
@param files absolute; links are followed, since the user names them
@throws StashSenseError `bad-input`, which names the file, the line and the problem
*/
export async function readReferences(
  files: readonly string[],
  known: KnownEmbedders,
): Promise<ContributedLine[]> {
  const found = new Map<string, ContributedLine>();
  let bytes = 0;
  for (const file of files) {
    let line = 0;
    let own: Dimensions | null = null;
    try {
      for await (const text of linesOf(file, (read) => {
        bytes += read;
        if (bytes > MAX_BYTES)
          throw new SaidError(message('contributed.tooLarge', { megabytes: MAX_BYTES / 1e6 }));
      })) {
        line++;
        if (own === null) {
          own = parseHead(text);
          requireKnown(own, known);
          continue;
        }
        const person = toLine(text, own);
        found.set(person.hash, person);
        if (found.size > MAX_PEOPLE)
          throw new SaidError(message('contributed.tooMany', { most: MAX_PEOPLE }));
      }
      if (own === null) throw new SaidError(message('contributed.noHead'));
    } catch (error) {
      const problem: Message = error instanceof SaidError ? error.said : plain(messageOf(error));
      throw new StashSenseError(
        'bad-input',
        message('contributed.refused', { file, line: Math.max(1, line), problem }),
        {
          cause: error,
        },
      );
    }
  }
  return [...found.values()].toSorted((a, b) => compareText(a.hash, b.hash));
}

function toLine(text: string, dimensions: Dimensions): ContributedLine {
  const { stashIds: given, references } = parsePerson(text, dimensions);
  const stashIds = uniqueStashIds(given);
  const line = personLine({ stashIds, references });
  return { hash: createHash('sha256').update(line).digest('hex').slice(0, 32), stashIds, line };
}

/** @throws SaidError */
function requireKnown(own: Dimensions, { needed, dimensions }: KnownEmbedders): void {
  if (!Object.hasOwn(own, needed))
    throw new SaidError(
      message('contributed.otherEmbedders', { embedders: Object.keys(own).join(', ') || '-', needed }),
    );
  for (const [embedder, count] of Object.entries(own)) {
    const known = Object.hasOwn(dimensions, embedder) ? dimensions[embedder] : undefined;
    if (known === undefined) throw new SaidError(message('contributed.unknownEmbedder', { embedder }));
    if (known !== count)
      throw new SaidError(message('contributed.otherDimensions', { embedder, count, known }));
  }
}

/** Lines without their ends; an empty last one is none. @throws SaidError for one that is too long, or no UTF-8 */
async function* linesOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const { handle } = await openRegularFile(file);
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const toText = (bytes: Uint8Array): string => {
    try {
      return utf8.decode(bytes);
    } catch (error) {
      throw new SaidError(message('contributed.noText'), { cause: error });
    }
  };
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
      onRead(bytesRead);
      const all = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let from = 0;
      for (let end = all.indexOf(10); end >= 0; end = all.indexOf(10, from)) {
        yield toText(all.subarray(from, end));
        from = end + 1;
      }
      rest = all.subarray(from);
      if (rest.length > MAX_LINE) throw new SaidError(message('contributed.lineTooLong'));
      if (bytesRead > 0) continue;
      if (rest.length > 0) yield toText(rest);
      return;
    }
  } finally {
    await handle.close();
  }
}
