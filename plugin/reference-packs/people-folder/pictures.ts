/** Pictures that a table names: files below its folder, through no link. */
import { createHash } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SaidError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { BoxImage } from '../../../core/ports/stash-box.ts';

const MAX_PICTURE_BYTES = 50e6;

/** `file`: absolute. The id is another one when the file was changed, and tells nothing of its name. */
export type TablePicture = { readonly image: BoxImage; readonly file: string };

/**
@param root absolute, without links
@throws SaidError for what leads out of the folder, is a link, no file or too large, as a part of a sentence
*/
export async function findPicture(root: string, name: string): Promise<TablePicture> {
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
  if (!found.isFile() || (await realpath(file)) !== file) throw refuse();
  if (found.size > MAX_PICTURE_BYTES) throw refuse();
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 24);
  const id = `${hash}.${found.size}.${Math.floor(found.mtimeMs)}`;
  return { image: { id, url: '', width: 0, height: 0 }, file };
}

export { MAX_PICTURE_BYTES };
