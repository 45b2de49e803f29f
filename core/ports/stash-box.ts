/** The public stash-boxes that the user's Stash has a key for. */
import type { Message } from '../messages/message.ts';
import type { BoxScenes } from './boxes/box-scenes.ts';
import type { StashIdValue } from '../changes/change.ts';

/** One picture of a performer. `url` is built from the endpoint, whatever host the server names. */
export type BoxImage = {
  readonly id: string;
  readonly url: string;
  /** Pixels of the original; 0 where the server does not know them, -1 for SVG. */
  readonly width: number;
  readonly height: number;
};

/** As published; `null` where nothing is. */
export type BoxPerformer = {
  readonly id: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly gender: string | null;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly deathDate: string | null;
  readonly ethnicity: string | null;
  readonly country: string | null;
  readonly eyeColor: string | null;
  readonly hairColor: string | null;
  readonly heightCm: number | null;
  readonly bandSize: number | null;
  readonly cupSize: string | null;
  readonly waistSize: number | null;
  readonly hipSize: number | null;
  readonly breastType: string | null;
  readonly careerStartYear: number | null;
  readonly careerEndYear: number | null;
  readonly tattoos: readonly BodyModification[];
  readonly piercings: readonly BodyModification[];
  readonly urls: readonly string[];
  /** In the server's order, which says nothing of which is best. */
  readonly images: readonly BoxImage[];
  readonly deleted: boolean;
  readonly mergedIntoId: string | null;
  /** The server's version does not say into whom somebody was merged, so that a deleted one may have been. */
  readonly hidesMerges?: true;
  readonly mergedIds: readonly string[];
  /** Milliseconds since 1970; 0: the server's version does not say. */
  readonly updatedAt: number;
  /** Of somebody of a table, who is of no stash-box: their ids at stash-boxes. Absent: `id` is that at the box. */
  readonly stashIds?: readonly StashIdValue[];
};
export type BodyModification = { readonly location: string; readonly description: string | null };

/** Somebody in a scene. `as`: the name that is shown in it; empty where it is none of its own. */
export type BoxAppearance = {
  /** Null: somebody whom the box did not answer as its schema says. */
  readonly performer: BoxPerformer | null;
  readonly as: string;
};

/** A stash-box of Stash's settings, without its key. */
export type StashBox = {
  /** Address of its GraphQL, as in Stash's settings; the `endpoint` of stash IDs. */
  readonly endpoint: string;
  readonly name: string;
  readonly hasKey: boolean;
  readonly maxRequestsPerMinute: number;
};

/** A stash-box as Stash's settings have it. `plugin/stash/` reads it, and it must not leave `plugin/stash-box/`. */
export type StashBoxSetting = {
  readonly endpoint: string;
  readonly name: string;
  /** Empty: there is none. */
  readonly apiKey: string;
  /** Null in versions of Stash without this setting; 0: its default. */
  readonly maxRequestsPerMinute: number | null;
};

/** Which performers are listed. */
export type BoxPerformerFilter = {
  /** In scenes of this studio. */
  readonly studioId?: string;
};

/** Where a walk through changed performers goes on: it can be stored. */
export type BoxWalk = {
  readonly page: number;
  /** How many performers the box had. */
  readonly count: number;
  readonly timesBack: number;
};

/** A change of the box that takes performers away. `sourceIds`: those who were merged into the target; empty for a deletion. */
export type BoxEdit = {
  readonly id: string;
  readonly operation: 'MERGE' | 'DESTROY';
  readonly targetId: string;
  readonly sourceIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly closedAt: number;
};

/**
What a server cannot be asked, as its schema shows: `list`, a list of its performers; `changes`, which of them it has changed last.
Whoever cannot be asked for the one cannot be asked for the other.
*/
export type BoxLack = 'list' | 'changes';

/**
All methods wait for the box's share of requests, retry what may pass, and throw StashSenseError `stash-box-unreachable`
(the box does not answer as one, or its breaker is open), `stash-box-refused` (the key or its roles), `stash-box-failed` (it
answered an error).
*/
export type StashBoxClient = BoxScenes & {
  readonly endpoint: string;
  /** How many performers are asked for at once; absent: as many as fit a request. */
  readonly asksAtOnce?: number;
  /** Empty for each known version of stash-box; a server that only behaves as one may lack some. */
  lacks(): Promise<ReadonlySet<BoxLack>>;
  /** Whether the key is taken. */
  me(): Promise<{ readonly name: string }>;
  /** Deleted and merged ones too. Null: it has no such performer, which a server in trouble never answers. */
  performer(id: string): Promise<BoxPerformer | null>;
  /** In few requests. Malformed ids are null; absent is whom the box has and cannot answer as its schema says. */
  performers(ids: readonly string[]): Promise<ReadonlyMap<string, BoxPerformer | null>>;
  /**
  `page` from 1, at most 100 on each, oldest first or last changed first. `count` is of all that fit the filter; `skipped`:
  how many of this page were no performers as the schema has them. A page without either is after the last.
  @throws StashSenseError also `bad-input`: the box lacks `list`
  */
  performersPage(
    page: number,
    order: 'created' | 'updated',
    filter?: BoxPerformerFilter,
  ): Promise<{
    readonly count: number;
    readonly performers: readonly BoxPerformer[];
    readonly skipped: number;
  }>;
  /**
  Whom the box has changed since, page by page, last changed first, with a margin of minutes; deleted and merged ones it does not
  list. The same one may come on several pages. `since`: milliseconds since 1970 by the box's clock, as `updatedAt`.
  `from`: null, then `next` of the page before; null: that was the last.
  @throws StashSenseError also `bad-input`: the box lacks `changes`
  */
  changedSince(
    since: number,
    from: BoxWalk | null,
  ): Promise<{ readonly performers: readonly BoxPerformer[]; readonly next: BoxWalk | null }>;
  /** Merges and deletions since, by the same clock and with the same margin, oldest first. Null: the box does not tell. */
  performerEdits(since: number): Promise<readonly BoxEdit[] | null>;
  /**
  Of each term the first that the box finds, by name, alias or the whole address of a page; its order says nothing. In few
  requests; a term that the box could not look for is absent.
  */
  search(terms: readonly string[]): Promise<ReadonlyMap<string, readonly BoxPerformer[]>>;
  /** The performers of these scenes, by the id of the scene; a scene the box does not have is absent. */
  castOf(sceneIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The same with all that is published of them. Null: the box has no such scene; absent: it could not answer. */
  appearancesIn(sceneIds: readonly string[]): Promise<ReadonlyMap<string, readonly BoxAppearance[] | null>>;
  /**
  Ids of the studios in whose scenes the box lists these performers, by the id of the performer. Absent: it could not answer, or has
  no such question. Costs the box a query of its database for each of them.
  */
  studiosOf(performerIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
  JPEG, PNG or WebP. `size`: longest side that is enough; the box may answer the original. Null: it has no such picture.
  @throws StashSenseError also `unreadable-media`: what it has is no picture, or a drawing (SVG)
  */
  picture(image: Pick<BoxImage, 'id'>, size: 300 | 600 | 1280 | 'full'): Promise<Uint8Array | null>;
};

export type StashBoxes = {
  /** In the order of Stash's settings. */
  list(): Promise<readonly StashBox[]>;
  /** Why the box is not asked at the moment: it is left alone after failures, or asks for a pause. Null: it can be asked. */
  trouble(endpoint: string): Promise<Message | null>;
  /**
  `isAwaited`: somebody waits for the answer, so that it fails within seconds rather than waits for a box that has trouble.
  @throws StashSenseError `not-found` when Stash's settings have no such endpoint, or no key for it
  */
  open(endpoint: string, options?: { readonly isAwaited?: boolean }): Promise<StashBoxClient>;
  close(): void;
};

/** Stash's own way to give a stash-box the fingerprints of scenes, with the key that Stash has. */
export type FingerprintSubmission = {
  /**
  Those of all files of the scene, to the scene that it is linked with there. It may be sent twice to no harm, and is not retried
  once it was sent.
  @throws StashSenseError `stash-unreachable`, `stash-refused`: Stash, or the stash-box, did not take them
  */
  submit(sceneId: string, endpoint: string): Promise<void>;
};
