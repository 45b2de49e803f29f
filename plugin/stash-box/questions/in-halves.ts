import { hasCode } from '../../../core/errors.ts';

/** So many questions that fail alone, before any was answered, show that the box fails for all of them. */
const FAILED_ALONE = 3;

/**
Answers to questions that are asked together. One that the box cannot answer may cost all of them: they are asked in halves then,
and one that fails alone is undefined.
@throws StashSenseError also `stash-box-failed`, where the box answers none
*/
export async function inHalves<Question, Answer>(
  questions: readonly Question[],
  ask: (some: readonly Question[]) => Promise<readonly Answer[]>,
): Promise<(Answer | undefined)[]> {
  let failed = 0;
  let isAnswered = false;
  async function answersTo(some: readonly Question[]): Promise<(Answer | undefined)[]> {
    try {
      const answers = await ask(some);
      isAnswered = true;
      return [...answers];
    } catch (error) {
      if (!hasCode(error, 'stash-box-failed')) throw error;
      if (some.length === 1) {
        failed++;
        if (!isAnswered && failed >= Math.min(FAILED_ALONE, questions.length)) throw error;
        return [undefined];
      }
      const half = Math.ceil(some.length / 2);
      return [...(await answersTo(some.slice(0, half))), ...(await answersTo(some.slice(half)))];
    }
  }
  return await answersTo(questions);
}
