import { z } from 'zod';
import { operation } from '../operation.ts';
import type * as types from './documents.generated.ts';

/** Variable `input`: `{ id, image }`, a data URL, or null for none. */
export const pictureMutation = operation<
  types.PerformerPictureMutation,
  types.PerformerPictureMutationVariables
>()({
  document:
    'mutation PerformerPicture($input: PerformerUpdateInput!) { changed: performerUpdate(input: $input) { id } }',
  answer: z.unknown(),
});

/** Variable `input`: `{ id, cover_image }`, a data URL: null would change nothing. */
export const coverMutation = operation<types.SceneCoverMutation, types.SceneCoverMutationVariables>()({
  document: 'mutation SceneCover($input: SceneUpdateInput!) { changed: sceneUpdate(input: $input) { id } }',
  answer: z.unknown(),
});
