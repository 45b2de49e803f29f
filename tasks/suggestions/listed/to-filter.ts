import type { Input } from '../../../core/contract/operations.ts';
import type { SuggestionFilter } from '../../../core/ports/suggestions.ts';
import {
  checkAnalyzer,
  linkAnalyzer,
  recutAnalyzer,
  sceneAnalyzer,
} from '../../../core/stash-box/analyzers.ts';
import type { Context } from '../../runs/task.ts';
import { readPerformerList, withName } from './performer-list.ts';

type Query = Omit<Input<'suggestions.list'>, 'order' | 'limit' | 'offset' | 'place'>;

/**
What the page asks for, as the store takes it; absent keys are omitted. Of a list of performers the text is looked for in their
names, as in the rows that are shown of it, and not in what is suggested of them.
*/
export async function toFilter(
  context: Pick<Context, 'store' | 'library'>,
  { performerId, endpoint, performerList, text, ...query }: Query,
): Promise<SuggestionFilter> {
  const about = {
    target: performerId === undefined ? undefined : { kind: 'performer', id: performerId },
    analyzers:
      endpoint === undefined
        ? undefined
        : [linkAnalyzer, checkAnalyzer, sceneAnalyzer, recutAnalyzer].map((of) => of(endpoint)),
    ...(performerList === undefined
      ? { text }
      : { entityKind: 'performer', entityIds: await listed(context, performerList, text) }),
  };
  return Object.fromEntries(
    Object.entries({ ...query, ...about }).filter(([, value]) => value !== undefined),
  );
}

async function listed(
  context: Pick<Context, 'store' | 'library'>,
  performerList: string,
  text: string | undefined,
): Promise<readonly string[]> {
  const ids = await readPerformerList(context, performerList);
  return text === undefined ? ids : await withName(context, ids, text);
}
