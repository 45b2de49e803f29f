/** `stash-sense export-references`: what the user has confirmed as vectors, to be given to a publisher. Nothing is sent. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import { worded } from '../language.ts';
import { message } from '../../../core/messages/message.ts';
import { toPrintableLine } from '../../../core/printable.ts';
import { isHead } from '../../../core/reference-packs/contributed/reference-file.ts';
import { isIrregular, readStart } from '../../../plugin/system/files/regular-file.ts';
import { exportConfirmed, type ExportParts } from '../../reference-packs/export/export-confirmed.ts';
import { readPathOption } from '../paths.ts';

/** The first line of a file of references is shorter. */
const HEAD_BYTES = 4096;

/** @throws StashSenseError `bad-input`, `machine-trouble` */
export async function exportReferences(
  context: ExportParts,
  given: string | undefined,
): Promise<{ code: number; text: string }> {
  if (given === undefined) throw new StashSenseError('bad-input', message('cli.exportNeedsOut'));
  const file = readPathOption('out', given);
  await requireWritable(file);
  const { people, said } = await exportConfirmed(context, file);
  return {
    code: people === 0 ? 1 : 0,
    text: said.map((one) => toPrintableLine(worded(one))).join('\n'),
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
