/** Scenes of a stash-box. */
import type { BoxAppearance, BoxImage } from '../stash-box.ts';

export const FINGERPRINT_ALGORITHMS = ['OSHASH', 'PHASH', 'MD5'] as const;
export type FingerprintAlgorithm = (typeof FINGERPRINT_ALGORITHMS)[number];

/** `hash`: hexadecimal, in lower case with all its zeros. */
export type Fingerprint = { readonly algorithm: FingerprintAlgorithm; readonly hash: string };

/** A fingerprint that users gave a scene. */
export type BoxFingerprint = Fingerprint & {
  /** Of the file, as most of them gave it. */
  readonly seconds: number;
  /** How many gave it, and how many said that it is wrong. */
  readonly submissions: number;
  readonly reports: number;
};

/** As published; `null` where nothing is. */
export type BoxScene = {
  readonly id: string;
  /** Empty: it has none. */
  readonly title: string;
  readonly code: string | null;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string | null;
  readonly seconds: number | null;
  readonly studio: { readonly id: string; readonly name: string } | null;
  /** `as`: the name that is shown in it; empty where it is none of its own. */
  readonly cast: readonly { readonly id: string; readonly name: string; readonly as: string }[];
  /** The widest first. */
  readonly images: readonly BoxImage[];
  readonly fingerprints: readonly BoxFingerprint[];
};

export type BoxStudio = { readonly id: string; readonly name: string };
export type BoxTag = BoxStudio & { readonly description: string | null; readonly aliases: readonly string[] };

/** All that is published of a scene; `null` where nothing is. */
export type BoxSceneProfile = {
  readonly id: string;
  readonly deleted: boolean;
  readonly title: string | null;
  readonly code: string | null;
  /** With its line feeds. */
  readonly details: string | null;
  readonly director: string | null;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string | null;
  readonly urls: readonly string[];
  readonly studio: (BoxStudio & { readonly parent: BoxStudio | null }) | null;
  readonly tags: readonly BoxTag[];
  readonly cast: readonly BoxAppearance[];
  /** The widest first. */
  readonly images: readonly BoxImage[];
};

/** A scene by its id, as far as it tells whether the id is right. */
export type BoxSceneState = Pick<BoxScene, 'id' | 'title' | 'date'> & {
  readonly deleted: boolean;
  readonly studio: string | null;
  /** Of its widest picture. */
  readonly imageId: string | null;
};

/** Of whoever has more the older ones are left out. */
export const MOST_OF_PERFORMER = 300;
/** Texts that one request looks for: each is a search of its own, and answers whole scenes. */
export const TEXTS_AT_ONCE = 10;

export type BoxScenes = {
  /** Deleted and merged ones too. In few requests. Null: the box has no such scene; absent: it could not answer. */
  sceneStates(ids: readonly string[]): Promise<ReadonlyMap<string, BoxSceneState | null>>;
  /**
  The ids of the scenes into which these were merged, by the edits that were applied: a scene does not say it itself. In few requests.
  Null: into none; absent: the box could not answer, or does not tell of edits.
  */
  sceneMerges(ids: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** Deleted ones too. In few requests. Null: the box has no such scene; absent: it could not answer. */
  sceneProfiles(ids: readonly string[]): Promise<ReadonlyMap<string, BoxSceneProfile | null>>;
  /**
  The scenes of a performer, the newest first, at most `MOST_OF_PERFORMER` of them. Empty: it has none, or cannot be asked so;
  null: it could not answer.
  */
  scenesOf(performerId: string): Promise<readonly BoxScene[] | null>;
  /**
  Of each text the first scenes that the box finds by it, in few requests; its order says nothing. Empty: there is none, or it
  cannot be asked so; absent: it could not answer.
  */
  scenesByText(texts: readonly string[]): Promise<ReadonlyMap<string, readonly BoxScene[]>>;
  /**
  The scenes that have any of these fingerprints, of each list its own, in few requests. A hash that is none as the box takes
  them is not sent. Which of them was found is not said: see `fingerprints` of the scene; one of another algorithm may have been.
  Undefined: the box could not answer of this list.
  */
  scenesByFingerprints(
    lists: readonly (readonly Fingerprint[])[],
  ): Promise<readonly (readonly BoxScene[] | undefined)[]>;
};
