import type { Input } from '../../../core/contract/operations.ts';
import type { SuggestionFilter } from '../../../core/ports/suggestions.ts';
import { checkAnalyzer, linkAnalyzer, sceneAnalyzer } from '../../../core/stash-box/analyzers.ts';
import type { Context } from '../../runs/task.ts';
import { readPerformerList } from './performer-list.ts';

type Query = Omit<Input<'suggestions.list'>, 'order' | 'limit' | 'offset'>;

/** What the page asks for, as the store takes it; absent keys are omitted. */
export async function toFilter(
  context: Pick<Context, 'store'>,
  { performerId, endpoint, performerList, ...query }: Query,
): Promise<SuggestionFilter> {
  const about = {
    target: performerId === undefined ? undefined : { kind: 'performer', id: performerId },
    analyzers:
      endpoint === undefined
        ? undefined
        : [linkAnalyzer, checkAnalyzer, sceneAnalyzer].map((of) => of(endpoint)),
    ...(performerList !== undefined && {
      entityKind: 'performer',
      entityIds: await readPerformerList(context, performerList),
    }),
  };
  return Object.fromEntries(
    Object.entries({ ...query, ...about }).filter(([, value]) => value !== undefined),
  );
}
