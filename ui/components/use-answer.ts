import { useCallback, useEffect, useState } from 'react';
import type { Ask, OperationName, Output } from '../../core/contract.ts';
import { messageOf } from '../../core/errors.ts';
import { ask } from '../stash/operations.ts';

export type Answer<Name extends OperationName> = {
  /** The newest; kept while the next question is under way. */
  readonly answer: Output<Name> | null;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/** The answer to a question, asked again whenever its input changes. A late answer to an older question is dropped. */
export function useAnswer<Name extends OperationName>(name: Name, input: Ask<Name>): Answer<Name> {
  const [turn, setTurn] = useState(0);
  const [given, setGiven] = useState<{
    question: string;
    answer: Output<Name> | null;
    problem: string | null;
  } | null>(null);
  const question = `${turn} ${JSON.stringify(input)}`;

  useEffect(() => {
    let isNewest = true;
    ask(name, JSON.parse(question.slice(question.indexOf(' '))) as Ask<Name>).then(
      (answer) => isNewest && setGiven({ question, answer, problem: null }),
      (error: unknown) =>
        isNewest &&
        setGiven((before) => ({ question, answer: before?.answer ?? null, problem: messageOf(error) })),
    );
    return () => {
      isNewest = false;
    };
  }, [name, question]);

  return {
    answer: given?.answer ?? null,
    problem: given?.problem ?? null,
    isLoading: given?.question !== question,
    reload: useCallback(() => setTurn((before) => before + 1), []),
  };
}
