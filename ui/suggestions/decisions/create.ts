/** Makes a performer of somebody who was found, and is another one than the performer they were found for. */
import type { NameTakenView, SuggestionView } from '../../../core/contract/suggestions.ts';
import { say } from '../../stash/intl.tsx';
import { refreshAfterWrite } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import type { Toast } from '../../stash/toast.tsx';
import { nameOf } from '../kinds/index.ts';
import type { Making } from './outcomes.ts';

type Created = {
  /** Whom the user has to tell apart first; null: nobody. */
  readonly question: NameTakenView | null;
  /** `words`: said of it. Null: nothing was done, and it was said why. */
  readonly made: { readonly journalId: string | null; readonly words: string } | null;
};

export async function createFrom(
  suggestion: SuggestionView,
  making: Making,
  toast: Pick<Toast, 'warn'>,
): Promise<Created> {
  const name = nameOf(suggestion);
  const asked = { suggestionId: suggestion.id, ...making };
  const { refused, dryRun, journalId, performerId, note } = await ask('stashIds.create', asked);
  if (refused !== null) {
    toast.warn(say('stashIds.notCreated', { name, reason: refused.reason }));
    return { question: refused.nameTaken ?? null, made: null };
  }
  if (dryRun) {
    toast.warn(say('faces.dryRunNamed', { name }));
    return { question: null, made: null };
  }
  if (note !== null) toast.warn(say(note));
  if (performerId !== null) await refreshAfterWrite([], [], [{ kind: 'performer', id: performerId }]);
  // Else one whom the user has was given the stash ID.
  const isMade = making.performerId === undefined && journalId !== null;
  return {
    question: null,
    made: { journalId, words: say('stashIds.created', { isMade: String(isMade), name }) },
  };
}

/** What `work` answers when its turn comes; null where it fails, which is for the queue to say. */
export async function inTurn<Answer>(
  queue: (work: () => Promise<void>) => void,
  work: () => Promise<Answer>,
): Promise<Answer | null> {
  return await new Promise((done) => {
    queue(async () => {
      let answer: Answer | null = null;
      try {
        answer = await work();
      } finally {
        done(answer);
      }
    });
  });
}
