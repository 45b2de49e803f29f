import { z } from 'zod';
import { Message } from '../../messages/schema.ts';
import { SuggestionView } from '../suggestions.ts';

/** One stash-box on the page of a performer or a scene. */
export const BoxView = z.object({
  endpoint: z.string(),
  name: z.string(),
  /** False: it cannot be asked. */
  hasKey: z.boolean(),
  /** Those that the performer or scene has there. */
  ids: z.array(z.string()),
  /** Unix milliseconds; null: never looked up there. */
  lookedUpAt: z.number().nullable(),
  /** Why it cannot be asked at the moment; null: it can, or is not known not to. */
  trouble: Message.nullable(),
  /** Who or which one it may be there, or what is wrong with the ids: the surest first. */
  suggestions: z.array(SuggestionView),
});
export type BoxView = z.infer<typeof BoxView>;
