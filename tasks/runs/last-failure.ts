/** How the last task ended that could not write it into the store: a failed job shows nothing in Stash. */
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

/** A run that failed says so itself. */
const SAME_MS = 10_000;

/** At once, whole or not at all, and never in the way of what is being said already. */
export function keepFailure(folder: string, failure: LastFailure): void {
  try {
    makeFolder(folder, { mayBeLink: true });
    replaceFile(path.join(folder, FILE), JSON.stringify(failure));
  } catch {
    // A folder that cannot be written is told by whoever asks for the status.
  }
}

export function forgetFailure(folder: string, task: string): void {
  if (readFailure(folder)?.task === task) dropFailure(folder);
}

export function dropFailure(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true });
}

/** The newest in these folders that the runs do not tell of, or have since done better. */
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
        (run.state === 'failed' && run.endedAt !== null && Math.abs(run.endedAt - last.at) < SAME_MS)),
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
