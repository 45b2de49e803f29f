/** Pictures that a table names: files below its folder, through no link. */
import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SaidError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { BoxImage } from '../../../core/ports/stash-box.ts';

export const MAX_PICTURE_BYTES = 50e6;

/** `file`: absolute. The id is another one when the file was changed, and tells nothing of its name. */
export type TablePicture = { readonly image: BoxImage; readonly file: string };

/** Asks the system once for each folder. */
export function createIsLinked(): (folder: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return async (folder) => {
    let answer = known.get(folder);
    if (answer === undefined) {
      answer = realpath(folder).then(
        (place) => place !== folder,
        () => true,
      );
      known.set(folder, answer);
    }
    return await answer;
  };
}

/**
@param root absolute, without links
@param isLinked says whether a link is on the way to a folder: as a rule many pictures are in one
@throws SaidError for what leads out of the folder, is a link, no file or too large, as a part of a sentence
*/
export async function findPicture(
  root: string,
  name: string,
  isLinked: (folder: string) => Promise<boolean>,
): Promise<TablePicture> {
  const parts = name.split('/');
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part),
  );
  if (!isPlain) throw new SaidError(message('peopleTable.pictureOutside', { picture: name }));
  const file = path.join(root, ...parts);
  const refuse = (cause?: unknown): SaidError =>
    new SaidError(message('peopleTable.pictureMissing', { picture: name }), { cause });
  const found = await lstat(file).catch((error: unknown) => {
    throw refuse(error);
  });
  // Also where a folder on the way is a link.
  if (!found.isFile() || (await isLinked(path.dirname(file)))) throw refuse();
  if (found.size > MAX_PICTURE_BYTES) throw refuse();
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 24);
  const id = `${hash}.${found.size}.${Math.floor(found.mtimeMs)}`;
  return { image: { id, url: '', width: 0, height: 0 }, file };
}
