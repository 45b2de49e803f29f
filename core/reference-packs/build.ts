/** What is asked of the builder of reference packs, and how far it is. */
import { z } from 'zod';
import { StashSenseError } from '../errors.ts';
import { message, type Message } from '../messages/message.ts';
import { ReferencePackId } from './reference-pack.ts';

/**
Whom a pack holds. `mine`: the performers of the studios and scenes that the user's Stash has from the stash-box, and the
user's own performers that are linked to it. `box`: all. `without-picture`: performers of the user of whom no picture is
usable. `ids`: those named.
*/
export const PACK_SCOPES = ['mine', 'box', 'without-picture', 'ids'] as const;
export const PackScope = z.enum(PACK_SCOPES);
export type PackScope = z.infer<typeof PackScope>;

/** The steps of listing people, in their order; a scope has some of them, and an update begins with what was changed. At `queue` the list is whole. */
export const PackListing = z.object({
  step: z.enum([
    'changed',
    'edits',
    'performers',
    'scenes',
    'studios',
    'box',
    'ask',
    'queue',
    'enqueue',
    'listed',
  ]),
  /** Where the step goes on: an id, or the number of the studio. */
  after: z.string(),
  /** Of the stash-box, from 1. */
  page: z.int().positive(),
  /** Ids of the stash-box that were found, without those that an earlier listing has been through. */
  studios: z.array(z.string()),
  knownStudios: z.array(z.string()).default([]),
  /** Of the scenes of the user's Stash that were looked through. */
  lastScene: z.string().default('0'),
  /** By the stash-box's clock: what is changed later the next update has to look at. Null: not known yet. */
  newest: z.number().nullable().default(null),
  /** By the same clock, since when an update looks for changes, and where it is in them. */
  since: z.number().default(0),
  walk: z.object({ page: z.int(), count: z.int(), timesBack: z.int() }).nullable().default(null),
  /** Whether anybody has come, gone or changed. */
  isChanged: z.boolean().default(false),
});
export type PackListing = z.infer<typeof PackListing>;

export const BuildRequest = z.object({
  packId: ReferencePackId,
  endpoint: z.string(),
  scope: PackScope,
  /** `update`: of a pack that was built here. */
  what: z.enum(['build', 'estimate', 'update']),
  keepCrops: z.boolean(),
  /** Absolute folder with a table of people, in place of a stash-box; null: none. */
  folder: z.string().nullable().default(null),
  /** A scraper of Stash and the performers that it is asked for, in place of a stash-box; null: none. */
  scraped: z
    .object({ scraperId: z.string(), performerIds: z.array(z.string()) })
    .nullable()
    .default(null),
  /** Absolute folder that the pack is copied to besides; null: none. */
  out: z.string().nullable(),
  /** False: it was stopped, and goes on when it is asked for. */
  isWanted: z.boolean(),
  /** Unix milliseconds. */
  listedAt: z.number(),
  listing: PackListing,
});
export type BuildRequest = z.infer<typeof BuildRequest>;

/** What is kept of a pack that was built here, so that it can be kept current. */
export const BuiltPack = BuildRequest.pick({
  endpoint: true,
  folder: true,
  scope: true,
  keepCrops: true,
  out: true,
}).extend({
  /** As of `PackListing`. */
  newest: z.number(),
  lastScene: z.string(),
  studios: z.array(z.string()),
  /** What its people are joined by, as it was last written; empty: by nothing. */
  joins: z.string().default(''),
  /** Unix milliseconds: when it was last listed, when everybody was, and when an update was last begun. */
  readAt: z.number().default(0),
  fullAt: z.number(),
  triedAt: z.number(),
});
export type BuiltPack = z.infer<typeof BuiltPack>;

/** What building a pack would take, measured on a sample. */
export const PackEstimate = z.object({
  packId: ReferencePackId,
  endpoint: z.string(),
  scope: PackScope,
  /** Unix milliseconds. */
  at: z.number(),
  people: z.int().nonnegative(),
  pictures: z.int().nonnegative(),
  /** To be fetched. */
  bytes: z.number().nonnegative(),
  hours: z.number().nonnegative(),
  /** People whose pictures were looked at for it; 0: nothing could be measured. */
  sampled: z.int().nonnegative(),
});
export type PackEstimate = z.infer<typeof PackEstimate>;

const FIRST_STEP = { mine: 'performers', 'without-picture': 'performers', box: 'box', ids: 'ask' } as const;

export function newListing(scope: PackScope): PackListing {
  return {
    step: FIRST_STEP[scope],
    after: scope === 'mine' || scope === 'without-picture' ? '0' : '',
    page: 1,
    studios: [],
    knownStudios: [],
    lastScene: '0',
    newest: null,
    since: 0,
    walk: null,
    isChanged: false,
  };
}

/** Of whom the stash-box has changed, and who is new in the user's Stash. */
export function newUpdate({ scope, newest, lastScene, studios }: BuiltPack): PackListing {
  return { ...newListing(scope), step: 'changed', since: newest, lastScene, knownStudios: studios };
}

/** Where an update goes on after the changes of the stash-box. */
export function afterChanges(scope: PackScope, at: PackListing): PackListing {
  const { step, after } = newListing(scope);
  return scope === 'box' ? { ...at, step: 'ask', after: '' } : { ...at, step, after };
}

/** @throws StashSenseError `bad-input` */
export function readScope(text: string): PackScope {
  const scope = PackScope.safeParse(text);
  if (scope.success) return scope.data;
  throw new StashSenseError(
    'bad-input',
    message('referencePacks.build.noScope', { scope: text, scopes: PACK_SCOPES.join(', ') }),
  );
}

/** Why nobody is in a pack of this scope; null: nothing more can be said than that. @param box its name */
export function whyNobody(scope: PackScope, box: string): Message | null {
  if (scope === 'mine') return message('referencePacks.build.nobodyOfMine', { box });
  if (scope === 'without-picture') return message('referencePacks.build.nobodyWithout', { box });
  return null;
}

/** @param box name of the stash-box */
export function estimateText(
  { scope, people, pictures, bytes, hours, sampled }: PackEstimate,
  box: string,
): Message {
  const nobody = people === 0 ? whyNobody(scope, box) : null;
  if (nobody !== null) return nobody;
  if (sampled === 0) return message('referencePacks.build.estimateOfPeople', { people });
  return message('referencePacks.build.estimate', {
    people,
    pictures,
    size: sizeText(bytes),
    time: timeText(hours * 60),
    sampled,
  });
}

function sizeText(bytes: number): Message {
  const megabytes = Math.max(1, Math.round(bytes / 1e6));
  return megabytes < 1000
    ? message('referencePacks.build.megabytes', { size: megabytes })
    : message('referencePacks.build.gigabytes', { size: Math.round(bytes / 1e8) / 10 });
}

function timeText(exact: number): Message {
  const minutes = Math.max(1, Math.round(exact));
  return minutes < 90
    ? message('referencePacks.build.minutes', { minutes })
    : message('referencePacks.build.hours', { hours: Math.round(exact / 6) / 10 });
}
