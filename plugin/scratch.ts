/** Files of a moment that show faces: with our own data and not in /tmp, so that erasing finds what a killed process left. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isLink } from './system/own-files.ts';

/** In the data folder; made and removed by who uses it. Nobody else's folder is called so. */
export const SCRATCH = 'stash-sense-scratch';
/** Nobody needs one for longer: a clip of Stash's is looked at in seconds. */
const ABANDONED_MS = 600_000;

export function sweepScratch(dataFolder: string, now: number): void {
  const folder = path.join(dataFolder, SCRATCH);
  if (isLink(folder)) return;
  try {
    for (const name of readdirSync(folder)) {
      const left = path.join(folder, name);
      if (statSync(left).mtimeMs < now - ABANDONED_MS) rmSync(left, { recursive: true, force: true });
    }
  } catch {
    // It is not there, or somebody else was quicker.
  }
}

export function dropScratch(dataFolder: string): void {
  rmSync(path.join(dataFolder, SCRATCH), { recursive: true, force: true });
}
