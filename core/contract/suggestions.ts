import { z } from 'zod';
import { Suggestion, SuggestionState } from '../suggestions/suggestion.ts';
import { Confidence, CropView, Id, Picture, EntityKind, EntityRefInput } from './values.ts';
import { Message } from '../messages/schema.ts';

export const AcceptResult = z.object({
  accepted: z.array(z.object({ id: z.string(), journalId: z.string().nullable() })),
  refused: z.array(z.object({ id: z.string(), reason: Message })),
  /** Nothing was written; `accepted` lists what would have been. */
  dryRun: z.boolean(),
  batchId: z.string(),
});

export const SuggestionView = Suggestion.extend({
  crop: CropView.nullable(),
  reference: z.object({ url: Picture, source: z.string() }).nullable(),
  /** Server-relative page of the entity, `/scenes/12`. */
  href: z.string(),
});

export type SuggestionView = z.infer<typeof SuggestionView>;

export const SuggestionQuery = z.object({
  state: SuggestionState.default('open'),
  entityKind: EntityKind.optional(),
  entity: EntityRefInput.optional(),
  performerId: Id.optional(),
  minConfidence: Confidence.optional(),
  text: z.string().max(200).optional(),
});
