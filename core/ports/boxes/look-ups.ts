/** As what a performer of the user was last looked up at a stash-box. */
export type BoxLookUp = {
  readonly performerId: string;
  /** Of all that is compared: another one is looked up anew. */
  readonly revision: string;
  /** Unix milliseconds. */
  readonly at: number;
};

export type BoxLookUps = {
  /** Those of these performers, by their ids. */
  of(endpoint: string, performerIds: readonly string[]): Promise<ReadonlyMap<string, BoxLookUp>>;
  put(endpoint: string, lookUps: readonly BoxLookUp[]): Promise<void>;
  /** The stash-boxes at which somebody was looked up. */
  endpoints(): Promise<readonly string[]>;
  /** Everybody is looked up anew. */
  dropAll(endpoint: string): Promise<void>;
  /** The performer is looked up anew. */
  drop(endpoint: string, performerId: string): Promise<void>;
};

/** The same of scenes. */
export type SceneLookUps = {
  /** By the ids of the scenes. */
  of(
    endpoint: string,
    sceneIds: readonly string[],
  ): Promise<ReadonlyMap<string, Omit<BoxLookUp, 'performerId'>>>;
  put(
    endpoint: string,
    lookUps: readonly (Omit<BoxLookUp, 'performerId'> & { readonly sceneId: string })[],
  ): Promise<void>;
  endpoints(): Promise<readonly string[]>;
  dropAll(endpoint: string): Promise<void>;
  drop(endpoint: string, sceneId: string): Promise<void>;
};
