/** Features of this Stash, read from its GraphQL schema: a version number does not tell for builds between releases. */
import { z } from 'zod';
import { message, type Message } from '../../core/messages/message.ts';
import type { FeaturesQuery, FeaturesQueryVariables } from './documents.generated.ts';
import type { Graphql } from './graphql.ts';
import { operation } from './operation.ts';

export type Features = {
  /** A file has the path of its zip (since 0.29); before, only the zip's id. */
  readonly zipFile: boolean;
  /** A stash-box has a limit of requests (since 0.29). */
  readonly stashBoxLimit: boolean;
  /** A tag has stash IDs (since 0.30). */
  readonly tagStashIds: boolean;
  /** A studio has several web pages (since 0.30); before, one. */
  readonly studioUrls: boolean;
};

const Names = z.object({ fields: z.array(z.object({ name: z.string() })).nullable() }).nullable();

export const featuresOperation = operation<FeaturesQuery, FeaturesQueryVariables>()({
  document: `query Features { VideoFile: __type(name: "VideoFile") { fields(includeDeprecated: true) { name } } StashBox: __type(name: "StashBox") { fields(includeDeprecated: true) { name } } Tag: __type(name: "Tag") { fields(includeDeprecated: true) { name } } Studio: __type(name: "Studio") { fields(includeDeprecated: true) { name } } }`,
  answer: z.object({ VideoFile: Names, StashBox: Names, Tag: Names, Studio: Names }),
});

export async function readFeatures(graphql: Pick<Graphql, 'query'>): Promise<Features> {
  const { VideoFile, StashBox, Tag, Studio } = await graphql.query(featuresOperation);
  return {
    zipFile: hasField(VideoFile, 'zip_file'),
    stashBoxLimit: hasField(StashBox, 'max_requests_per_minute'),
    tagStashIds: hasField(Tag, 'stash_ids'),
    studioUrls: hasField(Studio, 'urls'),
  };
}

function hasField(type: z.output<typeof Names>, name: string): boolean {
  return type?.fields?.some((field) => field.name === name) ?? false;
}

/** The oldest and the newest version that the plugin was tested with: the newest is a build 19 commits after a release. */
const OLDEST = [0, 28, 1] as const;
const NEWEST = [0, 30, 1] as const;
const COMMITS_AFTER_NEWEST = 19;

/** Warning for a version that was not tested; null for a tested one. Builds are named `v0.30.1-19-gcf3489ef`. */
export function versionNote(version: string): Message | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-(\d+)-g)?/.exec(version);
  if (!match) return message('stash.versionUnknown', { version });
  const [, major = '', minor = '', patch = '', commits = '0'] = match;
  const numbers = [Number(major), Number(minor), Number(patch)];
  if (compare(numbers, OLDEST) < 0)
    return message('stash.versionTooOld', { version, oldest: OLDEST.join('.') });
  const order = compare(numbers, NEWEST);
  if (order > 0 || (order === 0 && Number(commits) > COMMITS_AFTER_NEWEST))
    return message('stash.versionTooNew', { version, newest: NEWEST.join('.') });
  return null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
