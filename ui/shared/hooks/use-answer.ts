import { useCallback, useEffect, useState } from 'react';
import type { Ask, OperationName, Output } from '../../../core/contract/operations.ts';
import { messageOf } from '../../../core/message-of.ts';
import { ask } from '../../stash/operations.ts';

export type Answer<Name extends OperationName> = {
  /** The newest; kept while the next question is under way. */
  readonly answer: Output<Name> | null;
  /** What that was the answer to. */
  readonly asked: { readonly input: Ask<Name>; readonly atMs: number } | null;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

type Given<Name extends OperationName> = {
  readonly question: string;
  readonly answer: Output<Name> | null;
  readonly asked: Answer<Name>['asked'];
  readonly problem: string | null;
};

/** The answer to a question, asked again whenever its input changes. A late answer to an older question is dropped. */
export function useAnswer<Name extends OperationName>(name: Name, input: Ask<Name>): Answer<Name> {
  const [turn, setTurn] = useState(0);
  const [given, setGiven] = useState<Given<Name> | null>(null);
  const question = `${turn} ${JSON.stringify(input)}`;

  useEffect(() => {
    let isNewest = true;
    const asked = {
      input: JSON.parse(question.slice(question.indexOf(' '))) as Ask<Name>,
      atMs: performance.now(),
    };
    ask(name, asked.input).then(
      (answer) => isNewest && setGiven({ question, answer, asked, problem: null }),
      (error: unknown) =>
        isNewest &&
        setGiven((before) => ({
          question,
          answer: before?.answer ?? null,
          asked: before?.asked ?? null,
          problem: messageOf(error),
        })),
    );
    return () => {
      isNewest = false;
    };
  }, [name, question]);

  return {
    answer: given?.answer ?? null,
    asked: given?.asked ?? null,
    problem: given?.problem ?? null,
    isLoading: given?.question !== question,
    reload: useCallback(() => setTurn((before) => before + 1), []),
  };
}
