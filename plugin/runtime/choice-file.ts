import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import { RuntimeChoice } from '../../core/runtime.ts';
import { diskTrouble } from '../channel/disk-trouble.ts';
import { readSmallFile } from '../system/regular-file.ts';

export type ChoiceFile = {
  /** Null: there is none that can be read. */
  read(): Promise<RuntimeChoice | null>;
  /** @throws StashSenseError `fetch-failed` when it cannot be kept */
  write(choice: RuntimeChoice): Promise<void>;
};

/** `runtime/choice.json`: whole or not there. */
export function createChoiceFile(dataFolder: string): ChoiceFile {
  const folder = path.join(dataFolder, 'runtime');
  const file = path.join(folder, 'choice.json');
  return {
    async read() {
      try {
        const parsed = RuntimeChoice.safeParse(JSON.parse(readSmallFile(file)));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },

    async write(choice) {
      const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(temporary, `${JSON.stringify(choice, null, 1)}\n`, { flush: true });
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw new StashSenseError(
          'fetch-failed',
          `What was found out about this machine could not be kept: ${diskTrouble(error, folder)}`,
          { cause: error },
        );
      }
    },
  };
}
