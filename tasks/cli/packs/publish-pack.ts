/** `stash-sense publish-pack`: writes reference packs to a folder that any static host serves. */
import path from 'node:path';
import { hasCode, SaidError, StashSenseError } from '../../../core/errors.ts';
import { worded } from '../language.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { toPrintableLine } from '../../../core/printable.ts';
import {
  bytesOf,
  MAX_DELTAS,
  PACK_INDEX,
  type PackIndex,
  type PublishedPack,
} from '../../../core/reference-packs/pack-index.ts';
import { NO_OPT_OUTS, type OptOuts } from '../../../core/reference-packs/left-out/opt-outs.ts';
import type { PackAt } from '../../../plugin/reference-packs/install/take-in.ts';
import { packFolder, readManifest } from '../../../plugin/reference-packs/folders.ts';
import { KEPT_DELTAS, publishPacks } from '../../../plugin/reference-packs/publish/publish.ts';
import { version } from '../../compose/context.ts';
import type { Context } from '../../runs/task.ts';
import { parseOptions } from '../options.ts';
import { readPathOption } from '../paths.ts';

type Answer = { readonly code: number; readonly text: string };
type Options = { readonly out?: string | undefined; readonly 'keep-deltas'?: string | undefined };
type Asked = { readonly out: string; readonly keptDeltas: number };

/**
The packs that were built in the data folder of a Stash, or those of these ids.
@throws StashSenseError `bad-input`, `not-found`
*/
export async function publishPacksOf(
  { dataFolder, referencePacks }: Pick<Context, 'dataFolder' | 'referencePacks'>,
  ids: readonly string[],
  options: Options,
): Promise<Answer> {
  const asked = readAsked(options);
  const installed = await referencePacks.list();
  const chosen =
    ids.length === 0 ? installed.filter(({ isBuiltHere }) => isBuiltHere).map(({ id }) => id) : ids;
  if (chosen.length === 0)
    throw new StashSenseError('not-found', message('referencePacks.publish.noneBuilt'));
  const packs = chosen.map((id): PackAt => {
    const manifest = installed.find((pack) => pack.id === id)?.manifest ?? null;
    if (manifest !== null) return { folder: packFolder(dataFolder, id), manifest };
    const known = installed.map((pack) => pack.id).join(', ');
    throw new StashSenseError('not-found', message('referencePacks.publish.noSuchPack', { id, known }));
  });
  return await publish(packs, await referencePacks.optOuts(), asked);
}

/** Packs that lie in folders, without a Stash. @returns why it was not asked for rightly, instead of an answer */
export async function publishFolders(argv: readonly string[]): Promise<Answer | Message> {
  try {
    const { values, positionals } = parseOptions('publish-pack', argv, {
      out: { type: 'string' },
      'keep-deltas': { type: 'string' },
    });
    const asked = readAsked(values);
    if (positionals.length === 0) return message('cli.publishNeedsPacks');
    return await publish(positionals.map(packIn), NO_OPT_OUTS, asked);
  } catch (error) {
    if (!hasCode(error, 'bad-input')) throw error;
    return error.said;
  }
}

/** @throws StashSenseError `bad-input` */
function packIn(place: string): PackAt {
  const folder = path.resolve(place);
  const refuse = (problem: Message, cause?: unknown): StashSenseError =>
    new StashSenseError('bad-input', message('referencePacks.notInstalled', { place, problem }), { cause });
  try {
    const found = readManifest(folder);
    if (found === null) throw refuse(message('referencePacks.damage.noManifest'));
    return { folder, manifest: found.manifest };
  } catch (error) {
    throw error instanceof SaidError && !(error instanceof StashSenseError)
      ? refuse(error.said, error)
      : error;
  }
}

/** @throws StashSenseError `bad-input` */
function readAsked({ out, 'keep-deltas': given }: Options): Asked {
  if (out === undefined) throw new StashSenseError('bad-input', message('cli.publishNeedsOut'));
  const keptDeltas = given === undefined ? KEPT_DELTAS : Number(given);
  if (!Number.isInteger(keptDeltas) || keptDeltas < 0 || keptDeltas > MAX_DELTAS)
    throw new StashSenseError(
      'bad-input',
      message('cli.publishKeepDeltas', { most: MAX_DELTAS, given: given ?? '' }),
    );
  return { out: readPathOption('out', out), keptDeltas };
}

async function publish(
  packs: readonly PackAt[],
  optOuts: OptOuts,
  { out, keptDeltas }: Asked,
): Promise<Answer> {
  let index: PackIndex;
  try {
    index = await publishPacks({ out, packs, optOuts, version, keptDeltas });
  } catch (error) {
    if (!(error instanceof SaidError) || error instanceof StashSenseError) throw error;
    const name = packs.map(({ manifest }) => manifest.id).join(', ');
    throw new StashSenseError(
      'bad-input',
      message('referencePacks.publish.unfit', { name, problem: error.said }),
      { cause: error },
    );
  }
  const lines = [...index.packs.map(shown), message('cli.publishedTo', { folder: out, file: PACK_INDEX })];
  return { code: 0, text: lines.map((line) => toPrintableLine(worded(line))).join('\n') };
}

function shown({ manifest, files, deltas }: PublishedPack): Message {
  const { name, version: ofPack, people } = manifest;
  return message('cli.published', {
    name,
    version: ofPack,
    count: people,
    megabytes: Math.ceil(bytesOf(Object.values(files)) / 1e5) / 10,
    deltas: deltas.length,
  });
}
