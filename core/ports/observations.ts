import type { ContentId, Subject } from '../content-id.ts';
import type { ObservationWithCrops, Observation, PersonCrop } from '../faces/observation.ts';

export type Observations = {
  /** The one of this pack: there is one at most. */
  get(contentId: ContentId, packId: string): Promise<Observation | null>;
  /** The same for many at once; what has none is not in the answer. */
  getMany(contentIds: readonly ContentId[], packId: string): Promise<Map<ContentId, Observation>>;
  /** Replaces an older one of the same file and pack together with its crops, at once. */
  put(observation: ObservationWithCrops): Promise<void>;
  crops(contentId: ContentId, packId: string): Promise<PersonCrop[]>;
  /** Which files a subject had when it was last seen. */
  link(subject: Subject, title: string, contentIds: readonly ContentId[]): Promise<void>;
  contentOf(subject: Subject): Promise<ContentId[]>;
  /** The same for many at once, keyed `kind:id`; subjects never linked are not in the answer. */
  contentOfMany(subjects: readonly Subject[]): Promise<Map<string, ContentId[]>>;
  subjectsOf(contentId: ContentId): Promise<Subject[]>;
  /** Linked subjects with at least one observation of this pack, ascending by kind and id, for matching again. */
  subjectsAfter(
    packId: string,
    after: Subject | null,
    limit: number,
  ): Promise<{ subject: Subject; title: string }[]>;
  /** The mark of the recognizer (`currentMatcherVersion`) that a subject was last matched with; null: never. */
  matchedWith(subject: Subject): Promise<string | null>;
  setMatchedWith(subject: Subject, matcherVersion: string): Promise<void>;
  /** `cropBytes`: of the pictures themselves, not of the file they lie in. */
  size(): Promise<{ observations: number; persons: number; crops: number; cropBytes: number }>;
};
