/** A file with the last failure that could not be stored as a run: Stash does not show the error of a failed job. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { RunView } from '../../core/contract/runs.ts';
import { MessageOrText } from '../../core/messages/schema.ts';
import { makeFolder, replaceFile } from '../../plugin/system/files/own-files.ts';
import { LAST_ERROR as FILE } from '../../plugin/system/files/own-names.ts';
import { readSmallFile } from '../../plugin/system/files/regular-file.ts';

export const LastFailure = z.object({ at: z.number(), task: z.string(), message: MessageOrText });
export type LastFailure = z.infer<typeof LastFailure>;

/** A run that failed or was cut short within this time of the failure reports the same failure. */
const SAME_MS = 10_000;

/** Synchronous and atomic. Never throws: the caller is reporting another error already. */
export function saveFailure(folder: string, failure: LastFailure): void {
  try {
    makeFolder(folder, { mayBeLink: true });
    replaceFile(path.join(folder, FILE), JSON.stringify(failure));
  } catch {
    // The status reports a folder that cannot be written to.
  }
}

export function deleteFailureOf(folder: string, task: string): void {
  if (readFailure(folder)?.task === task) deleteFailure(folder);
}

export function deleteFailure(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true });
}

/** The newest failure in these folders, unless a run reports it or a later run of the task has started. */
export function unreportedFailure(folders: readonly string[], runs: readonly RunView[]): LastFailure | null {
  const [last] = folders
    .map(readFailure)
    .filter((failure) => failure !== null)
    .toSorted((a, b) => b.at - a.at);
  if (last === undefined) return null;
  const isReported = runs.some(
    (run) =>
      run.task === last.task &&
      (run.startedAt > last.at ||
        ((run.state === 'failed' || run.phase === 'lost') &&
          run.endedAt !== null &&
          Math.abs(run.endedAt - last.at) < SAME_MS)),
  );
  return isReported ? null : last;
}

function readFailure(folder: string): LastFailure | null {
  try {
    return LastFailure.parse(JSON.parse(readSmallFile(path.join(folder, FILE))));
  } catch {
    return null;
  }
}
