import { useState } from 'react';
import type { Ask } from '../../../core/contract/operations.ts';
import type { Place } from '../widgets/pager.tsx';
import { useAnswer, type Answer } from './use-answer.ts';

type Paged =
  | 'journal.list'
  | 'people.info'
  | 'people.hidden'
  | 'people.lookAlikes'
  | 'people.references'
  | 'referencePacks.doubtful'
  | 'runs.failures'
  | 'runs.dryRun';

const PAGE_SIZE = 50;

/** A list that is asked for page by page. `place` is what its {@link Pager} needs beside the list itself. */
export function usePages<Name extends Paged>(
  name: Name,
  which?: Omit<Ask<Name>, 'limit' | 'offset'>,
  size = PAGE_SIZE,
): Answer<Name> & { readonly place: Place } {
  const [offset, setOffset] = useState(0);
  const input = { ...which, limit: size, offset };
  const answered = useAnswer(name, input as unknown as Ask<Name>);
  const { asked, isLoading } = answered;
  return {
    ...answered,
    place: { offset: asked?.input.offset ?? 0, size, isLoading, onGo: setOffset },
  };
}
