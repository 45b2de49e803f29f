/** A folder with a table of people and their pictures, asked as a stash-box is. */
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SaidError, StashSenseError } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { messageOf } from '../../../core/message-of.ts';
import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { PEOPLE_ONLY } from '../../../core/reference-packs/contributed/people-only.ts';
import { PLAIN_PERSON } from '../../../core/reference-packs/contributed/plain-person.ts';
import { compareText } from '../../../core/reference-packs/candidate-images.ts';
import { NotRegularFile, readRegularFile } from '../../system/files/regular-file.ts';
import { createIsLinked, findPicture, MAX_PICTURE_BYTES } from './pictures.ts';
import { csvRows, jsonLines, publishedRows, toRow, type PersonRow } from './rows.ts';

const MAX_TABLE_BYTES = 128e6;
const MAX_ROWS = 200_000;
const PER_PAGE = 100;
/** In the order in which they are looked for. */
const TABLES = [
  ['people.jsonl', jsonLines],
  ['people.csv', csvRows],
  ['performers.json', publishedRows],
] as const;

/**
@param folder absolute; may itself be a link, since the user names it
@param say called with a sentence for each row and picture that is left out
@throws StashSenseError `bad-input` where there is no table, or more than can be
*/
export async function openPeopleFolder(
  folder: string,
  endpoint: string,
  say: (problem: Message) => void,
): Promise<StashBoxClient> {
  const refuse = (problem: Message, cause?: unknown): StashSenseError =>
    new StashSenseError('bad-input', message('peopleTable.refused', { folder, problem }), { cause });
  const { root, names } = await entriesOf(folder).catch((error: unknown) => {
    throw refuse(message('peopleTable.noTable'), error);
  });
  const table = TABLES.find(([name]) => names.includes(name));
  if (table === undefined) throw refuse(message('peopleTable.noTable'));
  const [file, rowsIn] = table;
  const foreign = names.filter((name) => name.endsWith('.voy'));
  if (foreign.length > 0)
    say(message('peopleTable.foreignVectors', { files: foreign.toSorted().join(', ') }));

  const text = await readRegularFile(path.join(root, file), MAX_TABLE_BYTES).catch((error: unknown) => {
    throw refuse(message('peopleTable.unreadable', { file, reason: messageOf(error) }), error);
  });
  const rows = readRows(rowsIn(text.toString('utf8').replace(/^\uFEFF/, '')), file, say);
  if (rows === null) throw refuse(message('peopleTable.tooMany', { most: MAX_ROWS }));

  const files = new Map<string, string>();
  const people = new Map<string, BoxPerformer>();
  const isLinked = createIsLinked();
  for (const { pictures, ...person } of rows) {
    const images = [];
    for (const name of pictures)
      try {
        const picture = await findPicture(root, name, isLinked);
        files.set(picture.image.id, picture.file);
        images.push(picture.image);
      } catch (error) {
        if (!(error instanceof SaidError)) throw error;
        say(message('peopleTable.pictureLeftOut', { name: person.name, problem: error.said }));
      }
    people.set(person.id, { ...PLAIN_PERSON, ...person, images });
  }
  return clientOf(endpoint, people, async (id) => {
    const place = files.get(id);
    if (place === undefined) return null;
    // It may have been replaced by a link or a pipe since.
    if ((await realpath(place)) !== place) return null;
    return new Uint8Array(await readRegularFile(place, MAX_PICTURE_BYTES));
  });
}

/** In order of their ids. Null: there are too many. */
function readRows(
  values: Iterable<unknown>,
  file: string,
  say: (problem: Message) => void,
): PersonRow[] | null {
  const byId = new Map<string, PersonRow[]>();
  let line = 0;
  for (const value of values) {
    if (++line > MAX_ROWS) return null;
    try {
      const row = toRow(value);
      const same = byId.get(row.id);
      // Into the list that is there: many rows of one id would be copied for each.
      if (same === undefined) byId.set(row.id, [row]);
      else same.push(row);
    } catch (error) {
      if (!(error instanceof SaidError)) throw error;
      say(message('peopleTable.rowLeftOut', { file, row: line, problem: error.said }));
    }
  }
  const once: PersonRow[] = [];
  for (const [, [row, ...others]] of byId) {
    if (others.length === 0) once.push(row!);
    else say(message('peopleTable.sameId', { file, id: row!.id, count: others.length + 1 }));
  }
  return once.toSorted((a, b) => compareText(a.id, b.id));
}

function clientOf(
  endpoint: string,
  people: ReadonlyMap<string, BoxPerformer>,
  read: (imageId: string) => Promise<Uint8Array | null>,
): StashBoxClient {
  const all = [...people.values()];
  return {
    ...PEOPLE_ONLY,
    endpoint,
    lacks: () => Promise.resolve(new Set()),
    performer: (id) => Promise.resolve(people.get(id) ?? null),
    performers: (ids) => Promise.resolve(new Map(ids.map((id) => [id, people.get(id) ?? null]))),
    performersPage: (page) =>
      Promise.resolve({
        count: all.length,
        performers: all.slice((page - 1) * PER_PAGE, page * PER_PAGE),
        skipped: 0,
      }),
    // A table does not tell when somebody was changed.
    changedSince: () => Promise.resolve({ performers: all, next: null }),
    async picture({ id }) {
      try {
        return await read(id);
      } catch (error) {
        const isGone = error instanceof NotRegularFile || (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (isGone) return null;
        throw error;
      }
    },
  };
}

async function entriesOf(folder: string): Promise<{ root: string; names: string[] }> {
  const root = await realpath(folder);
  return { root, names: await readdir(root) };
}
