/** Looks performers up at one stash-box, a few at a time, each stored with how far the box was gone through. */
import { message } from '../../core/messages/message.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { checkAnalyzer, linkAnalyzer } from '../../core/stash-box/analyzers.ts';
import type { LinkedBox, LinkRequest } from '../../core/stash-box/link-request.ts';
import type { Context, Slice } from '../runs/task.ts';
import { checkIds, dueForCheck, type Linked } from './check-ids.ts';
import { noteAnswer } from './evidence/elsewhere.ts';
import { createFailures, type Failures } from './failures.ts';
import { findLinks, openLookUp, toUnlinkedAll, type LinkParts, type LookUp } from './look-up.ts';
import {
  isLinkedTo,
  nextPerformers,
  readPerformers,
  type ReadPerformer,
  type Unlinked,
} from './performers.ts';
import { nameOfBox } from './of-box.ts';
import { linkRequests } from './requests.ts';
import { closeAll, storeFound } from './store-found.ts';

/** Performers who are asked about together. */
const AT_ONCE = 5;
/** At least, while there are so many: of the requests for them only the last can be small, and one more for each merge of a chain. */
const CHECKED_TOGETHER = 200;
/** After this time somebody who has not changed is looked up once more: the stash-box may know them by now. */
const ASKED_AGAIN_AFTER_MS = 30 * 86_400_000;

export async function linkBox(
  context: LinkParts,
  slice: Slice,
  request: LinkRequest,
  endpoint: string,
): Promise<'done' | 'yielded'> {
  const { stashBoxes, referencePacks, library } = context;
  const parts = await openLookUp(context, await stashBoxes.open(endpoint));
  const packs = await referencePacks.revision();
  const failures = createFailures(context);
  slice.progress.step(message('stashIds.step', { box: await nameOfBox(context, endpoint) }));
  const total = request.performerIds?.length ?? (await library.countPerformers());
  const place = request.boxes.findIndex((one) => one.endpoint === endpoint);
  const shows = (passed: number): void =>
    slice.progress.at((place + Math.min(1, passed / Math.max(1, total))) / request.boxes.length);
  for (;;) {
    const box = await linkRequests.boxOf(context, request, endpoint);
    if (box === undefined) return 'done';
    shows(box.passed);
    const ids = await nextPerformers(context, request.performerIds, box.after);
    const last = ids.at(-1);
    if (last === undefined) {
      failures.throwIfAllFailed();
      return 'done';
    }
    const read = await readPerformers(context, ids);
    const isLinked = isLinkedTo(endpoint);
    const unlinked = read.filter((one) => !isLinked(one));
    await closeAll(context, 'performer', linkAnalyzer(endpoint), read.filter(isLinked));
    await closeAll(context, 'performer', checkAnalyzer(endpoint), unlinked);
    if (Number(box.checkedTo) < Number(last)) {
      await checkAhead(context, slice, { parts, failures }, request, box);
      if (await slice.shouldYield()) return 'yielded';
    }
    const due = await dueOf(context, endpoint, request.force, packs, unlinked);
    for (let at = 0; at < due.length; at += AT_ONCE) {
      const some = due.slice(at, at + AT_ONCE);
      const through = ids.filter((id) => Number(id) <= Number(some.at(-1)?.id)).length;
      slice.progress.say(message('stashIds.isLooking', { name: shownName(some[0]!), asked: box.asked + at }));
      await lookUp(context, { parts, failures }, request, some, box.passed + through);
      shows(box.passed + through);
      slice.advanced();
      if (await slice.shouldYield()) return 'yielded';
    }
    await linkRequests.updateBox(context, request, endpoint, () => ({
      after: last,
      passed: box.passed + ids.length,
    }));
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
}

/**
Checks the ids of those behind `checkedTo`, on as many pages as it takes for enough of them: where few of a page are linked, a
request would ask about these few.
*/
async function checkAhead(
  context: LinkParts,
  slice: Slice,
  { parts, failures }: { readonly parts: LookUp; readonly failures: Failures },
  request: LinkRequest,
  box: LinkedBox,
): Promise<void> {
  const { endpoint } = box;
  const due: Linked[] = [];
  let to = box.checkedTo;
  while (due.length < CHECKED_TOGETHER) {
    const ids = await nextPerformers(context, request.performerIds, to);
    const last = ids.at(-1);
    if (last === undefined) break;
    const linked = (await readPerformers(context, ids)).filter(isLinkedTo(endpoint));
    due.push(...(request.force ? linked : await dueForCheck(context, endpoint, linked)));
    to = last;
    slice.advanced();
    // What was read is still checked and stored.
    if (await slice.shouldYield()) break;
  }
  const checked = await failures.withoutThose(due, async (some) => [await checkIds(context, parts, some)]);
  if (checked.length > 0) await noteAnswer(context, endpoint);
  const wrong = checked.reduce((sum, one) => sum + one.wrong, 0);
  await linkRequests.updateBox(context, request, endpoint, (known) => ({
    wrong: known.wrong + wrong,
    checkedTo: to,
  }));
}

/** Those who are new, were changed or were looked up long ago. */
async function dueOf(
  context: Pick<Context, 'store' | 'library' | 'vision' | 'now'>,
  endpoint: string,
  force: boolean,
  packs: string,
  performers: readonly ReadPerformer[],
): Promise<Unlinked[]> {
  const { store, now } = context;
  const ids = performers.map(({ id }) => id);
  const before = await store.boxLookUps.of(endpoint, ids);
  const unlinked = await toUnlinkedAll(context, endpoint, packs, performers);
  return unlinked.filter(({ id, revision }) => {
    const known = before.get(id);
    return force || known?.revision !== revision || now() - known.at >= ASKED_AGAIN_AFTER_MS;
  });
}

async function lookUp(
  context: LinkParts,
  { parts, failures }: { readonly parts: LookUp; readonly failures: Failures },
  request: LinkRequest,
  performers: readonly Unlinked[],
  passed: number,
): Promise<void> {
  const { endpoint } = parts.client;
  const made = await failures.withoutThose(performers, (some) => findLinks(context, parts, some));
  if (made.length > 0) await noteAnswer(context, endpoint);
  await storeFound(context, { endpoint, analyzer: linkAnalyzer(endpoint) }, made, async (stored) => {
    const some = stored.filter(({ proposals }) => proposals.length > 0);
    const sure = some.filter(({ proposals }) => proposals.some(({ evidence }) => evidence.isStrong));
    await linkRequests.updateBox(context, request, endpoint, (box) => ({
      after: performers.at(-1)?.id ?? box.after,
      passed,
      asked: box.asked + made.length,
      found: box.found + some.length,
      sure: box.sure + sure.length,
    }));
  });
}
