/** Gives stash-boxes the fingerprints of scenes that the user has linked there, where the user wants it. */
import { isSameValue, stashIdsOf } from '../../../../core/changes/values.ts';
import type { Input, Output } from '../../../../core/contract/operations.ts';
import { hasCode, messageOf, nullIfExcluded, saidOf, StashSenseError } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import type { StashEntity } from '../../../../core/ports/library.ts';
import type { SuggestionOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context, Slice } from '../../../runs/task.ts';
import { nameOfBox } from '../../of-box.ts';
import { chosenBoxes, isGiven, noteGiven, noteGiving, noteRefused } from './given.ts';

export type GiveParts = Pick<
  Context,
  'store' | 'library' | 'exclusions' | 'stashBoxes' | 'fingerprints' | 'settings' | 'now' | 'sleep' | 'log'
>;

type Link = SuggestionOf<'scene-stash-id'>;

/** Accepted suggestions that are read at once. */
const PAGE = 100;
/** In an operation: Stash sends each fingerprint in a request of its own. */
const SCENES_A_CALL = 5;
/** Where Stash's settings name no limit. */
const REQUESTS_A_MINUTE = 240;

/** @throws StashSenseError `bad-input`: the user does not want it of this stash-box */
export async function giveSome(
  context: GiveParts,
  { endpoint, from }: Input<'fingerprints.give'>,
): Promise<Output<'fingerprints.give'>> {
  const given = { scenes: 0, fingerprints: 0 };
  if (!(await chosenBoxes(context)).includes(endpoint))
    throw new StashSenseError(
      'bad-input',
      message('fingerprints.notChosen', { box: await nameOfBox(context, endpoint) }),
    );
  const { dryRun } = context.settings;
  if (dryRun) return { ...given, next: null, dryRun, problem: null };
  for (let at = from; ;) {
    const links = await acceptedAt(context, at);
    for (const link of links) {
      if (given.scenes >= SCENES_A_CALL) return { ...given, next: at, dryRun, problem: null };
      try {
        const count = await giveOne(context, endpoint, link);
        given.scenes += count > 0 ? 1 : 0;
        given.fingerprints += count;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return { ...given, next: null, dryRun, problem: saidOf(error) };
      }
      at++;
    }
    if (links.length < PAGE) return { ...given, next: null, dryRun, problem: null };
  }
}

/** What waits for it, of all stash-boxes that were chosen; one that does not take them keeps no other waiting. */
export async function giveAll(context: GiveParts, slice: Slice): Promise<'done' | 'yielded'> {
  if (context.settings.dryRun) return 'done';
  for (const endpoint of await chosenBoxes(context)) {
    slice.progress.step(message('fingerprints.step', { box: await nameOfBox(context, endpoint) }));
    if ((await giveBox(context, slice, endpoint)) === 'yielded') return 'yielded';
  }
  return 'done';
}

async function giveBox(context: GiveParts, slice: Slice, endpoint: string): Promise<'done' | 'yielded'> {
  for (let at = 0; ; at += PAGE) {
    const links = await acceptedAt(context, at);
    for (const link of links) {
      try {
        if ((await giveOne(context, endpoint, link)) === 0) continue;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        context.log.warn(messageOf(error));
        return 'done';
      }
      slice.advanced();
      if (await slice.shouldYield()) return 'yielded';
    }
    if (links.length < PAGE) return 'done';
  }
}

function isRefusal(error: unknown): boolean {
  return hasCode(error, 'stash-refused', 'stash-unreachable');
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
  await exclusions.check(entity);
  await noteGiving(context, link);
  try {
    await fingerprints.submit(entity.id, endpoint);
  } catch (error) {
    await noteRefused(context, link);
    throw error;
  }
  await noteGiven(context, link, count);
  await context.sleep((count * 60_000) / (await requestsAMinute(context, endpoint)));
  return count;
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
