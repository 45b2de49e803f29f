/** What files of others have of people, for the reference packs that are built here. */
import type { StashIdValue } from '../../changes/change.ts';

/** A line of such a file, as `personLine` writes it. */
export type ContributedLine = {
  /** Of the line: the same line of two files is one. */
  readonly hash: string;
  readonly stashIds: readonly StashIdValue[];
  readonly line: string;
};

export type ContributedPeople = {
  /** These are what the pack has of files by now. */
  replace(packId: string, lines: readonly ContributedLine[]): Promise<void>;
  /** All of the pack without the lines, in order of their hashes. */
  of(packId: string): Promise<readonly Omit<ContributedLine, 'line'>[]>;
  lines(packId: string, hashes: readonly string[]): Promise<readonly string[]>;
  drop(packId: string, hashes: readonly string[]): Promise<void>;
};
