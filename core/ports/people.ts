import type { Embedding, FaceCrop } from '../faces/face.ts';
import type { People, ReferenceSource } from '../people/person.ts';
import type { StashPerformer } from './library.ts';
import type { IdRange } from './work-queue.ts';

export type ReferenceState =
  | 'used'
  | 'no-face'
  | 'several-faces'
  | 'drawing'
  | 'outlier'
  | 'unreadable'
  /** The write that confirmed it was undone, or its picture is gone. */
  | 'withdrawn';

export type StoredReference = {
  readonly id: string;
  readonly performerId: string;
  readonly source: Exclude<ReferenceSource, 'file'>;
  /** Where it came from: `profile`, `image:<id>`, or `<content id>#<person key>`. Unique with performer and pack. */
  readonly sourceKey: string;
  /** Changes when the picture may have changed (`t=` of its URL): only then is it fetched again. */
  readonly revision: string;
  /** md5 of the bytes: the same picture under another URL is not new. */
  readonly contentHash: string;
  readonly packId: string;
  readonly state: ReferenceState;
  readonly embedding: Embedding | null;
  readonly quality: number;
  readonly crop: FaceCrop | null;
};

export type PeopleStore = People & {
  putPerformer(performer: StashPerformer): Promise<void>;
  performer(performerId: string): Promise<StashPerformer | null>;
  /** Drops performers (with their references) that a complete listing of Stash (of the ids of `range`, else of all) does not name; how many. */
  dropMissing(presentIds: ReadonlySet<string>, range?: IdRange): Promise<number>;
  references(performerId: string, packId: string): Promise<StoredReference[]>;
  /** The same without their pictures, which lie in another file. */
  vectors(performerId: string, packId: string): Promise<Omit<StoredReference, 'crop'>[]>;
  reference(id: string): Promise<StoredReference | null>;
  /** Same performer, `sourceKey` and pack: replaced. Moves `version` only when what a search sees changed. @returns its id */
  putReference(reference: Omit<StoredReference, 'id'>): Promise<string>;
  setReferenceState(id: string, state: ReferenceState): Promise<void>;
  counts(
    packId: string,
  ): Promise<{ performers: number; withReference: number; references: Record<ReferenceState, number> }>;
};
