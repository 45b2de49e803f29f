/** As what somebody or something of the user was last looked up at a stash-box. */
export type LookUp = {
  /** Of all that is compared: another one is looked up anew. */
  readonly revision: string;
  /** Unix milliseconds. */
  readonly at: number;
};

/** @template Key how the id of what is looked up is called */
export type LookUps<Key extends string> = {
  /** Those of these, by their ids. */
  of(endpoint: string, ids: readonly string[]): Promise<ReadonlyMap<string, LookUp>>;
  put(endpoint: string, lookUps: readonly (LookUp & Readonly<Record<Key, string>>)[]): Promise<void>;
  /** The stash-boxes at which any was looked up. */
  endpoints(): Promise<readonly string[]>;
  /** All are looked up anew. */
  dropAll(endpoint: string): Promise<void>;
  /** This one is looked up anew. */
  drop(endpoint: string, id: string): Promise<void>;
};

/** Of performers. */
export type BoxLookUps = LookUps<'performerId'>;
export type SceneLookUps = LookUps<'sceneId'>;
