import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { FacePack, ModelSpec } from './catalog.ts';

/** Reads the model files of the catalogue from the first folder that has the file with the right hash. */
export type Weights = {
  /** @throws StashSenseError `model-missing` when no folder has the file with the hash of the catalogue */
  read(spec: ModelSpec): Promise<Uint8Array>;
  /** One message for each missing file; compares only names and sizes, so that it is cheap. */
  problems(specs: readonly ModelSpec[]): Promise<Message[]>;
};

/** `path size mtime` of files whose hash was verified in this process. */
const verified = new Set<string>();

type PackToInstall = Pick<FacePack, 'package' | 'packageId'>;

/** `pack`: named in the sentence that says what to install. */
export function findWeights(folders: readonly string[], pack: PackToInstall): Weights {
  return {
    async read(spec) {
      let wrong: string | null = null;
      for (const folder of folders) {
        const file = path.join(folder, spec.file);
        const found = sizeOf(file);
        if (!found) continue;
        const verifiedKey = `${file} ${found.size} ${found.mtimeMs}`;
        if (
          found.size === spec.bytes &&
          (verified.has(verifiedKey) || (await sha256(file)) === spec.sha256)
        ) {
          verified.add(verifiedKey);
          return await readFile(file);
        }
        wrong ??= file;
      }
      throw new StashSenseError('model-missing', wrong ? wrongFile(pack, spec, wrong) : missing(pack, spec));
    },

    problems(specs) {
      const problems: Message[] = [];
      for (const spec of specs) {
        let state: 'missing' | 'wrong' | 'there' = 'missing';
        let wrong = '';
        for (const folder of folders) {
          const found = sizeOf(path.join(folder, spec.file));
          if (found?.size === spec.bytes) state = 'there';
          if (found && state !== 'there') [state, wrong] = ['wrong', path.join(folder, spec.file)];
          if (state === 'there') break;
        }
        if (state === 'missing') problems.push(missing(pack, spec));
        if (state === 'wrong') problems.push(wrongFile(pack, spec, wrong));
      }
      return Promise.resolve(problems);
    },
  };
}

function missing(pack: PackToInstall, { id, file, download }: ModelSpec): Message {
  if (download !== undefined) return message('model.notFetched', { model: id, file, address: download });
  return message('setup.weightsMissing', { name: pack.package, id: pack.packageId, file });
}

function wrongFile(pack: PackToInstall, { id: model, download }: ModelSpec, file: string): Message {
  if (download !== undefined) return message('model.wrongFile', { model, file, address: download });
  return message('setup.weightsWrong', {
    name: pack.package,
    id: pack.packageId,
    file,
    model,
  });
}

/** Synchronously: a first asynchronous call starts the threads of Node, for a process that lives as long as an answer takes. */
function sizeOf(file: string): { size: number; mtimeMs: number } | null {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.isFile() === true ? found : null;
  } catch {
    // Missing, or no permission to read the folder: the next folder can have the file.
    return null;
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
