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
  /** Puts lines into a list that no pack has yet, in slices, between which others can write. */
  add(list: string, lines: readonly ContributedLine[]): Promise<void>;
  /** What is in this list is what the pack has of files by now; null: nothing. @returns the list that it had */
  use(packId: string, list: string | null): Promise<string | null>;
  /** Deletes, in slices, the lists that no pack has. @param isWanted whether another one stays, since somebody is about to use it */
  sweep(isWanted: (list: string) => boolean): Promise<void>;
  /** All of the pack without the lines, in order of their hashes. */
  of(packId: string): Promise<readonly Omit<ContributedLine, 'line'>[]>;
  lines(packId: string, hashes: readonly string[]): Promise<readonly string[]>;
  drop(packId: string, hashes: readonly string[]): Promise<void>;
};
