/** The small values that the store keeps by key: what each holds, and with which data it is erased. */
import { z } from 'zod';
import { isContentId } from './content-id.ts';
import { Message, MessageOrText } from './messages/schema.ts';
import { BuildRequest, BuiltPack, PackEstimate } from './reference-packs/build.ts';
import { KnownPacks, PackNews, WantedPack } from './reference-packs/known-packs.ts';
import { HealthPosition, Looked } from './health/position.ts';
import type { ErasableData } from './ports/store.ts';
import { NextStart, PlanRules } from './schedule/plan.ts';
import { LinkRequest } from './stash-box/link-request.ts';
import { SceneLinkRequest } from './stash-box/scene-link-request.ts';
import { BoxTraffic } from './ports/boxes/traffic.ts';
import { StashRef } from './stash-ref.ts';

type Declaration = {
  /** `matching`: with faces, people or decisions, since it holds identifications. `none`: it contains nothing about a person. */
  readonly erasedWith: ErasableData | 'matching' | 'none';
  /** Older versions may have stored another shape: such a value counts as none. */
  readonly value: z.ZodType;
};

const Listing = z.object({
  /** The settings that say what is listed; a listing made with others does not count. */
  settled: z.string(),
  /** Nothing is left to list. */
  isWhole: z.boolean(),
  /** Up to the id `after` of this kind; the kinds before it are listed whole. */
  kind: z.string(),
  after: z.string(),
});

/** Every key of the state. A key that ends in a colon is a prefix; an id follows it. */
export const STATE_KEYS = {
  /** Live progress of an entity that is being observed. */
  'progress:': { erasedWith: 'faces', value: z.object({ fraction: z.number(), message: Message }) },
  /** Why the last attempt to observe this entity failed; the text may contain a file name. Times in Unix milliseconds. */
  'attempt-failed:': {
    erasedWith: 'faces',
    value: z.object({ at: z.number(), begunAt: z.number(), message: MessageOrText }),
  },
  /** The picture of somebody of a reference pack, as a stash-box published it; the id is a hash of which one in which size. */
  'box-picture:': { erasedWith: 'people', value: z.object({ url: z.string() }) },
  /** The cover of a scene that the write of a journal entry has replaced: Stash does not keep it. */
  'cover-before:': { erasedWith: 'journal', value: z.object({ base64: z.string() }) },
  /** SHA-256 of a picture that a stash-box has of a scene; the key ends in its id there. */
  'box-cover:': { erasedWith: 'none', value: z.object({ sha256: z.string() }) },
  /** The face that a journal entry was written for. */
  'face-of:': {
    erasedWith: 'journal',
    value: z.object({
      contentId: z.string().refine(isContentId),
      personKey: z.int(),
      performerId: z.string(),
      isNamed: z.literal(true).optional(),
    }),
  },
  /** The face whose person was nobody of interest until the name was written that this journal entry is about. */
  'hidden-before:': {
    erasedWith: 'decisions',
    value: z.object({
      entity: z.object({ kind: z.enum(['scene', 'image', 'gallery']), id: z.string() }),
      personKey: z.int(),
    }),
  },
  /** Rows of excluded content were deleted, and are still to be erased from the disk. */
  'scrub-due': { erasedWith: 'none', value: z.literal(true) },
  /** Per run: the exclusions whose data were erased at its beginning. */
  'excluded-erased:': { erasedWith: 'none', value: z.string() },
  /** How much of that a run or a question has erased, until who saved the exclusion was told. */
  'excluded-erased-lately': {
    erasedWith: 'none',
    value: z.record(z.enum(['entities', 'performers']), z.int()),
  },
  /** Ids of the journal entries whose undo was begun. */
  'undo-begun': { erasedWith: 'journal', value: z.array(z.string()) },
  /** Matcher version of the last complete rematch. */
  'all-matched-with': { erasedWith: 'matching', value: z.string() },
  /** Of the gallery with which all observations had been matched; its signatures are the table `matched_people`. */
  'people-all-was-matched-with': {
    erasedWith: 'matching',
    value: z.object({ matcherVersion: z.string() }),
  },
  /** Cursor of a rematch of all entities between two slices. `matcherVersion`: the version at the beginning of the pass. */
  'rematch-at': {
    erasedWith: 'matching',
    value: z.object({
      run: z.string(),
      matcherVersion: z.string(),
      after: z.object({ kind: z.enum(['scene', 'image', 'gallery']), id: z.string() }),
    }),
  },
  /** Per run: the number of observed items at its last rematch of all entities. */
  'matched-at:': { erasedWith: 'none', value: z.number() },
  /** Per run: the cursor of auto-accept in the suggestions. Those with ids from `before` on are done unless they have changed since. */
  'auto-accept:': {
    erasedWith: 'none',
    value: z.object({
      /** The settings that say what is accepted; a cursor made with others does not count. */
      settled: z.string(),
      /** Unix milliseconds. */
      beganAt: z.number(),
      changedSince: z.number(),
      before: z.string().nullable(),
    }),
  },
  /** The last sweep of the suggestions: the run that made it, up to which entity, when it ended (null: it goes on), how long it took. */
  sweep: {
    erasedWith: 'none',
    value: z.object({
      run: z.string(),
      after: StashRef.nullable(),
      doneAt: z.number().nullable(),
      tookMs: z.number(),
    }),
  },
  /** Unix milliseconds. */
  'rematch-started-at': { erasedWith: 'none', value: z.number() },
  /** Per run: all people were requested while the run only rematched. */
  'learns-too:': { erasedWith: 'none', value: z.boolean() },
  /** How far it was read who is on which scene (`tasks/observe/read-credits.ts`). */
  'credits-read': {
    erasedWith: 'faces',
    value: z.object({
      /** What is excluded; a reading with other exclusions does not count. */
      settled: z.string(),
      /** Up to the last reading that ended: the latest change (as Stash wrote it; empty: there are no scenes), the highest id, how many scenes there were. Null: everything is to be read. */
      done: z.object({ newest: z.string(), highest: z.number(), count: z.number() }).nullable(),
      /** Of one that goes on: when it began (Unix milliseconds), the id of the last scene, how many were read, how many of these are new, and as above. */
      at: z
        .object({
          began: z.number(),
          after: z.string(),
          seen: z.number(),
          added: z.number(),
          newest: z.string(),
          highest: z.number(),
        })
        .nullable(),
    }),
  },
  /** Per run: how far Stash was listed. */
  'entities-enqueued:': { erasedWith: 'none', value: Listing },
  'people-enqueued:': { erasedWith: 'none', value: Listing },
  'credits-enqueued:': { erasedWith: 'none', value: Listing },
  /** Per run: the token of the slice that was queued last. */
  'slice-token:': { erasedWith: 'none', value: z.string() },
  /** Per run: its task was started once more while it was at work. */
  'restart-requested:': { erasedWith: 'none', value: z.boolean() },
  /** Of *Scan library*, and by mode of every other task that a schedule starts. */
  schedule: { erasedWith: 'none', value: NextStart },
  'schedule-of:': { erasedWith: 'none', value: NextStart },
  /** What the page has set of the schedule. The expression of *Scan library* is a setting of Stash's. */
  'schedule-plan': { erasedWith: 'none', value: PlanRules },
  /** Stash has new scenes, which a scan is to look at as soon as nothing keeps it waiting. */
  'new-scenes': { erasedWith: 'none', value: z.literal(true) },
  /** When a scheduler in the foreground last asked what is due, and the page last said that a video plays, in Unix milliseconds. */
  'foreground-asked-at': { erasedWith: 'none', value: z.number() },
  'played-at': { erasedWith: 'none', value: z.number() },
  /** Work list → mean milliseconds of an item the last time. */
  'item-durations': { erasedWith: 'none', value: z.record(z.string(), z.number().positive()) },
  /** The folder that the data is moved to, so that a start without arguments goes on. */
  'move-to': { erasedWith: 'none', value: z.string() },
  /** In the new store: the old folder, which is still to be removed. */
  'move-left-behind': { erasedWith: 'none', value: z.object({ folder: z.string(), at: z.number() }) },
  /** Stored each time the models are opened, for processes that must not open them. */
  'last-vision': {
    erasedWith: 'none',
    value: z.object({ engine: z.string(), imageCodec: z.string(), vectorIndex: MessageOrText }),
  },
  /** By the endpoint of a stash-box: since when it has answered nothing about ids that could be its own, in Unix milliseconds. */
  'stash-box-silent-since:': { erasedWith: 'none', value: z.number() },
  /** A task was started here before. */
  'first-task': { erasedWith: 'none', value: z.boolean() },
  /** The reference packs that are to be built, the one that was asked for last first. */
  'reference-pack-builds': { erasedWith: 'people', value: z.array(BuildRequest) },
  /** By id of the pack, those that were built here. */
  'reference-packs-built': { erasedWith: 'people', value: z.record(z.string(), BuiltPack) },
  /** By id of the pack: the list of what it has of files of references; null: it has none. */
  'contributed-list:': { erasedWith: 'people', value: z.object({ list: z.string().nullable() }) },
  /** Whom *Link stash-box IDs* is to look up, and how far it is. */
  'stash-id-links': { erasedWith: 'people', value: z.array(LinkRequest) },
  /** By the id of an analyzer of *Check library health*: up to what it has looked. */
  'health-looked:': { erasedWith: 'matching', value: Looked },
  /** Up to which scene it has looked whether files are gone. */
  'health-files-at': { erasedWith: 'none', value: z.object({ after: z.string() }) },
  /** How far its run is. */
  'health-at': { erasedWith: 'matching', value: HealthPosition },
  /** The analyzers that are switched off. */
  'health-off': { erasedWith: 'none', value: z.array(z.string()) },
  /** Which scenes *Link scenes* is to look up, and how far it is. */
  'scene-links': { erasedWith: 'faces', value: z.array(SceneLinkRequest) },
  /** Endpoints of the stash-boxes that the user gives fingerprints of scenes back to. */
  'fingerprints-to': { erasedWith: 'none', value: z.array(z.string()) },
  /**
  By a hash of a scene of a stash-box and the files of one that was linked with it. `fingerprints`: how many were given and counted;
  null: nobody knows whether any were. `given`: hashes of those that were given or may have been; absent: an earlier version gave
  them. `lacksPhash`: Stash had no perceptual hash of one of its files.
  */
  'fingerprints-given:': {
    erasedWith: 'none',
    value: z.object({
      at: z.number(),
      fingerprints: z.int().nullable(),
      given: z.array(z.string()).optional(),
      lacksPhash: z.boolean().optional(),
    }),
  },
  /** By endpoint, the suggestions whose scenes it refused, the one refused longest ago first. */
  'fingerprints-refused:': { erasedWith: 'faces', value: z.array(z.string()) },
  /**
  How far the giving of a run is, between two slices: boxes that it is through with, and of others the place in the list, and the
  suggestions refused in earlier runs that it has still to try.
  */
  'fingerprints-at': {
    erasedWith: 'none',
    value: z.object({
      run: z.string(),
      done: z.array(z.string()),
      from: z.record(z.string(), z.int().min(0)),
      refused: z.record(z.string(), z.array(z.string())).optional(),
    }),
  },
  /** By endpoint, how many were given. */
  'fingerprints-counted:': {
    erasedWith: 'none',
    value: z.object({ scenes: z.int(), fingerprints: z.int() }),
  },
  /** By a name made of them, performers whom Stash's list of performers sent to our page, in its order. */
  'performer-list:': { erasedWith: 'people', value: z.object({ performerIds: z.array(z.string()) }) },
  /** Names of these lists, the newest first. */
  'performer-lists': { erasedWith: 'people', value: z.array(z.string()) },
  /** `builder` of the packs that are built here. */
  'reference-pack-builder': { erasedWith: 'none', value: z.string().regex(/^[0-9a-f]{16}$/) },
  /** Which reference packs are published. */
  'reference-pack-channel': { erasedWith: 'none', value: KnownPacks },
  /** Which installed ones are published in a newer version, as it was last found. */
  'reference-pack-news': { erasedWith: 'none', value: PackNews },
  /** Those of them that are to be fetched. */
  'reference-packs-to-fetch': { erasedWith: 'none', value: z.array(WantedPack) },
  /** Of a file of an installed pack, `<id>/<name>`: its size, times and inode when its checksum was right. */
  'pack-file-checked:': { erasedWith: 'none', value: z.string() },
  /** By id of the pack, what building it would take. */
  /** By id of the pack: why the last measurement failed. */
  'reference-packs-unmeasured': { erasedWith: 'none', value: z.record(z.string(), MessageOrText) },
  'reference-pack-estimates': { erasedWith: 'none', value: z.record(z.string(), PackEstimate) },
  /** The face pack that all processes begun from now on use, and the one that it is to be changed for; the same: none. */
  'face-pack': { erasedWith: 'none', value: z.object({ inUse: z.string(), wanted: z.string() }) },
  /** The checks of the last "Set up". */
  'last-set-up': {
    erasedWith: 'none',
    value: z.object({
      at: z.number(),
      checks: z.array(z.object({ id: z.string(), ok: z.boolean(), message: MessageOrText })),
    }),
  },
  /** The artifacts that the user agreed to fetch. A new version has another id and needs consent of its own. */
  'artifact-consent': {
    erasedWith: 'none',
    value: z.object({ at: z.number(), artifacts: z.array(z.string()) }),
  },
  /** By the endpoint of a stash-box, times in Unix milliseconds: how all processes together ask it. */
  'stash-box-traffic:': {
    erasedWith: 'none',
    value: BoxTraffic,
  },
} as const satisfies Record<string, Declaration>;

type Declared = keyof typeof STATE_KEYS;
type KeyOf<Key extends Declared> = Key extends `${string}:` ? `${Key}${string}` : Key;
/** The declared keys as a type: an undeclared key does not compile. */
export type StateKey = { [Key in Declared]: KeyOf<Key> }[Declared];
/** What is stored under this key, or under any key of this prefix. */
export type StateValue<Key extends StateKey> = {
  [Name in Declared]: Key extends KeyOf<Name> ? z.output<(typeof STATE_KEYS)[Name]['value']> : never;
}[Declared];

/** The schema of what is stored under this key. */
export function stateSchemaOf<Key extends StateKey>(key: Key): z.ZodType<StateValue<Key>> {
  const declared = key in STATE_KEYS ? key : key.slice(0, key.indexOf(':') + 1);
  // The compiler cannot follow a key to its prefix.
  return STATE_KEYS[declared as Declared].value as unknown as z.ZodType<StateValue<Key>>;
}

/** The declared keys that are erased with these data. */
export function stateKeysOf(what: ErasableData | 'matching'): Declared[] {
  return (Object.keys(STATE_KEYS) as Declared[]).filter((key) => STATE_KEYS[key].erasedWith === what);
}
