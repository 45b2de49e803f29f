import type { StashIdValue } from '../changes/change.ts';
import type { ContentId } from '../content-id.ts';
import type { Embedding, FaceCrop } from '../faces/face.ts';
import type { FaceCluster, PersonCrop } from '../faces/observation.ts';
import type { ReferenceSource } from '../people/person.ts';
import type { GallerySource } from './gallery.ts';
import type { StashPerformer } from './library.ts';
import type { IdRange } from './work-queue.ts';

export const REFERENCE_STATES = [
  'used',
  'no-face',
  'several-faces',
  'drawing',
  'outlier',
  'unreadable',
  /** A face that was confirmed beyond as many as are compared: it takes the place of a better one that is withdrawn. */
  'spare',
  /** The user said of the picture that it is not to be used. */
  'set-aside',
  /** The confirmation of the face no longer holds, or the picture is no longer one of the performer. */
  'withdrawn',
] as const;

export type ReferenceState = (typeof REFERENCE_STATES)[number];

export type StoredReference = {
  readonly id: string;
  readonly performerId: string;
  readonly source: Exclude<ReferenceSource, 'file' | 'reference-pack'>;
  /** Key of the picture source: `profile`, `image:<id>`, or `<content id>#<person key>`. Unique with performer and pack. */
  readonly sourceKey: string;
  /** Changes when the picture may have changed (`t=` of its URL): only then it is fetched anew. */
  readonly revision: string;
  /** MD5 of the bytes: detects the same picture under another URL. */
  readonly contentHash: string;
  readonly packId: string;
  readonly state: ReferenceState;
  readonly embedding: Embedding | null;
  readonly quality: number;
  readonly crop: FaceCrop | null;
};

/** Which picture a reference is, and whether it is used. */
export type ReferencePicture = Pick<
  StoredReference,
  'id' | 'performerId' | 'source' | 'sourceKey' | 'contentHash' | 'packId' | 'state'
>;

export type PerformerWithStashIds = {
  readonly performerId: string;
  readonly name: string;
  readonly stashIds: readonly StashIdValue[];
};

export type PeopleStore = GallerySource & {
  putPerformer(performer: StashPerformer): Promise<void>;
  performer(performerId: string): Promise<StashPerformer | null>;
  /** Deletes performers and their references that are absent from a complete listing of Stash (within `range`, without it of all ids). @returns their number */
  dropMissing(presentIds: ReadonlySet<string>, range?: IdRange): Promise<number>;
  /** Where the one performer was merged into the other, who has no reference yet: the references are those of the other from now on. */
  moveReferences(mergedId: string, intoId: string): Promise<void>;
  /** Performers with a stash ID, in the order of their ids. `name` as it is shown. */
  withStashIds(): Promise<readonly PerformerWithStashIds[]>;
  /** Grows whenever `withStashIds` has another answer. */
  stashIdsVersion(): Promise<number>;
  references(performerId: string, packId: string): Promise<StoredReference[]>;
  /** `references` without crops, which are in another file and slower to read. */
  vectors(performerId: string, packId: string): Promise<Omit<StoredReference, 'crop'>[]>;
  /** The references of all packs. */
  pictures(performerId: string): Promise<ReferencePicture[]>;
  reference(id: string): Promise<StoredReference | null>;
  /** Replaces a reference of the same performer, `sourceKey` and pack. Raises `version` only when search results can change. @returns its id */
  putReference(reference: Omit<StoredReference, 'id'>): Promise<string>;
  setReferenceState(id: string, state: ReferenceState): Promise<void>;
  /** Person id → signature (`SignedGallery`) of the people that all observations were matched with. */
  matchedSignatures(): Promise<ReadonlyMap<string, string>>;
  /** Replaces them; only differences are written. */
  saveMatchedSignatures(signatures: Iterable<readonly [personId: string, signature: string]>): Promise<void>;
  counts(
    packId: string,
  ): Promise<{ performers: number; withReference: number; references: Record<ReferenceState, number> }>;
};

/** Two performers who may be one person. */
export type LookAlike = {
  /** The one with the lower id first. */
  readonly performers: readonly [StashPerformer, StashPerformer];
  /** Of the centres of their references, -1…1. */
  readonly similarity: number;
};

export type PerformerPair = readonly [performerId: string, otherId: string];

/** Performers who look like one person. A performer that is dropped takes the pairs along. */
export type LookAlikes = {
  /** Person id → signature (`SignedGallery`) of those who were compared with everybody. */
  compared(): Promise<ReadonlyMap<string, string>>;
  /** Notes these people as compared, with their pairs in place of earlier ones. */
  save(
    compared: readonly (readonly [personId: string, signature: string, performerId: string | null])[],
    pairs: readonly { readonly pair: PerformerPair; readonly similarity: number }[],
  ): Promise<void>;
  /** For people who have no reference any more. */
  forget(personIds: readonly string[]): Promise<void>;
  /**
  Most alike first: those whom the user told apart, also before a merge or under another name, or the others.
  @returns `told`: how many pairs were told apart
  */
  list(
    which: 'told apart' | 'open',
    limit: number,
    offset: number,
  ): Promise<{ total: number; told: number; items: LookAlike[] }>;
  /** The user says that these are two people, for ever. */
  tellApart(performers: LookAlike['performers'], at: number): Promise<void>;
  /** Withdraws that. */
  untell(performers: LookAlike['performers']): Promise<void>;
};

/** A face by which a hidden person is known. */
export type HiddenFace = {
  readonly contentId: ContentId;
  /** As the file's observation had it when the person was hidden. */
  readonly person: FaceCluster;
};

export type HiddenPerson = {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly faces: readonly HiddenFace[];
};

/** People of whom the user said that they are nobody of interest. */
export type HiddenPeople = {
  /**
  Keeps a person by these faces, which outlive the observations they come from.
  @param packId the pack that saw the faces: never a fused one
  @returns the id
  */
  hide(
    faces: readonly (HiddenFace & { readonly crops: readonly PersonCrop[] })[],
    packId: string,
    at: number,
  ): Promise<string>;
  /** @returns whether there was one of this id */
  show(id: string): Promise<boolean>;
  /** All of them by the faces that this pack can compare, the newest first. */
  list(packId: string): Promise<HiddenPerson[]>;
  count(): Promise<number>;
  /** The best crop of each, the newest first; null: none is kept. */
  pictures(
    limit: number,
    offset: number,
  ): Promise<(Pick<HiddenPerson, 'id' | 'at'> & { readonly jpeg: Uint8Array | null })[]>;
};
