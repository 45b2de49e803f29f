/** What the builder of reference packs knows of the performers of stash-boxes, and of their pictures. */
import type { Embedding, FaceCrop } from '../../faces/face.ts';
import type { PictureState } from '../../reference-packs/picture-states.ts';
import type { Doubt, Joined, JoinedPerson } from '../../reference-packs/join-people.ts';
import type { JoinEvidence } from '../../reference-packs/reference-pack.ts';
import type { BoxImage, BoxPerformer } from '../stash-box.ts';

/** What is kept of what a stash-box says of a performer: what a pack holds of them, and their pictures. */
export type ListedBoxPerformer = Pick<
  BoxPerformer,
  'id' | 'name' | 'disambiguation' | 'aliases' | 'gender' | 'birthDate' | 'country' | 'stashIds'
> & {
  readonly images: readonly BoxImage[];
  /** Of the addresses those that can be a page at a stash-box. */
  readonly pages: readonly string[];
  readonly mergedIds: readonly string[];
};

export type StoredBoxPerformer = {
  /** Id of the work item. Never given to somebody else. */
  readonly number: string;
  readonly endpoint: string;
  readonly performer: ListedBoxPerformer;
  /** With which pictures and rules they were looked at; null: not yet. */
  readonly lookedAs: string | null;
};

/** The embeddings of one face by the id of the embedder; that of the face pack that sees faces stands under the id of the pack. */
export type EmbeddingsByEmbedder = Readonly<Record<string, Embedding>>;

export type KeptFace = {
  /** 0…1. */
  readonly quality: number;
  readonly embeddings: EmbeddingsByEmbedder;
  /** Null: crops are not kept. */
  readonly crop: FaceCrop | null;
};
/** `face`: null unless it is used. */
export type KeptPicture = {
  readonly imageId: string;
  readonly state: PictureState;
  readonly face: KeptFace | null;
};

/** How many pictures and people there are of each state. */
export type BoxPeopleCounts = {
  /** Members of the pack. */
  readonly people: number;
  /** Those with at least one used picture. */
  readonly usable: number;
  readonly pictures: Readonly<Partial<Record<PictureState, number>>>;
};

/** A member of a pack with what became of their pictures. */
export type LookedAtMember = StoredBoxPerformer & { readonly pictures: readonly KeptPicture[] };

/** Two performers of different stash-boxes who could be one person. */
export type DoubtfulPair = {
  readonly one: ListedBoxPerformer;
  readonly other: ListedBoxPerformer;
  readonly evidence: JoinEvidence;
  readonly why: Doubt;
};

export type BoxPeople = {
  /** Begins a list anew, with these ids to be asked for. What was learnt of pictures stays. */
  beginList(packId: string, ids: readonly string[]): Promise<void>;
  /** The list of the pack becomes this other one, which is empty afterwards. */
  replaceList(packId: string, by: string): Promise<void>;
  /** Ids to be asked for; those that the list has already are asked no second time. */
  want(packId: string, ids: readonly string[]): Promise<void>;
  /** Ids that are still to be asked for, in order. */
  wanted(packId: string, limit: number): Promise<string[]>;
  /** These are members of the pack. @returns how many of them were none, or are other than they were */
  putMembers(packId: string, endpoint: string, performers: readonly ListedBoxPerformer[]): Promise<number>;
  /** These were asked for and are no members. @returns how many of them were */
  putAbsent(packId: string, ids: readonly string[]): Promise<number>;
  /** Those of the ids that the list has, members or not. */
  listed(packId: string, ids: readonly string[]): Promise<string[]>;
  /** The whole list is to be asked for once more; until then all stay what they are. */
  askAgain(packId: string): Promise<void>;
  /** Erases what is kept of performers of this stash-box who are in no list. @returns how many they were */
  dropUnlisted(endpoint: string): Promise<number>;
  /** In order of their ids; those behind `afterId`. */
  members(packId: string, afterId: string, limit: number): Promise<StoredBoxPerformer[]>;
  get(number: string): Promise<StoredBoxPerformer | null>;
  /** Replaces what was known of the pictures. */
  putPictures(number: string, lookedAs: string, pictures: readonly KeptPicture[]): Promise<void>;
  /** Of all pictures, without the crops; where a crop is kept `crops` reads it. */
  pictures(number: string): Promise<KeptPicture[]>;
  /** With their pictures, in order of their ids. */
  lookedAt(packId: string, afterId: string, limit: number): Promise<LookedAtMember[]>;
  /** The crops that are kept of somebody, by the id of the picture. */
  crops(number: string): Promise<ReadonlyMap<string, FaceCrop>>;
  countMembers(packId: string): Promise<number>;
  /** Of the members of any pack. */
  endpoints(): Promise<readonly string[]>;
  /** The members of all packs with their pictures, each once, in order of their numbers; those behind `afterNumber`. */
  everybody(afterNumber: string, limit: number): Promise<LookedAtMember[]>;
  /** Numbers of the members of a pack. */
  memberNumbers(packId: string): Promise<readonly string[]>;
  /** Replaces what was known of who is one person: evidence that joins, and evidence that does not with the reason. */
  putJoins(joined: Pick<Joined, 'people' | 'doubtful'>): Promise<void>;
  /** Persons who are several performers, by the number of each. */
  joined(): Promise<ReadonlyMap<string, JoinedPerson>>;
  doubtful(limit: number, offset: number): Promise<{ total: number; items: DoubtfulPair[] }>;
  counts(packId: string): Promise<BoxPeopleCounts>;
  /** Members by name, or all; `state`: with a picture that ended so, or `none`: without a used one. */
  find(
    packId: string,
    filter: { readonly name: string; readonly without: boolean },
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: LookedAtMember[] }>;
};
