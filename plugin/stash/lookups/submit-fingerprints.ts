/** Fingerprints of a scene, given to a stash-box by Stash itself. */
import { z } from 'zod';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { FingerprintSubmission } from '../../../core/ports/stash-box.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation } from '../operation.ts';

export const submitFingerprintsMutation = operation<
  types.SubmitFingerprintsMutation,
  types.SubmitFingerprintsMutationVariables
>()({
  document: `mutation SubmitFingerprints($sceneIds: [String!]!, $endpoint: String) {
    submitted: submitStashBoxFingerprints(input: { scene_ids: $sceneIds, stash_box_endpoint: $endpoint })
  }`,
  answer: z.object({ submitted: z.boolean() }).transform(({ submitted }) => submitted),
});

export function createFingerprintSubmission(graphql: Pick<Graphql, 'mutate'>): FingerprintSubmission {
  return {
    async submit(sceneId, endpoint) {
      if (!(await graphql.mutate(submitFingerprintsMutation, { sceneIds: [sceneId], endpoint })))
        throw new StashSenseError(
          'stash-refused',
          message('fingerprints.notTaken', { box: shownBox(endpoint) }),
        );
    },
  };
}
