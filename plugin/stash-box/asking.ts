import { hasCode, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { BoxConnection, Question } from './connection.ts';
import { EVERYTHING, featuresQuestion, LEAST, type Features } from './questions/features.ts';
import { NotUnderstood } from './trouble.ts';

/** The features of a box as this process knows them, for all its clients. */
export type KnownFeatures = { reading: Promise<Features> | null };

/** Questions in the words of the box's version. @throws StashSenseError as `StashBoxClient` says */
export type Asking = {
  readonly features: () => Promise<Features>;
  readonly ask: <T>(question: (features: Features) => Question<T>) => Promise<T>;
  /** For a question that is the same in each version. */
  readonly askPlainly: <T>(question: Question<T>) => Promise<T>;
};

export function createAsking(connection: BoxConnection, known: KnownFeatures): Asking {
  /** Again after an error. */
  function readFeatures(): Promise<Features> {
    const reading = connection.ask(featuresQuestion).catch((error: unknown) => {
      // A box may hide its schema.
      if (error instanceof NotUnderstood || hasCode(error, 'stash-box-failed')) return EVERYTHING;
      known.reading = null;
      throw error;
    });
    known.reading = reading;
    return reading;
  }

  async function understood<T>(question: Question<T>): Promise<T | NotUnderstood> {
    return await connection.ask(question).catch((error: unknown) => {
      if (error instanceof NotUnderstood) return error;
      throw error;
    });
  }

  const notUnderstood = (error: NotUnderstood): StashSenseError =>
    new StashSenseError(
      'stash-box-failed',
      message('stashBox.notUnderstood', { name: connection.name, problem: error.said }),
      { cause: error },
    );

  const features = async (): Promise<Features> => await (known.reading ?? readFeatures());

  return {
    features,
    async ask(question) {
      let result = await understood(question(await features()));
      // The box may be another version by now; where that is not it, the least is asked for.
      if (result instanceof NotUnderstood) result = await understood(question(await readFeatures()));
      if (result instanceof NotUnderstood) result = await understood(question(LEAST));
      if (result instanceof NotUnderstood) throw notUnderstood(result);
      return result;
    },
    async askPlainly(question) {
      const result = await understood(question);
      if (result instanceof NotUnderstood) throw notUnderstood(result);
      return result;
    },
  };
}
