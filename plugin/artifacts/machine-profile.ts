import { createHash } from 'node:crypto';
import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { MachineProfile } from '../../core/setup/acceleration.ts';
import { diskProblem } from '../system/disk-error.ts';
import { readSmallFile } from '../system/files/regular-file.ts';
import { openInventory } from '../system/files/inventory.ts';
import { makeFolder, replaceFile } from '../system/files/own-files.ts';

export type MachineProfileFile = {
  /** Null when the file is missing or damaged. */
  read(): Promise<MachineProfile | null>;
  /** @throws StashSenseError `fetch-failed` when it cannot be written */
  write(profile: MachineProfile): Promise<void>;
};

/** `runtime/choice.json`, replaced atomically. */
export function createMachineProfileFile(dataFolder: string): MachineProfileFile {
  const folder = path.join(dataFolder, 'runtime');
  const file = path.join(folder, 'choice.json');
  return {
    async read() {
      try {
        const parsed = MachineProfile.safeParse(JSON.parse(readSmallFile(file)));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },

    async write(profile) {
      const text = `${JSON.stringify(profile, null, 1)}\n`;
      try {
        makeFolder(folder);
        openInventory(dataFolder).made(file, createHash('sha256').update(text).digest('hex'));
        replaceFile(file, text);
      } catch (error) {
        throw new StashSenseError(
          'fetch-failed',
          message('fetch.profileNotKept', { problem: diskProblem(error, folder) }),
          { cause: error },
        );
      }
    },
  };
}
