import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const COPY = /^\.(v\d+\.backup(\.part)?|damaged)$/;

/** Deletes backups of migrations and files moved aside as damaged, which contain the same faces; leaves all other files of the folder. */
export function deleteBackups(files: readonly string[]): void {
  for (const file of files)
    for (const name of readdirSync(path.dirname(file)))
      if (name.startsWith(path.basename(file)) && COPY.test(name.slice(path.basename(file).length)))
        rmSync(path.join(path.dirname(file), name), { force: true });
}
