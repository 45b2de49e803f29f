/** Makes a performer of somebody who was found, and is another one than the performer they were found for. */
import type { Output } from '../../../core/contract/operations.ts';
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
  const { refused, dryRun, ...made } = await ask('stashIds.create', {
    suggestionId: suggestion.id,
    ...making,
  });
  if (refused !== null || dryRun) {
    const reason = refused?.reason;
    toast.warn(
      reason === undefined
        ? say('faces.dryRunNamed', { name })
        : say('stashIds.notCreated', { name, reason }),
    );
    return { question: refused?.nameTaken ?? null, made: null };
  }
  const { journalId, performerId, note } = made;
  if (note !== null) toast.warn(say(note));
  if (performerId !== null) await refreshAfterWrite([], [], [{ kind: 'performer', id: performerId }]);
  return { question: null, made: { journalId, words: createdWords(name, made, making) } };
}

/** A performer was made, or another one given the stash ID. */
function createdWords(
  name: string,
  { journalId }: Pick<Output<'stashIds.create'>, 'journalId'>,
  { performerId }: Making,
): string {
  const isMade = performerId === undefined && journalId !== null;
  return say('stashIds.created', { isMade: String(isMade), name });
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
