/** Gives stash-boxes the fingerprints of scenes that the user has linked there, where the user wants it. */
import { isSameValue, stashIdsOf } from '../../../../core/changes/values.ts';
import type { Input, Output } from '../../../../core/contract/operations.ts';
import { hasCode, messageOf, nullIfExcluded, saidOf, StashSenseError } from '../../../../core/errors.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import type { StashEntity } from '../../../../core/ports/library.ts';
import type { SuggestionOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context, Slice } from '../../../runs/task.ts';
import { nameOfBox } from '../../of-box.ts';
import {
  chosenBoxes,
  isGiven,
  noteGiven,
  noteGivingAt,
  noteGiving,
  noteRefused,
  readGivingAt,
} from './given.ts';

export type GiveParts = Pick<
  Context,
  'store' | 'library' | 'exclusions' | 'stashBoxes' | 'fingerprints' | 'settings' | 'now' | 'sleep' | 'log'
>;

type Link = SuggestionOf<'scene-stash-id'>;

/** Accepted suggestions that are read at once. */
const PAGE = 100;
/** In an operation: Stash sends each fingerprint in a request of its own. */
const SCENES_A_CALL = 5;
/** Of one scene alone: it may be gone from the stash-box. As many in a row tell of the stash-box. */
const REFUSALS_IN_A_ROW = 3;
/** Where Stash's settings name no limit. */
const REQUESTS_A_MINUTE = 240;

/** @throws StashSenseError `bad-input`: the user does not want it of this stash-box */
export async function giveSome(
  context: GiveParts,
  { endpoint, from }: Input<'fingerprints.give'>,
): Promise<Output<'fingerprints.give'>> {
  const tally = noneYet();
  if (!(await chosenBoxes(context)).includes(endpoint))
    throw new StashSenseError(
      'bad-input',
      message('fingerprints.notChosen', { box: await nameOfBox(context, endpoint) }),
    );
  const { dryRun } = context.settings;
  const upTo = (next: number | null): Output<'fingerprints.give'> => {
    const { scenes, fingerprints, problem } = tally;
    return { scenes, fingerprints, next, dryRun, problem };
  };
  if (dryRun) return upTo(null);
  const links = await acceptedAt(context, from);
  for (const [n, link] of links.entries()) {
    if (tally.scenes >= SCENES_A_CALL) return upTo(from + n);
    if (!(await giveNext(context, endpoint, link, tally))) return upTo(null);
  }
  // However few of a page were due: a call ends soon.
  return upTo(links.length < PAGE ? null : from + PAGE);
}

/**
What waits for it, of all stash-boxes that were chosen; one that does not take them keeps no other waiting. A later slice of the run
goes on where this one ended.
*/
export async function giveAll(context: GiveParts, slice: Slice): Promise<'done' | 'yielded'> {
  if (context.settings.dryRun) return 'done';
  const { run } = slice;
  const { done, from } = await readGivingAt(context, run.id);
  for (const endpoint of await chosenBoxes(context)) {
    if (done.includes(endpoint)) continue;
    slice.progress.step(message('fingerprints.step', { box: await nameOfBox(context, endpoint) }));
    const next = await giveBox(context, slice, endpoint, from[endpoint] ?? 0);
    if (next === null) done.push(endpoint);
    else from[endpoint] = next;
    await noteGivingAt(context, run.id, { done, from });
    if (next !== null) return 'yielded';
  }
  return 'done';
}

/** @returns where the next slice goes on; null: it is through */
async function giveBox(
  context: GiveParts,
  slice: Slice,
  endpoint: string,
  from: number,
): Promise<number | null> {
  const tally = noneYet();
  for (let at = from; ; at += PAGE) {
    const links = await acceptedAt(context, at);
    for (const [n, link] of links.entries()) {
      if (!(await giveNext(context, endpoint, link, tally))) return null;
      // Also where it was not due: the next slice does not look at it again.
      slice.advanced();
      if (await slice.shouldYield()) return at + n + 1;
    }
    if (links.length < PAGE) return null;
  }
}

/** `problem`: why the last that was refused was. */
type Tally = { scenes: number; fingerprints: number; refusedInARow: number; problem: Message | null };

function noneYet(): Tally {
  return { scenes: 0, fingerprints: 0, refusedInARow: 0, problem: null };
}

/** @returns whether to go on with the next one */
async function giveNext(context: GiveParts, endpoint: string, link: Link, tally: Tally): Promise<boolean> {
  try {
    const count = await giveOne(context, endpoint, link);
    if (count === 0) return true;
    tally.scenes++;
    tally.fingerprints += count;
    tally.refusedInARow = 0;
    return true;
  } catch (error) {
    if (!hasCode(error, 'stash-refused', 'stash-unreachable')) throw error;
    context.log.warn(messageOf(error));
    tally.problem = saidOf(error);
    tally.refusedInARow++;
    return hasCode(error, 'stash-refused') && tally.refusedInARow < REFUSALS_IN_A_ROW;
  }
}

/** Only a person accepts such a suggestion: each is linked by the user's word. */
async function acceptedAt({ store }: Pick<Context, 'store'>, offset: number): Promise<readonly Link[]> {
  const filter = { kind: 'scene-stash-id', state: 'accepted' } as const;
  return (await store.suggestions.list(filter, 'newest', PAGE, offset)).items;
}

/** @returns how many were given; 0: it is not due, is excluded, or Stash does not have the link or a fingerprint any more */
async function giveOne(context: GiveParts, endpoint: string, link: Link): Promise<number> {
  const { library, exclusions, fingerprints } = context;
  const { entity, payload } = link;
  if (payload.stashId.endpoint !== endpoint || (await isGiven(context, link))) return 0;
  const scene = await library.item({ kind: 'scene', id: entity.id }).catch(nullIfExcluded);
  const count = scene === null ? 0 : countOf(scene);
  if (count === 0) return 0;
  const values = (await library.fieldsOf('scene', [entity.id], ['stashIds'])).get(entity.id);
  if (values === undefined || !stashIdsOf(values).some((one) => isSameValue(one, payload.stashId))) return 0;
  // It may have been switched off, or the scene excluded, since it was read.
  if (!(await chosenBoxes(context)).includes(endpoint)) return 0;
  if (!(await isAllowed(exclusions, entity))) return 0;
  await noteGiving(context, link);
  try {
    await fingerprints.submit(entity.id, endpoint);
  } catch (error) {
    // After silence Stash may still be sending them: they count as given.
    if (hasCode(error, 'stash-refused')) await noteRefused(context, link);
    throw error;
  }
  await noteGiven(context, link, count);
  await context.sleep((count * 60_000) / (await requestsAMinute(context, endpoint)));
  return count;
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
function countOf({ files }: StashEntity): number {
  return files
    .filter(({ durationMs }) => durationMs !== null && durationMs > 0)
    .reduce(
      (sum, { fingerprints }) => sum + SENT.filter((type) => fingerprints[type] !== undefined).length,
      0,
    );
}

const SENT = ['oshash', 'phash', 'md5'];

async function requestsAMinute(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string,
): Promise<number> {
  const box = (await stashBoxes.list()).find((one) => one.endpoint === endpoint);
  const most = box?.maxRequestsPerMinute ?? 0;
  return most > 0 ? most : REQUESTS_A_MINUTE;
}
