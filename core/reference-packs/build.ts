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

/** The steps of listing people, in their order; a scope has some of them. At `queue` the list is whole. `studios`: ids of the stash-box that were found. */
export const PackListing = z.object({
  step: z.enum(['performers', 'scenes', 'studios', 'box', 'ask', 'queue', 'enqueue', 'listed']),
  /** Where the step goes on: an id, or the number of the studio. */
  after: z.string(),
  /** Of the stash-box, from 1. */
  page: z.int().positive(),
  studios: z.array(z.string()),
});
export type PackListing = z.infer<typeof PackListing>;

export const BuildRequest = z.object({
  packId: ReferencePackId,
  endpoint: z.string(),
  scope: PackScope,
  what: z.enum(['build', 'estimate']),
  keepCrops: z.boolean(),
  /** Absolute folder that the pack is copied to besides; null: none. */
  out: z.string().nullable(),
  /** False: it was stopped, and goes on when it is asked for. */
  isWanted: z.boolean(),
  /** Unix milliseconds. */
  listedAt: z.number(),
  listing: PackListing,
});
export type BuildRequest = z.infer<typeof BuildRequest>;

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
  };
}

/** One pack of each scope of each stash-box, so that building it again replaces it: `mine-stashdb-org`. */
export function packIdOf(scope: PackScope, endpoint: string): string {
  const { host, pathname } = new URL(endpoint);
  const place = `${host}${pathname.replace(/\/?graphql\/?$/, '')}`.toLowerCase().replace(/^www\./, '');
  const id = `${scope}-${place}`.replace(/[^a-z0-9]+/g, '-').replace(/-+$/, '');
  return ReferencePackId.parse(id.slice(0, 64));
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

export function estimateText({ people, pictures, bytes, hours, sampled }: PackEstimate): Message {
  if (sampled === 0) return message('referencePacks.build.estimateOfPeople', { people });
  return message('referencePacks.build.estimate', {
    people,
    pictures,
    gigabytes: Math.max(0.1, Math.round(bytes / 1e8) / 10),
    hours: Math.max(0.1, Math.round(hours * 10) / 10),
    sampled,
  });
}
