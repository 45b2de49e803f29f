/**
The file by which the background scheduler is known: who it is, or why it ended. Whoever is named in it is the one: another that
finds itself not named ends. It holds no secret.
*/
import { rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Message } from '../../../core/messages/schema.ts';
import { makeFolder, replaceFile } from '../files/own-files.ts';
import { SCHEDULER_MARK } from '../files/own-names.ts';
import { readSmallFileIfThere } from '../files/regular-file.ts';
import { isOwnerAlive, isOwnerHere, pidHere } from '../process-owner.ts';

const Running = z.object({
  state: z.literal('running'),
  owner: z.string(),
  /** As in `owner`, for who looks at the file; it proves nothing. */
  pid: z.int().positive(),
  /** Unix milliseconds. */
  startedAt: z.number(),
  /** Of the plugin. */
  version: z.string(),
});
const Ended = z.object({
  state: z.literal('ended'),
  /** Unix milliseconds. */
  at: z.number(),
  why: Message,
  /** For how long it had run, milliseconds. Earlier versions did not note it. */
  ranMs: z.number().optional(),
});
const Mark = z.discriminatedUnion('state', [Running, Ended]);
export type RunningMark = z.infer<typeof Running>;
export type EndedMark = z.infer<typeof Ended>;
export type Mark = z.infer<typeof Mark>;

/** Where nobody can say whether the process is alive, it is dead after this long without a touch. */
const SILENT_MS = 15 * 60_000;
/** So often it is touched there. */
const TOUCH_MS = 5 * 60_000;

export function readMark(dataFolder: string): Mark | null {
  const text = readSmallFileIfThere(fileIn(dataFolder));
  if (text === null) return null;
  try {
    return Mark.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Half a file, or somebody else's: as none.
    return null;
  }
}

export function writeMark(dataFolder: string, mark: Mark): void {
  makeFolder(dataFolder, { mayBeLink: true });
  replaceFile(fileIn(dataFolder), JSON.stringify(mark));
}

export function removeMark(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}

/** A sign of life of the process, or a sign to it that something has changed: its time is what either looks at. */
export function touchMark(dataFolder: string, now: number): void {
  try {
    utimesSync(fileIn(dataFolder), now / 1000, now / 1000);
  } catch {
    // It was removed meanwhile.
  }
}

/** Unix milliseconds; null: there is no mark. */
export function markTouchedAt(dataFolder: string): number | null {
  return statSync(fileIn(dataFolder), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/**
Whether the process has to touch its mark: where no other can look up that it runs, also on Linux, such as after the host was
given another name.
@param touchedAt Unix milliseconds, as `now`
*/
export function needsTouch(owner: string, touchedAt: number | null, now: number): boolean {
  return Math.abs(now - (touchedAt ?? 0)) > TOUCH_MS && !isOwnerHere(owner);
}

/** Whether the process that is named in the mark runs. */
export function isSchedulerAlive(dataFolder: string, mark: RunningMark, now: number): boolean {
  if (!isOwnerAlive(mark.owner)) return false;
  if (isOwnerHere(mark.owner)) return true;
  const touchedAt = markTouchedAt(dataFolder);
  // One that lies ahead is of a clock that was set back.
  return touchedAt !== null && Math.abs(now - touchedAt) < SILENT_MS;
}

/** Ends the process where it is certainly the one that is named; elsewhere it ends by itself when it finds its mark gone. */
export function stopScheduler(dataFolder: string): void {
  const mark = readMark(dataFolder);
  removeMark(dataFolder);
  const pid = mark?.state === 'running' ? pidHere(mark.owner) : null;
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

function fileIn(dataFolder: string): string {
  return path.join(dataFolder, SCHEDULER_MARK);
}
