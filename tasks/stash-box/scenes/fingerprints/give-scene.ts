/** Gives a stash-box the fingerprints of one scene that the user has linked there. */
import { createHash } from 'node:crypto';
import { isSameValue, stashIdsOf } from '../../../../core/changes/values.ts';
import { hasCode, nullIfExcluded } from '../../../../core/errors.ts';
import type { StashEntity } from '../../../../core/ports/library.ts';
import type { SuggestionOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context } from '../../../runs/task.ts';
import {
  chosenBoxes,
  mayHaveMore,
  noteAsGiven,
  noteGiven,
  noteRefused,
  notGiven,
  readGiven,
  type ToGive,
} from './given.ts';

export type GiveParts = Pick<
  Context,
  'store' | 'library' | 'exclusions' | 'stashBoxes' | 'fingerprints' | 'settings' | 'now' | 'sleep' | 'log'
>;

export type Link = SuggestionOf<'scene-stash-id'>;

/** Where Stash's settings name no limit. */
const REQUESTS_A_MINUTE = 240;

/**
@returns how many were given that had not been before; 0: it is not due, is excluded, or Stash does not have the link or a fingerprint
any more
@throws StashSenseError `stash-refused`: they were refused; `stash-unreachable`: they may have been given
*/
export async function giveScene(context: GiveParts, endpoint: string, link: Link): Promise<number> {
  const { library, exclusions, fingerprints } = context;
  const { entity, payload } = link;
  if (payload.stashId.endpoint !== endpoint) return 0;
  const before = await readGiven(context, link);
  if (!mayHaveMore(context, before)) return 0;
  const scene = await library.item({ kind: 'scene', id: entity.id }).catch(nullIfExcluded);
  const toGive = scene === null ? null : toGiveOf(scene);
  if (toGive === null || toGive.hashes.length === 0) return 0;
  const fresh = notGiven(toGive, before).length;
  if (fresh === 0) {
    await noteAsGiven(context, link, toGive, before);
    return 0;
  }
  const values = (await library.fieldsOf('scene', [entity.id], ['stashIds'])).get(entity.id);
  if (values === undefined || !stashIdsOf(values).some((one) => isSameValue(one, payload.stashId))) return 0;
  // It may have been switched off, or the scene excluded, since it was read.
  if (!(await chosenBoxes(context)).includes(endpoint)) return 0;
  if (!(await isAllowed(exclusions, entity))) return 0;
  await noteAsGiven(context, link, toGive, before);
  // Stash sends all that it has of the scene, also what was given before: the stash-box keeps one of each from an account.
  try {
    await fingerprints.submit(entity.id, endpoint);
  } catch (error) {
    // After silence Stash may still be sending them: they count as given.
    if (hasCode(error, 'stash-refused')) await noteRefused(context, link, before);
    throw error;
  }
  await noteGiven(context, link, toGive, { before, fresh });
  await context.sleep((toGive.hashes.length * 60_000) / (await requestsAMinute(context, endpoint)));
  return fresh;
}

async function isAllowed(exclusions: GiveParts['exclusions'], entity: Link['entity']): Promise<boolean> {
  try {
    await exclusions.check(entity);
    return true;
  } catch (error) {
    if (hasCode(error, 'excluded')) return false;
    throw error;
  }
}

/** Stash sends those of each file whose length it knows. */
function toGiveOf({ files }: StashEntity): ToGive {
  const sent = files.filter(({ durationMs }) => durationMs !== null && durationMs > 0);
  const hashes = sent.flatMap(({ fingerprints }) =>
    SENT.flatMap((type) => {
      const value = fingerprints[type];
      return value === undefined ? [] : hashOf(`${type} ${value}`);
    }),
  );
  return {
    hashes: [...new Set(hashes)],
    lacksPhash: sent.some(({ fingerprints }) => fingerprints['phash'] === undefined),
  };
}

const SENT = ['oshash', 'phash', 'md5'];

/** So that what is kept names no file of the user's. */
function hashOf(fingerprint: string): string {
  return createHash('sha256').update(fingerprint).digest('hex').slice(0, 16);
}

async function requestsAMinute(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string,
): Promise<number> {
  const box = (await stashBoxes.list()).find((one) => one.endpoint === endpoint);
  const most = box?.maxRequestsPerMinute ?? 0;
  return most > 0 ? most : REQUESTS_A_MINUTE;
}
