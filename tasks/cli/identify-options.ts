import { availableParallelism } from 'node:os';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { catalog, type FacePack, packIds, packOf } from '../../models/catalog/catalog.ts';
import { packInUse } from '../compose/pack-in-use.ts';
import { say } from './language.ts';
import { parseOptions } from './options.ts';
import { cacheFolderOfUser } from './people/cache.ts';
import { readFileList, readPathOption, readProgramOption } from './paths.ts';

export type IdentifyOptions = {
  readonly files: readonly string[];
  readonly pack: FacePack;
  /** Folder with the files of models, looked in first, absolute; null: none is named. */
  readonly models: string | null;
  /** Absolute; null: only people of reference packs are known. */
  readonly people: string | null;
  /** Absolute: folders and zips. */
  readonly referencePacks: readonly string[];
  /** Absolute: where what is learnt of people is kept. */
  readonly cache: string;
  /** Absolute; null: the ffmpeg on PATH. */
  readonly ffmpeg: string | null;
  readonly json: boolean;
  readonly engine: 'native' | 'wasm' | null;
  readonly threads: number;
};

const LINE =
  'stash-sense identify FILE… [--files-from LIST] [--people DIR] [--reference-pack PATH] [--cache DIR] [--json] [--ffmpeg FILE] [--engine native|wasm] [--threads N] [--pack ID] [--models DIR]';

/** What `identify` takes, in the language of the environment. */
export function usage(): string {
  return [
    say('cli.usage.line', { line: LINE }),
    say('cli.help.peopleFolder'),
    say('cli.usage.packPath'),
    say('cli.usage.kept'),
    say('cli.usage.list'),
    say('cli.usage.pack', { known: packIds(catalog).join(', ') }),
    '',
  ].join('\n');
}

/** @throws StashSenseError `bad-input` */
export async function parseIdentifyOptions(argv: readonly string[]): Promise<IdentifyOptions | 'help'> {
  const { values, positionals } = parseOptions('identify', argv, {
    people: { type: 'string' },
    'reference-pack': { type: 'string', multiple: true },
    cache: { type: 'string' },
    'files-from': { type: 'string', multiple: true },
    ffmpeg: { type: 'string' },
    json: { type: 'boolean' },
    engine: { type: 'string' },
    threads: { type: 'string' },
    pack: { type: 'string' },
    models: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  const {
    people,
    'reference-pack': packs = [],
    cache,
    ffmpeg,
    engine,
    threads,
    pack = packInUse.id,
    models,
  } = values;
  if (values.help) return 'help';
  const files = [...positionals];
  for (const list of values['files-from'] ?? []) files.push(...(await readFileList(list)));
  if (files.length === 0) throw new StashSenseError('bad-input', message('cli.needsFiles'));
  if (people === undefined && packs.length === 0)
    throw new StashSenseError('bad-input', message('cli.needsPeople'));
  if (!packIds(catalog).includes(pack))
    throw new StashSenseError('bad-input', message('cli.pack', { pack, known: packIds(catalog).join(', ') }));
  if (engine !== undefined && engine !== 'native' && engine !== 'wasm')
    throw new StashSenseError('bad-input', message('cli.engine', { engine }));
  if (threads !== undefined && !/^[1-9]\d?$/.test(threads))
    throw new StashSenseError('bad-input', message('cli.threads', { threads }));
  return {
    files,
    pack: packOf(catalog, pack),
    models: models === undefined ? null : readPathOption('models', models),
    people: people === undefined ? null : readPathOption('people', people),
    referencePacks: packs.map((place) => readPathOption('reference-pack', place)),
    cache: cache === undefined ? cacheFolderOfUser() : readPathOption('cache', cache),
    ffmpeg: ffmpeg === undefined ? null : await readProgramOption('ffmpeg', ffmpeg),
    json: values.json === true,
    engine: engine ?? null,
    threads: Number(threads ?? Math.min(4, availableParallelism())),
  };
}
