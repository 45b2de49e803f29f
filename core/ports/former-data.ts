/** Data that are left in another folder because the setting "Data folder" was changed by hand. */
export type FormerFolder = {
  /** As the setting named it; empty: the default folder. */
  readonly setting: string;
  /** Absolute. */
  readonly folder: string;
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly usedAt: number;
};

export type FormerData = {
  /** Null: there are none, or the user has decided which folder to use. */
  find(): FormerFolder | null;
  /** What to store in Stash so that this folder counts as the one in use. @param setting as the setting names it */
  settled(setting: string): Record<string, string>;
  /** The same for the folder in use, where nobody has to decide; null: it is stored, or somebody has to. */
  toSettle(): Record<string, string> | null;
};
