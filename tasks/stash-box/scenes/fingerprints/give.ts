/** Gives stash-boxes the fingerprints of scenes that the user has linked there, where the user wants it. */
import type { Input, Output } from '../../../../core/contract/operations.ts';
import { hasCode, messageOf, saidOf, StashSenseError } from '../../../../core/errors.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import type { Slice } from '../../../runs/task.ts';
import { nameOfBox } from '../../of-box.ts';
import { giveScene, type GiveParts, type Link } from './give-scene.ts';
import {
  chosenBoxes,
  forgetRefusal,
  noteGivingAt,
  readGivingAt,
  readRefused,
  type PlaceAtBox,
} from './given.ts';

/** Accepted suggestions that are read at once. */
const PAGE = 100;
/** In an operation: Stash sends each fingerprint in a request of its own. */
const SCENES_A_CALL = 5;
/** Of one scene alone: it may be gone from the stash-box. As many in a row tell of the stash-box. */
const REFUSALS_IN_A_ROW = 3;

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
  const refused = await readRefused(context, endpoint);
  const links = await acceptedAt(context, from);
  for (const [n, link] of links.entries()) {
    if (tally.scenes >= SCENES_A_CALL) return upTo(from + n);
    if (refused.includes(link.id)) continue;
    if (!(await giveNext(context, endpoint, link, tally))) return upTo(null);
  }
  // However few of a page were due: a call ends soon.
  if (links.length === PAGE) return upTo(from + PAGE);
  tally.refusedInARow = 0;
  for (const id of refused) {
    if (tally.scenes >= SCENES_A_CALL) return upTo(from + links.length);
    if (!(await giveRefused(context, endpoint, id, tally))) return upTo(null);
  }
  return upTo(null);
}

/**
What waits for it, of all stash-boxes that were chosen; one that does not take them keeps no other waiting. A later slice of the run
goes on where this one ended.
*/
export async function giveAll(context: GiveParts, slice: Slice): Promise<'done' | 'yielded'> {
  if (context.settings.dryRun) return 'done';
  const { run } = slice;
  const { done, from, refused } = await readGivingAt(context, run.id);
  for (const endpoint of await chosenBoxes(context)) {
    if (done.includes(endpoint)) continue;
    slice.progress.step(message('fingerprints.step', { box: await nameOfBox(context, endpoint) }));
    const next = await giveBox(context, slice, endpoint, {
      from: from[endpoint] ?? 0,
      refused: refused[endpoint] ?? (await readRefused(context, endpoint)),
    });
    if (next === null) done.push(endpoint);
    else [from[endpoint], refused[endpoint]] = [next.from, next.refused];
    await noteGivingAt(context, run.id, { done, from, refused });
    if (next !== null) return 'yielded';
  }
  return 'done';
}

/**
Those that were refused in an earlier run come last: else three of them at the head of the list would keep every run from the others.
@returns where the next slice goes on; null: it is through
*/
async function giveBox(
  context: GiveParts,
  slice: Slice,
  endpoint: string,
  { from, refused }: PlaceAtBox,
): Promise<PlaceAtBox | null> {
  const tally = noneYet();
  let at = from;
  for (let isLast = false; !isLast;) {
    const links = await acceptedAt(context, at);
    for (const [n, link] of links.entries()) {
      if (!refused.includes(link.id) && !(await giveNext(context, endpoint, link, tally))) return null;
      // Also where it was not due: the next slice does not look at it again.
      slice.advanced();
      if (await slice.shouldYield()) return { from: at + n + 1, refused };
    }
    at += links.length;
    isLast = links.length < PAGE;
  }
  tally.refusedInARow = 0;
  for (const [n, id] of refused.entries()) {
    if (!(await giveRefused(context, endpoint, id, tally))) return null;
    slice.advanced();
    if (await slice.shouldYield()) return { from: at, refused: refused.slice(n + 1) };
  }
  return null;
}

/** `problem`: why the last that was refused was. */
type Tally = { scenes: number; fingerprints: number; refusedInARow: number; problem: Message | null };

function noneYet(): Tally {
  return { scenes: 0, fingerprints: 0, refusedInARow: 0, problem: null };
}

/** @returns whether to go on with the next one */
async function giveNext(context: GiveParts, endpoint: string, link: Link, tally: Tally): Promise<boolean> {
  try {
    const count = await giveScene(context, endpoint, link);
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

/** The same of one that was refused earlier. */
async function giveRefused(context: GiveParts, endpoint: string, id: string, tally: Tally): Promise<boolean> {
  const link = await context.store.suggestions.get(id);
  // Before it is tried: another refusal puts it at the end.
  await forgetRefusal(context, endpoint, id);
  if (link?.kind !== 'scene-stash-id' || link.state !== 'accepted') return true;
  return await giveNext(context, endpoint, link, tally);
}

/** Only a person accepts such a suggestion: each is linked by the user's word. */
async function acceptedAt({ store }: Pick<GiveParts, 'store'>, offset: number): Promise<readonly Link[]> {
  const filter = { kind: 'scene-stash-id', state: 'accepted' } as const;
  return (await store.suggestions.list(filter, 'newest', PAGE, offset)).items;
}
