import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { SuggestionFilter } from '../../core/ports/suggestions.ts';
import { SUGGESTION_KINDS } from '../../core/suggestions/kinds/index.ts';
import type { Suggestion } from '../../core/suggestions/suggestion.ts';
import { acceptSuggestions, stateAfter } from './accept.ts';
import { addPerformer, rejectPerformer } from './choose-performer.ts';
import { reject, reopen } from './reject.ts';
import { toFilter } from './listed/to-filter.ts';
import { viewSuggestion } from './views/index.ts';
import { chunksPerLock, reasonOf } from './write-parts.ts';
import { closeIfGone } from '../accepted/gone.ts';
import { namedBySuggestions, settleNamed } from '../accepted/named.ts';
import { matchDue } from '../matching/match-due.ts';
import type { RecognizerParts } from '../matching/recognizer.ts';
import { startRematchIfDue } from '../matching/rematch-due.ts';
import type { Context, Operations } from '../runs/task.ts';

type Names =
  | 'suggestions.list'
  | 'suggestions.views'
  | 'suggestions.accept'
  | 'suggestions.reject'
  | 'suggestions.reopen'
  | 'entity.add'
  | 'entity.reject';

export const suggestionOperations: Pick<Operations, Names> = {
  'suggestions.list': async (context, { order, limit, offset, place: at, pictures = limit, ...query }) => {
    const { suggestions } = context.store;
    const filter = await toFilter(context, query);
    const place = at === undefined ? offset : { ...at, offset };
    // The decision that made it due may have been cut off by leaving the page.
    if (offset === 0) await matchLeft(context);
    const page = await suggestions.list(filter, order, limit, place);
    const viewed = async (items: readonly Suggestion[]): Promise<SuggestionView[]> =>
      await Promise.all(items.map((one, n) => viewSuggestion(context, one, { isBare: n >= pictures })));
    // While Stash answers, the answer is made.
    const [hasChanged, ready] = await Promise.all([settleShown(context, page.items), viewed(page.items)]);
    if (hasChanged) await matchLeft(context);
    const { total, items } = hasChanged ? await suggestions.list(filter, order, limit, place) : page;
    const removed = [filter.state].flat().includes('removed')
      ? await suggestions.list({ ...filter, state: 'removed' }, order, 0, 0)
      : { total: 0 };
    if (offset === 0) await startRematchIfDue(context);
    return {
      total,
      removed: removed.total,
      kinds: await suggestions.countKinds([filter.state ?? 'open'].flat()),
      ...(filter.withoutChoice === true && { byKind: await countByKind(suggestions, filter) }),
      items: hasChanged ? await viewed(items) : ready,
    };
  },

  'suggestions.views': async (context, { ids }) => {
    const items = await Promise.all(ids.map((id) => context.store.suggestions.get(id)));
    const there = items.filter((one) => one !== null);
    return { items: await Promise.all(there.map((one) => viewSuggestion(context, one))) };
  },

  'suggestions.accept': async (context, input) => {
    const { dryRun } = input;
    if ('ids' in input) {
      const { ids, choices, again } = input;
      return await acceptSuggestions(context, ids, { by: 'person', dryRun, choices, again });
    }
    const { all, limit, offset, batchId } = input;
    const filter = { ...(await toFilter(context, { ...all, state: 'open' })), withoutChoice: true };
    const { items } = await context.store.suggestions.list(filter, 'confidence', limit, offset);
    return await acceptSuggestions(
      context,
      items.map(({ id }) => id),
      { by: 'person', dryRun, ...(batchId !== undefined && { batchId }) },
    );
  },

  'suggestions.reject': async (context, { ids, choices = {} }) => {
    const rejected: string[] = [];
    const refused: Output<'suggestions.reject'>['refused'] = [];
    for await (const chunk of chunksPerLock(context, ids))
      await context.changes.exclusively(async () => {
        for (const id of chunk)
          try {
            await reject(context, id, choices[id]);
            rejected.push(id);
          } catch (error) {
            refused.push({ id, reason: reasonOf(error), state: await stateAfter(context, id, error) });
          }
      });
    await matchDue(context);
    return { rejected, refused };
  },

  'suggestions.reopen': async (context, { ids, choices = {} }) => {
    const reopened: string[] = [];
    for await (const chunk of chunksPerLock(context, ids))
      await context.changes.exclusively(async () => {
        for (const id of chunk) if (await reopen(context, id, choices[id])) reopened.push(id);
      });
    await matchDue(context);
    return { reopened };
  },

  'entity.add': async (context, input) => {
    try {
      return await addPerformer(context, input);
    } catch (error) {
      await closeIfGone(context, error, [input.entity, { kind: 'performer', id: input.performerId }]);
      throw error;
    }
  },

  'entity.reject': async (context, input) => {
    await context.changes.exclusively(() => rejectPerformer(context, input));
    await matchDue(context);
    return { rejected: !input.undo };
  },
};

async function countByKind(
  suggestions: Context['store']['suggestions'],
  filter: SuggestionFilter,
): Promise<Output<'suggestions.list'>['byKind']> {
  const counted = new Map((await suggestions.countAcceptable(filter)).map((one) => [one.kind, one]));
  const kinds = filter.kind === undefined ? SUGGESTION_KINDS : [filter.kind];
  return kinds.map((kind) => {
    const { total, acceptable } = counted.get(kind) ?? { total: 0, acceptable: 0 };
    return { kind, total: acceptable, oneByOne: total - acceptable };
  });
}

async function matchLeft(context: RecognizerParts & Pick<Context, 'library' | 'log'>): Promise<void> {
  await unlessItFails(context, undefined, () => matchDue(context));
}

/** Performers who are named on the page may have been merged or deleted in Stash since. */
async function settleShown(
  context: Pick<Context, 'store' | 'library' | 'log'>,
  shown: readonly Suggestion[],
): Promise<boolean> {
  return await unlessItFails(context, false, () => settleNamed(context, namedBySuggestions(shown)));
}

/** The list is shown as it is where this cannot be done, as while Stash does not answer. */
async function unlessItFails<T>(
  { log }: Pick<Context, 'log'>,
  otherwise: T,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    log.debug(messageOf(error));
    logFault(log, error);
    return otherwise;
  }
}
